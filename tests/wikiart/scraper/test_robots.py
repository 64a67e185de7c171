"""What robots.txt allows, and how fast."""

import asyncio
import itertools
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from scrapy.statscollectors import MemoryStatsCollector

from kerasgan.wikiart.scraper.dropped import NoRobotsError
from kerasgan.wikiart.scraper.images import ImageStore
from kerasgan.wikiart.scraper.job import Job, scrapy_settings
from kerasgan.wikiart.scraper.middlewares import OnSite
from kerasgan.wikiart.scraper.page import Entry, Page
from kerasgan.wikiart.scraper.report import make_report
from kerasgan.wikiart.scraper.robots import Robots, Throttle
from kerasgan.wikiart.scraper.site import Listing, Site
from kerasgan.wikiart.scraper.spider import PaintingSpider
from kerasgan.wikiart.scraper.state import State
from tests.wikiart.fake_site import forbidden, missing, redirect, reply, reset, truncated


def unavailable(handler):
    reply(handler, b"User-agent: *\nAllow: /\n", "text/plain", status=503)


def not_modified(handler):
    reply(handler, b"", status=304)


def too_many(handler):
    reply(handler, b"User-agent: *\nAllow: /\n", "text/plain", status=429)


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (unavailable, "HTTP 503"),
        (not_modified, "HTTP 304"),
        (forbidden, "HTTP 403"),
        (too_many, "HTTP 429"),
        (redirect("http://localhost:9/robots.txt"), "redirect off the site"),
        (reset, "connection lost"),
        (truncated, "truncated"),
        ("stall", "timed out"),
    ],
)
def test_a_site_whose_robots_txt_cannot_be_read_is_left_alone(site, scraped, problem, reason):
    site.add(0, "genre/marina")
    site.faults["/robots.txt"] = [site.stall if problem == "stall" else problem] * 99
    report = scraped(genres=["marina"], timeout=0.3 if problem == "stall" else 60.0)
    host = site.url.removeprefix("http://")
    assert report.stopped == (
        f"robots.txt of {host} cannot be read ({reason}), so nothing may be fetched there"
    )
    assert {path for _, path, _ in site.requests} == {"/robots.txt"}
    # The page is not lost: the same command reads it when it may.
    assert [row.lost_pages for row in report.listings] == [0]

    if problem is forbidden:
        site.faults.clear()
        report = scraped(genres=["marina"])
        assert (report.is_complete, report.stored) == (True, 1)


def test_a_site_that_is_not_there_is_said_in_one_line(scraped):
    report = scraped(genres=["marina"], base_url="http://127.0.0.1:9")
    assert report.stopped.startswith("robots.txt of 127.0.0.1:9 cannot be read (no connection)")


def test_without_a_robots_txt_all_is_allowed(site, scraped):
    site.add(0, "genre/marina")
    site.faults["/robots.txt"] = [missing] * 99
    assert scraped(genres=["marina"]).stored == 1


def test_a_robots_txt_that_comes_late_or_from_elsewhere_on_the_site_is_obeyed(site, scraped):
    for number in range(2):
        path = site.add(number, "genre/marina")
    site.images["/rules.txt"] = f"User-agent: *\nDisallow: {path}\n".encode()
    site.faults["/robots.txt"] = [unavailable, redirect(f"{site.url}/rules.txt")]
    report = scraped(genres=["marina"])
    assert report.stored == 1
    assert site.fetched()[path] == 0


def test_the_first_page_waits_after_robots_txt_and_no_request_is_faster_than_crawl_delay(
    site, scraped
):
    site.robots = "User-agent: *\nCrawl-delay: 9\n\nUser-agent: kerasgan\nCrawl-delay: 1\n"
    site.add(0, "genre/marina")
    assert scraped(genres=["marina"]).stored == 1
    times = [time for time, _, _ in site.requests]
    assert len(times) == 4
    # A second, less what a busy machine may be late in noting the request before.
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) > 0.5


@pytest.fixture
def crawler(tmp_path):
    def make(delay=1.0):
        job = Job(
            "out", ("genre:marina",), False, None, delay, 1.0, None, "http://a.b", "kg/1 (+x)"
        )
        crawler = SimpleNamespace(settings=Settings(scrapy_settings(job, tmp_path)))
        crawler.spider = SimpleNamespace(site=Site("http://a.b"), reasons=[])
        crawler.spider.stop = crawler.spider.reasons.append
        crawler.signals = SignalManager(crawler)
        crawler.stats = MemoryStatsCollector(SimpleNamespace(settings=crawler.settings))
        downloader = SimpleNamespace(_delay=0.0, slots={"site": Slot(1, delay, 0.0)})
        crawler.engine = SimpleNamespace(downloader=downloader)
        return crawler

    return make


