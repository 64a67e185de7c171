"""The process that crawls, with all that Scrapy imports when it begins to crawl.

`kerasgan.wikiart.scraper.crawl` alone would import half of it in each process.
"""

import os
import resource

import protego  # noqa: F401
import tldextract  # noqa: F401
from PIL import Image
from scrapy.settings import default_settings
from scrapy.utils.misc import load_object
from twisted.web import client  # noqa: F401

import kerasgan.wikiart.scraper.robots  # noqa: F401
from kerasgan.wikiart.scraper import crawl

Image.preinit()
for name in (
    *default_settings.EXTENSIONS_BASE,
    *default_settings.DOWNLOADER_MIDDLEWARES_BASE,
    *default_settings.SPIDER_MIDDLEWARES_BASE,
    default_settings.DOWNLOAD_HANDLERS_BASE["http"],
):
    load_object(name)


def forked_crawl(commands, output, environment, largest):
    """Does the job that it reads from `commands`, and can write no file of more bytes."""
    os.environ.update(environment)
    os.dup2(commands.fileno(), 0)
    os.dup2(output.fileno(), 1)
    commands.close()
    output.close()
    if largest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    crawl.main()
