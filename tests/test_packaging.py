import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROGRAM = """
import setuptools
from distutils.core import run_setup
print(*run_setup("setup.py", stop_after="init").packages)
"""


def test_every_package_is_in_the_wheel():
    if not (ROOT / "setup.py").is_file():
        pytest.skip("the package was installed from a wheel")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    folders = {file.parent.relative_to(ROOT) for file in ROOT.glob("kerasgan/**/*.py")}
    found = [".".join(folder.parts) for folder in folders]
    # The zoo's folder stands beside the package in a checkout and inside it in a wheel.
    assert sorted(done.stdout.split()) == sorted([*found, "kerasgan.zoo.models"])
