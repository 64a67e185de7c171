import shutil
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


def test_every_tracked_file_is_in_the_source_distribution(tmp_path):
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("needs the repository")
    build = [sys.executable, "-W", "ignore", "setup.py", "-q", "egg_info", "--egg-base", tmp_path]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    listed = (tmp_path / "kerasgan.egg-info" / "SOURCES.txt").read_text("utf-8").splitlines()
    command = ["git", "ls-files", "-z"]
    tracked = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    # What only the repository needs: its services and its hooks.
    expected = {name for name in tracked.split("\0") if name and not name.startswith(".")}
    assert sorted(expected - set(listed)) == []
