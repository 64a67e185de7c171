"""Programs in processes of their own, without the seconds that importing TensorFlow takes.

One process imports TensorFlow, and each program runs in a fork of it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import kerasgan

_SERVER = """
import gc, json, os, signal, sys, tempfile, traceback

gc.disable()
import numpy, tensorflow

# What is imported stays in pages that the forks share, and none of them looks for garbage in it.
gc.enable()
gc.collect()
gc.freeze()
sys.path[0] = os.getcwd()


def run(job):
    os.chdir(job["folder"])
    os.environ.clear()
    os.environ.update(job["environment"])
    sys.argv[1:] = job["arguments"]
    for name in job["without"]:
        for loaded in [name, *(each for each in sys.modules if each.startswith(name + "."))]:
            sys.modules[loaded] = None  # importing it fails
    try:
        exec(job["program"], {"__name__": "__main__"})
        return 0
    except SystemExit as request:
        return request.code or 0
    except BaseException:
        traceback.print_exc()
        return 1


answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
for line in sys.stdin:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            job = json.loads(line)
            signal.alarm(job["seconds"])  # which ends it, if it hangs
            sys.exit(run(job))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        printed = []
        for file in (out, err):
            file.seek(0)
            printed.append(file.read().decode(errors="backslashreplace"))
    print(json.dumps([code, *printed]), file=answers, flush=True)
"""


@pytest.fixture(scope="session")
def fresh_process():
    """Runs a program in a process of its own, in which nothing but TensorFlow is imported yet.

    Its arguments are `sys.argv[1:]`; packages that are named by `without` cannot be imported there.
    It is ended after some seconds. Returns what `subprocess.run` does.
    """
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(kerasgan.__file__).parents[1],
    )

    def run(program, *arguments, without=(), seconds=120):
        job = {
            "program": program,
            "arguments": [*map(str, arguments)],
            "folder": str(Path.cwd()),
            "environment": dict(os.environ),
            "without": without,
            "seconds": seconds,
        }
        server.stdin.write(json.dumps(job) + "\n")
        server.stdin.flush()
        answer = server.stdout.readline()
        assert answer, f"the server ended with {server.wait()}"
        return subprocess.CompletedProcess(program, *json.loads(answer))

    yield run
    server.stdin.close()
    server.wait()
    server.stdout.close()


@pytest.fixture(scope="session")
def plain_tensorflow(fresh_process):
    """Runs a program, with arguments in `sys.argv[1:]`, where there is TensorFlow alone."""

    def run(program, *arguments):
        done = fresh_process(program, *arguments, without=["kerasgan", "keras"])
        assert done.returncode == 0, done.stderr

    return run
