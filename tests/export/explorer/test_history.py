"""The page's address, and the browser's Back."""

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
