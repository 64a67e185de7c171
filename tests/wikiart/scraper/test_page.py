"""Reading one page of a listing."""

import json

import pytest

from kerasgan.wikiart.scraper.page import PageError, parse_page

# As public scrapers' notes show the site's answer.
RECORDED = {
    "ArtistsHtml": None,
    "CanLoadMoreArtists": False,
    "Paintings": [
        {
            "id": "577271cfedc2cb3880c2de61",
            "title": "Winter in Kursk",
            "year": "1916",
            "width": 634,
            "height": 750,
            "artistName": "Aleksandr Deyneka",
            "image": "https://use2-uploads8.wikiart.org/images/aleksandr-deyneka/winter.jpg",
            "map": "0123**67*",
            "paintingUrl": "/en/aleksandr-deyneka/winter-in-kursk-1916",
            "artistUrl": "/en/aleksandr-deyneka",
            "albums": None,
            "flags": 2,
            "images": None,
        }
    ],
    "Artists": None,
    "AllArtistsCount": 0,
    "PaintingsHtml": None,
    "PaintingsHtmlBeta": None,
    "AllPaintingsCount": 512,
    "PageSize": 60,
    "TimeLog": None,
}


def parsed(**changes):
    return parse_page(json.dumps({**RECORDED, **changes}).encode())


def entry(**changes):
    return {**RECORDED["Paintings"][0], **changes}


def test_recorded_page():
    page = parsed()
    (painting,) = page.entries
    assert (painting.id, painting.title) == ("577271cfedc2cb3880c2de61", "Winter in Kursk")
    assert (painting.artist, painting.artist_slug) == ("Aleksandr Deyneka", "aleksandr-deyneka")
    assert painting.year == "1916"
    assert painting.image.endswith("/winter.jpg")
    assert not painting.is_placeholder
    assert (page.total, page.problems, page.is_empty) == (512, (), False)


@pytest.mark.parametrize("nothing", [None, []])
def test_page_past_the_end_is_empty(nothing):
    assert parsed(Paintings=nothing).is_empty


def test_missing_title_artist_and_year_are_no_fault():
    (painting,) = parsed(Paintings=[{"id": 12, "image": "a.jpg", "year": ""}]).entries
    assert (painting.id, painting.title, painting.artist, painting.year) == ("12", "", "", None)


def test_placeholder_is_known_by_its_name():
    image = "https://uploads.wikiart.org/Content/images/FRAME-600x480.jpg!Large.jpg"
    (painting,) = parsed(Paintings=[entry(image=image)]).entries
    assert painting.is_placeholder


def test_entries_without_id_or_image_are_faults_among_others():
    page = parsed(Paintings=[entry(), entry(id=None), entry(image=""), 7])
    assert len(page.entries) == 1
    assert [problem.kind for problem in page.problems] == ["entry not understood"] * 3
    assert [problem.subject for problem in page.problems] == [f"page, entry {n}" for n in (2, 3, 4)]


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (b"<!DOCTYPE html><html>", "not JSON", "'<!DOCTYPE html><html>'"),
        (b"", "not JSON", "''"),
        (b"\xff\xfe{}", "not JSON", r"\{\}"),
        (b"[" * 100_000, "not JSON", r"\[\["),
        (b"[]", "page not understood", "list"),
        (b"{}", "page not understood", "empty"),
        (b'{"Artists": []}', "page not understood", "Artists"),
        (b'{"Paintings": {}, "AllPaintingsCount": 1}', "page not understood", "Paintings"),
        (
            b'{"Paintings": [], "AllPaintingsCount": "9"}',
            "page not understood",
            "AllPaintingsCount.*'9'",
        ),
        (b'{"Paintings": []}', "page not understood", "AllPaintingsCount.*None"),
        (
            b'{"Paintings": [{"Id": 1}, {"Id": 2}], "AllPaintingsCount": 2}',
            "page not understood",
            "2 entries",
        ),
    ],
)
def test_another_shape_is_an_error_that_says_what_came(body, kind, message):
    with pytest.raises(PageError, match=message) as raised:
        parse_page(body)
    assert raised.value.kind == kind
