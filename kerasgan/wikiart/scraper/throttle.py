"""How fast the crawl is."""

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle
from scrapy.robotstxt import RobotParser

from kerasgan.wikiart.scraper.middlewares import LONGEST_WAIT


class Throttle(AutoThrottle):
    """Scrapy's, which also keeps to the `Crawl-delay` of robots.txt where that is the longer.

    Of several hosts' the longest counts. If it is more than an hour, the crawl is stopped.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        crawler.signals.connect(self._robots_parsed, signals.robots_parsed)

    def _robots_parsed(self, robotparser: RobotParser) -> None:
        delay = robotparser.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"]) or 0.0
        if delay > LONGEST_WAIT:
            self.crawler.spider.stop(f"robots.txt asks for {delay / 3600:.1f} hours between pages")
            return
        self.mindelay = max(self.mindelay, delay)
        self.maxdelay = max(self.maxdelay, self.mindelay)
        downloader = self.crawler.engine.downloader
        downloader._delay = max(downloader._delay, self.mindelay)
        for slot in downloader.slots.values():
            slot.delay = max(slot.delay, self.mindelay)
