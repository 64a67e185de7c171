"""Addresses, and the listings that can be asked for."""

import pytest

from kerasgan.errors import UserError
from kerasgan.wikiart.scraper.site import GENRES, STYLES, Listing, Site, choose_listings


@pytest.mark.parametrize(
    ("base_url", "url", "is_allowed"),
    [
        ("https://www.wikiart.org", "https://www.wikiart.org/en", True),
        ("https://www.wikiart.org", "https://use2-uploads8.wikiart.org/images/a.jpg", True),
        ("https://www.wikiart.org", "http://uploads1.wikiart.org/images/a.jpg", True),
        ("https://www.wikiart.org", "https://uploads1.wikiart.org:8080/a.jpg", False),
        ("https://www.wikiart.org", "https://wikiart.org.example.com/a.jpg", False),
        ("https://www.wikiart.org", "https://notwikiart.org/a.jpg", False),
        ("https://www.wikiart.org", "https://wikiart.org@example.com/a.jpg", False),
        ("https://www.wikiart.org", "ftp://www.wikiart.org/a.jpg", False),
        ("https://www.wikiart.org", "file:///etc/passwd", False),
        ("https://www.wikiart.org", "https://[/a.jpg", False),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/a.jpg", True),
        ("http://127.0.0.1:8000", "http://127.0.0.1:9000/a.jpg", False),
        ("http://127.0.0.1:8000", "https://www.wikiart.org/a.jpg", False),
    ],
)
def test_what_belongs_to_the_site(base_url, url, is_allowed):
    assert Site(base_url).allows(url) is is_allowed


@pytest.mark.parametrize(
    ("image", "url"),
    [
        ("https://u.wikiart.org/images/a/b.jpg!Large.jpg", "https://u.wikiart.org/images/a/b.jpg"),
        (
            "https://u.wikiart.org/00142/images/a/b.jpg",
            "https://u.wikiart.org/00142/images/a/b.jpg",
        ),
        ("https://u.wikiart.org/a!/b.png!HD.png?x=1#y", "https://u.wikiart.org/a!/b.png"),
        ("https://u.wikiart.org/a/caf%C3%A9.jpg!Blog.jpg", "https://u.wikiart.org/a/caf%C3%A9.jpg"),
        ("//u.wikiart.org/b.jpg", "https://u.wikiart.org/b.jpg"),
        ("/images/b.jpg", "https://www.wikiart.org/images/b.jpg"),
    ],
)
def test_size_suffixes_are_stripped(image, url):
    assert Site().image_url(image) == url


def test_listing_addresses():
    site = Site("http://mirror.example/")
    query = "?json=2&layout=new&page=3&resultType=masonry"
    for listing, path in (
        (Listing("genre", "marina"), "paintings-by-genre/marina"),
        (Listing("style", "ukiyo-e"), "paintings-by-style/ukiyo-e"),
        (Listing("artist", "claude-monet"), "claude-monet/mode/all-paintings"),
    ):
        assert site.listing_url(listing) == f"http://mirror.example/en/{path}"
        assert site.listing_url(listing, 3) == f"http://mirror.example/en/{path}{query}"


@pytest.mark.parametrize(
    "base_url", ["wikiart.org", "ftp://a", "http://", "http://a:b", "http://["]
)
def test_a_base_url_that_is_none_is_refused(base_url):
    with pytest.raises(UserError, match="base_url="):
        Site(base_url)


def test_all_genres_and_styles_can_be_asked_for_at_once():
    listings = choose_listings(["marina", "all"], ["all"], ["Claude Monet", "M.C. Escher", "Dürer"])
    assert len(listings) == 14 + 27 + 3
    assert {listing.slug for listing in listings if listing.kind == "genre"} == set(GENRES)
    assert {listing.slug for listing in listings if listing.kind == "style"} == set(STYLES)
    assert [listing.slug for listing in listings[-3:]] == ["claude-monet", "m-c-escher", "durer"]


def test_one_name_is_not_read_letter_by_letter():
    assert [listing.slug for listing in choose_listings("all", (), ())] == list(GENRES)
    (listing,) = choose_listings((), (), "Claude Monet")
    assert listing == Listing("artist", "claude-monet")
