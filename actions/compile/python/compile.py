"""A compiler as functions: compile makes an object of one C file, link makes a program of objects."""
import base64
import os
import subprocess
import tempfile


def _run(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr[:500]}")


def _write(folder, name, content):
    path = os.path.join(folder, os.path.basename(name))
    with open(path, "wb") as file:
        file.write(content)


def main(args):
    """{name, source, headers: {name: text}} to {name, object}: objects are base64."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in args.get("headers", {}).items():
            _write(folder, name, text.encode())
        _write(folder, args["name"], args["source"].encode())
        _run(["gcc", "-O2", "-c", os.path.basename(args["name"]), "-o", "out.o"], folder)
        with open(os.path.join(folder, "out.o"), "rb") as file:
            return {"name": args["name"], "object": base64.b64encode(file.read()).decode()}


def link(args):
    """{objects: {name: base64}} to {program, size}: the program is stripped, base64."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for name, content in sorted(args["objects"].items()):
            names.append(os.path.basename(name) + ".o")
            _write(folder, names[-1], base64.b64decode(content))
        _run(["gcc", "-s", "-o", "program", *names], folder)
        with open(os.path.join(folder, "program"), "rb") as file:
            program = file.read()
        return {"program": base64.b64encode(program).decode(), "size": len(program)}
