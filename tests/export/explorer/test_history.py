"""The page's address, and the browser's Back."""

from tests.export.explorer.browser import Browsing

PAINTER = "model=painter&seed=7&count=4"


def _open(served):
    return served.page.is_visible("#studio[open]")


def _wait_for(served, name, value):
    """Waits until a field of the address has a value; it is written once the page is at rest."""
    served.page.wait_for_function(
        "([name, value]) => new URLSearchParams(location.hash.slice(1)).get(name) === value",
        arg=[name, value],
    )


def test_back_closes_a_picture_and_leaves_the_gallery_as_it_was(served):
    served.go(PAINTER)
    served.page.evaluate("() => { window.first = document.querySelector('#grid canvas'); }")
    served.page.click("#grid .picture >> nth=1")
    assert _open(served)
    _wait_for(served, "open", "7:1")
    served.page.keyboard.press("ArrowRight")
    served.page.go_back()
    served.page.wait_for_selector("#studio[open]", state="detached")
    _wait_for(served, "open", None)
    assert served.page.evaluate("document.querySelector('#grid canvas') === window.first")
    # Closing it by hand leaves no step behind, also where another one is opened at once.
    steps = served.page.evaluate("history.length")
    for number in (2, 3):
        served.page.click(f"#grid .picture >> nth={number}")
        served.page.click("#close")
    served.page.evaluate("explorer.studio.open(explorer.gallery.pictures[0])")
    _wait_for(served, "open", "7:0")
    assert _open(served)
    assert served.page.evaluate("history.length") == steps
    served.page.keyboard.press("Escape")
    served.page.wait_for_selector("#studio[open]", state="detached")
    _wait_for(served, "open", None)
    served.page.go_forward()
    served.page.wait_for_selector("#studio[open]")
    served.page.go_back()
    served.page.wait_for_selector("#studio[open]", state="detached")


def test_the_open_tab_is_in_the_address_and_back_returns_to_the_one_before(served):
    served.go(PAINTER)
    served.page.click("nav >> text=Favourites")
    _wait_for(served, "tab", "favourites")
    served.page.click("nav >> text=Encode")
    _wait_for(served, "tab", "encode")
    link = served.page.evaluate("location.hash")
    served.page.go_back()
    served.page.wait_for_selector("section[data-view=favourites]:visible")
    served.page.go_back()
    served.page.wait_for_selector("section[data-view=pictures]:visible")
    served.page.evaluate("link => explorer.go(link)", link)
    assert served.page.is_visible("#pad") and served.page.is_hidden("#grid")
    served.page.evaluate("explorer.go('model=conditional&seed=7&count=1&tab=encode')")
    served.page.wait_for_selector("#grid:visible")


def test_what_a_link_claims_beyond_what_the_page_writes_is_not_taken(served):
    served.go(PAINTER)
    opened = served.page.evaluate(
        """async () => {
          const [picture] = explorer.gallery.pictures;
          const found = [];
          for (const expression of [
            'slerp(A, B, 0.25) with A=7:0, B=-3:12',
            'lerp(A, B, 0.5) with A=1:0, --out=elsewhere',
            'nothing',
          ]) {
            explorer.studio.open({...picture, origin: null, expression});
            await new Promise((done) => setTimeout(done, 400));
            await explorer.go(location.hash);
            found.push(explorer.studio.picture.expression ?? null);
          }
          return found;
        }"""
    )
    assert opened == ["slerp(A, B, 0.25) with A=7:0, B=-3:12", None, None]
    for open_ in ("7:", "7:1.5", "7:2000000", "7:-1"):
        served.go(f"{PAINTER}&open={open_}")
        assert not _open(served)


def test_a_frame_makes_no_step_that_the_page_around_it_would_undo(chromium, server):
    with Browsing(chromium) as browsing:
        browsing.page.goto(server.url)
        browsing.page.evaluate(
            "document.body.innerHTML = '<iframe src=\"/#model=painter&seed=7&count=4\"></iframe>'"
        )
        browsing.page.wait_for_function("frames[0]?.explorer?.opened")
        frame = browsing.page.frames[-1]
        steps = frame.evaluate("history.length")
        frame.evaluate("explorer.studio.open(explorer.gallery.pictures[1])")
        frame.wait_for_function("location.hash.includes('open=7%3A1')")
        frame.evaluate("explorer.studio.leave()")
        frame.wait_for_function("!location.hash.includes('open=')")
        assert frame.evaluate("history.length") == steps
