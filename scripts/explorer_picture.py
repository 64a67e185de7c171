#!/usr/bin/env python3
"""Takes the README's picture of the explorer's page; needs Playwright and a Chromium.

The page is that of `kerasgan explore MODEL`, with the first pictures of a seed and some favourites.
"""

import argparse
import shutil
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

from kerasgan.export.explorer.page import site_files
from kerasgan.export.explorer.server import PageServer
from kerasgan.zoo.page_models import page_model

_PICTURE = Path(__file__).resolve().parents[1] / "pictures" / "explore.jpg"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_VIEWPORT = {"width": 1200, "height": 720}
_QUALITY = 85
_MINUTE = 60_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="pokemon_fastgan")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--favourites", type=int, nargs="*", default=[2, 10, 14, 26])
    parser.add_argument("--out", type=Path, default=_PICTURE)
    options = parser.parse_args()
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        sys.exit("No Chromium is found; install one, such as Debian's package chromium")

    files = site_files([page_model(options.model)])
    with PageServer(files, port=0) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # Root, as in containers, cannot have Chromium's sandbox.
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(viewport=_VIEWPORT, color_scheme="light", reduced_motion="reduce")
        page.set_default_timeout(_MINUTE)
        page.goto(f"{server.url}#seed={options.seed}")
        page.evaluate("explorer.started")
        page.evaluate(
            "all => all.forEach((n) => explorer.favourites.toggle(explorer.gallery.pictures[n]))",
            options.favourites,
        )
        page.wait_for_selector("#grid :is(.waiting, .empty)", state="detached")
        page.screenshot(path=options.out, type="jpeg", quality=_QUALITY)
        chromium.close()
        server.shutdown()
    print(f"{options.out.stat().st_size:,} bytes  {options.out}")


if __name__ == "__main__":
    main()