def delay_after(crawler, robots, latency=0.0):
    """The delay of the slot once robots.txt and an answer after so many seconds have come."""
    throttle = Throttle.from_crawler(crawler)
    throttle._spider_opened(crawler.spider)
    throttle._robots_parsed(ProtegoRobotParser(robots, None))
    request = Request("http://a.b/c", meta={"download_slot": "site", "download_latency": latency})
    for _ in range(9):
        throttle._response_downloaded(Response(request.url), request, crawler.spider)
    return crawler.engine.downloader.slots["site"].delay


@pytest.mark.parametrize(
    ("own", "asked", "latency", "expected"),
    [
        (1.0, b"Crawl-delay: 5", 0.0, 5.0),
        (1.0, b"Crawl-delay: 90", 0.0, 90.0),
        (1.0, b"Crawl-delay: 0.1", 0.0, 1.0),
        (90.0, b"", 0.0, 90.0),
        (1.0, b"Crawl-delay: 5", 20.0, 20.0),
        (1.0, b"Crawl-delay: nan\nCrawl-delay: -1\nCrawl-delay: 1e999\nCrawl-delay:", 0.0, 1.0),
    ],
)
def test_of_the_own_delay_and_crawl_delay_the_longer_holds(crawler, own, asked, latency, expected):
    robots = b"User-agent: *\n" + asked
    assert delay_after(crawler(own), robots, latency) == pytest.approx(expected, rel=0.01)


def test_a_crawl_delay_of_more_than_an_hour_stops_the_crawl(crawler):
    crawler = crawler()
    delay_after(crawler, b"User-agent: *\nCrawl-delay: 7200\n")
    assert crawler.spider.reasons == ["robots.txt asks for 2.0 hours between pages"]


def test_requests_to_all_hosts_of_the_site_share_one_queue(crawler):
    on_site = OnSite.from_crawler(crawler())
    for url in ("http://a.b/robots.txt", "http://uploads1.a.b/c.jpg"):
        request = Request(url)
        on_site.process_request(request)
        assert request.meta["download_slot"] == "site"


def test_each_host_has_its_own_rules(crawler):
    crawler = crawler()
    answers = {
        "http://a.b/robots.txt": Response(
            "http://a.b/robots.txt", body=b"User-agent: *\nDisallow:"
        ),
        "http://u.a.b/robots.txt": Response("http://u.a.b/robots.txt", status=500),
    }

    async def download_async(request):
        return answers[request.url]

    crawler.engine.download_async = download_async
    robots = Robots.from_crawler(crawler)
    asyncio.run(robots.process_request(Request("http://a.b/c")))
    for _ in range(2):
        with pytest.raises(NoRobotsError, match=r"u\.a\.b .*HTTP 500"):
            asyncio.run(robots.process_request(Request("http://u.a.b/c.jpg")))
    assert crawler.stats.get_value("robotstxt/request_count") == 2


def test_images_of_a_host_without_rules_are_lost_by_name_and_the_crawl_goes_on(tmp_path):
    state = State(tmp_path / "state.sqlite")
    marina = Listing("genre", "marina")
    state.begin("a", [marina])
    paintings = [Entry(key, "T", "A", "a", None, f"/{key}.jpg") for key in ("1", "2")]
    state.add_page(marina, 1, Page(tuple(paintings), (), 2))
    job = Job("out", ("genre:marina",), False, None, 1.0, 1.0, None, "http://a.b", "kg/1")
    spider = PaintingSpider(job, state, ImageStore(tmp_path, tmp_path), lambda *_: None)
    request = Request("http://u.a.b/1.jpg", cb_kwargs={"painting": "1"}, meta={"subject": "1"})
    failure = SimpleNamespace(request=request, value=NoRobotsError("robots.txt of u.a.b cannot"))
    (following,) = spider._lose(failure)
    assert following.url == "http://a.b/2.jpg"
    assert spider.stopped is None
    assert state.ids("lost") == {"1"}
    (problem,) = make_report(state, tmp_path).problems
    assert (problem.kind, problem.lost) == ("robots.txt cannot be read", 1)
    assert problem.examples == ("1: robots.txt of u.a.b cannot",)
    state.close()
