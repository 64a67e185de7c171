"""Waiting for as long as the server asks."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from scrapy.statscollectors import MemoryStatsCollector

from kerasgan.wikiart.scraper.dropped import StoppedError
from kerasgan.wikiart.scraper.job import Job, scrapy_settings
from kerasgan.wikiart.scraper.middlewares import Patience

JOB = Job("out", ("genre:marina",), False, None, 0.0, 1.0, None, "http://a.b", "kerasgan/1")


@pytest.fixture
def patience(tmp_path):
    spider = SimpleNamespace(stopping=asyncio.Event(), reasons=[], count_problem=lambda *_: None)
    spider.stop = spider.reasons.append
    crawler = SimpleNamespace(spider=spider, settings=Settings(scrapy_settings(JOB, tmp_path)))
    crawler.signals = SignalManager(crawler)
    crawler.stats = MemoryStatsCollector(SimpleNamespace(settings=crawler.settings))
    spider.crawler = crawler
    return Patience.from_crawler(crawler)


def answer(patience, retry_after, status=429):
    request = Request("http://a.b/c")
    response = Response(request.url, status=status, headers={"Retry-After": retry_after})
    return patience.process_response(request, response)


def waits(patience, seconds=0.05):
    """Whether the next request is held back, at least for a while."""

    async def send():
        try:
            await asyncio.wait_for(patience.process_request(Request("http://a.b/d")), seconds)
        except TimeoutError:
            return True
        return False

    return asyncio.run(send())


@pytest.mark.parametrize("status", [429, 503, 200])
def test_seconds_are_waited_whatever_the_status(patience, status):
    assert not waits(patience)
    answer(patience, "60", status)
    assert waits(patience)


def test_dates_are_waited_for(patience):
    answer(patience, format_datetime(datetime.now(UTC) - timedelta(minutes=1), usegmt=True))
    assert not waits(patience)
    answer(patience, format_datetime(datetime.now(UTC) + timedelta(minutes=1), usegmt=True))
    assert waits(patience)


@pytest.mark.parametrize("nonsense", ["", "soon", "-5", "1e9", "²"])
def test_nonsense_is_not_waited_for(patience, nonsense):
    answer(patience, nonsense)
    assert not waits(patience)


def test_more_than_an_hour_stops_the_crawl(patience):
    answer(patience, "7200")
    assert patience.crawler.spider.reasons == ["the site asks to wait for 2.0 hours"]


def test_a_stop_ends_the_wait(patience):
    answer(patience, "60")
    patience.crawler.spider.stopping.set()
    with pytest.raises(StoppedError):
        asyncio.run(patience.process_request(Request("http://a.b/d")))
