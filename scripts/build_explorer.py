#!/usr/bin/env python3
"""Builds the page of `kerasgan explore` from its sources; needs Node.js with npm.

The sources are in kerasgan/export/explorer/web. The page, the worker and LiteRT's WebAssembly go to
kerasgan/export/explorer/bundle, which is committed, so that nobody else needs Node.js. What is
bundled is pinned in scripts/explorer/package-lock.json.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_PINNED = _HERE / "explorer"
_EXPLORER = _HERE.parent / "kerasgan" / "export" / "explorer"
_WEB, _BUNDLE = _EXPLORER / "web", _EXPLORER / "bundle"
_MODULES = _PINNED / "node_modules"
# The one for browsers without relaxed SIMD, which are a few years older.
_LITERT = _MODULES / "@litertjs" / "core" / "wasm" / "litert_wasm_compat_internal"


def main() -> None:
    if shutil.which("npm") is None:
        sys.exit("npm is not installed; get Node.js 20 or later from https://nodejs.org")
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=_PINNED, check=True
    )
    _BUNDLE.mkdir(exist_ok=True)

    page = (_WEB / "index.html").read_text()
    for mark, text in (
        ("/* style.css */", _esbuild(_WEB / "style.css", "--minify")),
        ("/* page.js */", _bundled("page.js")),
    ):
        if page.count(mark) != 1:
            sys.exit(f"index.html must have {mark} once")
        page = page.replace(mark, text.strip())
    (_BUNDLE / "index.html").write_text(page)

    # LiteRT's loader looks for itself, so it stands before the worker and is not part of it.
    loader = _esbuild(_LITERT.with_suffix(".js"), "--minify-whitespace", "--minify-syntax")
    _write_compressed("worker.js.gz", (loader + _bundled("worker.js")).encode())
    _write_compressed("litert.wasm.gz", _LITERT.with_suffix(".wasm").read_bytes())

    notice = (_PINNED / "NOTICE.txt").read_text().format(packages=_packages())
    licence = (_HERE.parent / "LICENSE").read_text()
    (_BUNDLE / "LICENSES.txt").write_text(notice + licence)

    sources = sorted(path for path in _WEB.iterdir() if path.is_file())
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sources}
    (_BUNDLE / "sources.json").write_text(json.dumps(sums, indent=1) + "\n")
    for path in sorted(_BUNDLE.iterdir()):
        print(f"{path.stat().st_size:>9,}  {path.name}")


def _packages() -> str:
    """Returns a line for each package that is bundled; all are under the Apache License."""
    locked = json.loads((_PINNED / "package-lock.json").read_text())["packages"]
    lines = []
    for path, package in locked.items():
        if path.startswith("node_modules/@litertjs/"):
            about = json.loads((_PINNED / path / "package.json").read_text())
            if about["license"] != "Apache-2.0":
                sys.exit(f"{path} has another licence now: {about['license']}")
            lines.append(f"  {about['name']} {package['version']}  {about['license']}")
    return "\n".join(lines)


def _bundled(name: str) -> str:
    return _esbuild(_WEB / name, "--bundle", "--minify", "--format=iife", "--target=es2022")


def _esbuild(path: Path, *options: str) -> str:
    program = _MODULES / ".bin" / "esbuild"
    command = [program, path, "--charset=utf8", "--legal-comments=none", *options]
    environment = {**os.environ, "NODE_PATH": str(_MODULES)}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return done.stdout


def _write_compressed(name: str, contents: bytes) -> None:
    # Without the time, so that the same contents give the same file.
    (_BUNDLE / name).write_bytes(gzip.compress(contents, 9, mtime=0))


if __name__ == "__main__":
    main()
