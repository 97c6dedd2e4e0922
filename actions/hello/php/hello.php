<?php
function main(array $args): array
{
    $start = (int) (microtime(true) * 1000);
    return ["greeting" => "Hello, " . ($args["name"] ?? "stranger") . "!", "start" => $start];
}
