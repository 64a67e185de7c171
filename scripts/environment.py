"""Sets up the virtual environment that the scripts run in; needs nothing but Python 3.11+.

`.venv` in the checkout is made once and used again. It is brought up to date when the package's
metadata changes.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
_ENVIRONMENT = CHECKOUT / ".venv"
_PYTHON = _ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run_inside(extras: str = "") -> None:
    """Restarts the running script inside the environment, with `kerasgan[extras]` installed.

    Returns at once if the script runs there already.
    """
    if Path(sys.prefix).resolve() == _ENVIRONMENT.resolve():
        return
    if sys.version_info < (3, 11):
        sys.exit(f"kerasgan needs Python 3.11 or later; this is {sys.version.split()[0]}")
    _install(extras)
    # A process and not exec, which on Windows would return to the shell too early.
    script = [str(_PYTHON), str(Path(sys.argv[0]).resolve()), *sys.argv[1:]]
    sys.exit(subprocess.call(script))


def _install(extras: str) -> None:
    files = ("setup.cfg", "setup.py", "pyproject.toml")
    metadata = b"".join((CHECKOUT / name).read_bytes() for name in files)
    wanted = f"{hashlib.sha256(metadata).hexdigest()} {sys.version_info[:2]}"
    mark = _ENVIRONMENT / f"installed-{extras or 'plain'}"
    if _PYTHON.exists() and mark.exists() and mark.read_text() == wanted:
        return
    print(f"Setting up {_ENVIRONMENT} (about a minute, once) ...", flush=True)
    try:
        subprocess.run([sys.executable, "-m", "venv", str(_ENVIRONMENT)], check=True)
        requirement = f"{CHECKOUT}[{extras}]" if extras else str(CHECKOUT)
        pip = [str(_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--editable", requirement], check=True)
    except subprocess.CalledProcessError as error:
        sys.exit(f"Setting up failed: {' '.join(map(str, error.cmd))} gave {error.returncode}")
    mark.write_text(wanted)
