<?php
// Runs one PHP action over ActionLoop: php launcher.php <folder> <main>
// All is in one function, and its names are long: the action's own names are global, and must find these free.

function launcher_of_action(string $folder, string $main): void
{
    $out = fopen('php://fd/3', 'wb');
    $say = function (string $text) use ($out): void {
        $line = $text . "\n";
        // A pipe takes what it has room for.
        for ($at = 0; $at < strlen($line); $at += $written) {
            $written = fwrite($out, substr($line, $at, 65536));
            if ($written === false) {
                exit(1);
            }
        }
        fflush($out);
    };
    $fault = function (string $reason) use ($say): void {
        fwrite(STDERR, $reason . "\n");
        $say('!' . json_encode($reason, JSON_INVALID_UTF8_SUBSTITUTE));
    };
    try {
        if (!file_exists("$folder/index.php")) {
            throw new RuntimeException('the zip has no index.php at its root');
        }
        foreach (["$folder/vendor/autoload.php", "$folder/index.php"] as $file) {
            if (file_exists($file)) {
                require $file;
            }
        }
        if (!function_exists($main)) {
            throw new RuntimeException("the action has no function '$main'");
        }
    } catch (Throwable $e) {
        $fault(get_class($e) . ': ' . $e->getMessage() . ' in line ' . $e->getLine() . ' of ' . basename($e->getFile()));
        return;
    }
    $say('{"ok":true}');
    while (($line = fgets(STDIN)) !== false) {
        $say(answer_of_action($main, json_decode($line, true)));
    }
}

function answer_of_action(string $main, array $request): string
{
    foreach ($request as $key => $text) {
        if ($key !== 'value') {
            $name = '__OW_' . strtoupper($key);
            putenv("$name=$text");
            $_ENV[$name] = $text;
        }
    }
    try {
        $result = $main($request['value']);
    } catch (Throwable $e) {
        fwrite(STDERR, $e . "\n");
        return 'An error occurred running the action.'; // no JSON, so it is refused, as on OpenWhisk
    }
    if (is_object($result) && method_exists($result, 'getArrayCopy')) {
        $result = $result->getArrayCopy();
    }
    if ($result === null || $result === []) {
        return '{}'; // PHP does not tell an empty object from an empty list
    }
    if (!is_array($result) && !($result instanceof stdClass)) {
        fwrite(STDERR, 'Result must be an array but has type "' . gettype($result) . "\"\n");
    }
    $text = json_encode($result, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
    return $text === false ? 'An error occurred running the action: ' . json_last_error_msg() : $text;
}

launcher_of_action($argv[1], $argv[2]);
