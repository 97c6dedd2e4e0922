# Runs one Python action over ActionLoop: python3 launcher.py <folder> <main>
# Without arguments it was started before it is known what it will run, and its first line says so.
import glob
import importlib.util
import json
import os
import sys
import traceback


def load(folder, main):
    # A package may bring its own libraries in a virtualenv.
    sys.path[0:1] = [folder] + glob.glob(os.path.join(folder, "virtualenv/lib/python*/site-packages"))
    file = os.path.join(folder, "__main__.py")
    if not os.path.exists(file):
        raise FileNotFoundError("the zip has no __main__.py at its root")
    # Not "__main__": code behind the usual guard is meant for the command line.
    spec = importlib.util.spec_from_file_location("main__", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules["main__"] = module
    spec.loader.exec_module(module)
    action = getattr(module, main, None)
    if not callable(action):
        raise AttributeError("the action has no function '%s'" % main)
    return action


def run(action, line):
    request = json.loads(line)
    value = request.pop("value")
    for key, text in request.items():
        os.environ["__OW_" + key.upper()] = text
    try:
        result = action(value)
    except Exception as e:
        traceback.print_exc()
        result = {"error": str(e)}
    # What is no JSON ends the process, as it does on OpenWhisk.
    return json.dumps(result, ensure_ascii=False, separators=(",", ":"))


def say(out, text):
    # Logs first: whoever reads the answer takes what is in the log's pipes for all of it.
    sys.stdout.flush()
    sys.stderr.flush()
    out.write(text.encode("utf-8", "surrogatepass") + b"\n")
    out.flush()


def serve():
    args = sys.argv[1:3]
    with os.fdopen(3, "wb") as out:
        if not args:
            line = sys.stdin.buffer.readline()
            if not line:
                return
            first = json.loads(line)
            args = first["args"]
            os.environ.update(first["env"])
        folder, main = args
        try:
            action = load(folder, main)
        except Exception as e:
            traceback.print_exc()
            return say(out, "!" + json.dumps("%s: %s" % (type(e).__name__, e)))
        say(out, '{"ok":true}')
        for line in sys.stdin.buffer:
            say(out, run(action, line))


serve()
