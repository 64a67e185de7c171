"""TensorFlow without Keras and without the package, as exported models meet it."""

import json
import subprocess
import sys

import pytest

_PROCESS = """
import json, os, sys, traceback
sys.modules["kerasgan"] = sys.modules["keras"] = None  # importing them fails
import numpy, tensorflow
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
for line in sys.stdin:
    program, *sys.argv[1:] = json.loads(line)
    try:
        exec(program, {})
        error = None
    except BaseException:
        error = traceback.format_exc()
    print(json.dumps(error), file=answers, flush=True)
"""


@pytest.fixture(scope="session")
def plain_tensorflow():
    """Runs a program, with arguments in `sys.argv[1:]`, where there is TensorFlow alone.

    All programs run one after the other in one process, because its start takes seconds.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", _PROCESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def run(program, *arguments):
        process.stdin.write(json.dumps([program, *map(str, arguments)]) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        assert answer, f"the process ended with {process.wait()}"
        error = json.loads(answer)
        assert error is None, error

    yield run
    process.stdin.close()
    process.wait()
    process.stdout.close()
