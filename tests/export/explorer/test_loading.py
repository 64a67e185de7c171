from tests.export.explorer.browser import Browsing

LOADING = "document.getElementById('loading').textContent"


def test_the_last_of_several_chosen_models_is_shown_with_the_seed_and_count_of_the_page(
    chromium, server
):
    with Browsing(chromium) as browsing:
        page = browsing.page
        browsing.open(f"{server.url}#model=conditional&seed=7&count=5")
        held, later = [], []
        page.route("**/models/1/*", lambda route: held.append(route))
        page.route("**/models/2/*", lambda route: later.append(route))
        page.evaluate(
            "() => { window.first = explorer.show({...explorer.state, model: 'painter'}); }"
        )
        # While it loads the page says so, keeps the places of its pictures, and draws none.
        assert "painter" in page.evaluate(LOADING) and "MB" in page.evaluate(LOADING)
        assert page.is_disabled("#reroll") and page.is_disabled("#more")
        assert page.get_attribute("#controls", "aria-busy") == "true"
        assert page.locator("#grid li").count() == 5
        box = page.locator("#grid li >> nth=4").bounding_box()
        assert box["width"] == box["height"] > 50
        page.select_option("#model", "modulated")
        page.evaluate("first")
        assert not page.evaluate("explorer.opened") and "modulated" in page.evaluate(LOADING)
        page.unroute("**/models/2/*")
        for route in later + held:
            route.continue_()
        page.wait_for_function("explorer.opened")
        browsing.drawn()
        page.select_option("#model", "conditional")
        page.select_option("#model", "modulated")
        page.wait_for_function("explorer.opened")
        browsing.drawn()
        assert page.input_value("#model") == page.evaluate("explorer.model.name") == "modulated"
        assert page.evaluate(LOADING) == "" and page.input_value("#seed") == "7"
        assert page.locator("#grid canvas").count() == 5
        page.click("#reroll")
        browsing.drawn()
        assert page.locator("#grid canvas").count() == 5 and page.input_value("#seed") != "7"
        assert browsing.complaints == []


def test_what_cannot_be_loaded_is_named_in_a_sentence_and_retry_loads_it(chromium, server):
    with Browsing(chromium) as browsing:
        page = browsing.page
        page.route("**/worker.js.gz", lambda route: route.abort())
        browsing.open(f"{server.url}#model=conditional&seed=7&count=2")
        trouble = page.inner_text("#trouble-text")
        assert "conditional cannot be loaded" in trouble and "worker.js.gz" in trouble
        assert all(said.startswith("Failed to load") for said in browsing.complaints)
        page.unroute("**/worker.js.gz")
        page.route("**/litert.wasm.gz", lambda route: route.abort())
        page.click("#retry")
        page.wait_for_selector("#trouble", state="visible")
        trouble = page.inner_text("#trouble-text")
        assert "conditional" in trouble and "litert.wasm.gz" in trouble
        assert page.is_disabled("#reroll") and page.evaluate(LOADING) == ""
        page.unroute("**/litert.wasm.gz")
        page.click("#retry")
        page.wait_for_function("explorer.opened")
        browsing.drawn()
        assert page.is_hidden("#trouble")
        page.route("**/models/1/*", lambda route: route.fulfill(status=404))
        page.select_option("#model", "painter")
        page.wait_for_selector("#trouble", state="visible")
        trouble = page.inner_text("#trouble-text")
        assert "painter" in trouble and "404" in trouble and "models/1/" in trouble
        page.unroute("**/models/1/*")
        page.click("#retry")
        page.wait_for_function("explorer.opened")
        browsing.drawn()
        assert page.is_hidden("#trouble") and page.locator("#grid canvas").count() == 2


def test_a_link_to_an_unknown_model_says_what_the_page_has(served):
    served.go("model=nobody&seed=7&count=2")
    notice = served.page.inner_text("#notice")
    assert "nobody" in notice and "conditional, painter, modulated" in notice
    assert "conditional is shown" in notice
    assert served.page.input_value("#seed") == "7"
    served.page.select_option("#model", "painter")
    served.page.wait_for_function("explorer.opened")
    assert served.page.is_hidden("#notice")


def test_a_gallery_is_made_in_slices_and_first_at_the_size_that_is_drawn_at_once(served):
    served.go("model=painter&seed=7&count=2")
    turns, at_once = served.page.evaluate(
        """async () => {
          const {gallery, painter} = explorer;
          window.drawn = [];
          painter.draw = function (model, picture, options) {
            drawn.push([options.key, options.size.width]);
            return Object.getPrototypeOf(painter).draw.call(painter, model, picture, options);
          };
          let turns = 0, isMade = false;
          const ping = new MessageChannel();
          ping.port1.onmessage = () => {
            turns++;
            if (!isMade) ping.port2.postMessage(null);
          };
          ping.port2.postMessage(null);
          const made = gallery.show(5, 32, {});
          const atOnce = gallery.grid.querySelectorAll('.picture').length;
          await made;
          isMade = true;
          return [turns, atOnce];
        }"""
    )
    assert at_once == 0 and turns >= 8
    # The larger ones follow where they are seen.
    served.page.wait_for_function("drawn.some(([key, width]) => key === 'grid 3' && width === 128)")
    drawn = served.page.evaluate("drawn")
    keys = [f"grid {number}" for number in range(32)]
    assert [key for key, width in drawn if width == 64] == keys
    assert ["grid 31", 128] not in drawn
    served.page.locator("#grid li").last.scroll_into_view_if_needed()
    served.page.wait_for_function(
        "drawn.some(([key, width]) => key === 'grid 31' && width === 128)"
    )
    served.page.evaluate("delete explorer.painter.draw")


def test_what_is_drawn_on_another_tab_is_drawn_large_once_it_is_seen(served):
    served.go("model=painter&seed=7&count=2")
    served.page.click("nav >> text=Encode")
    served.page.evaluate("explorer.gallery.show(8, 2, {})")
    served.page.wait_for_selector("#grid :is(.waiting, .empty)", state="detached")
    sides = "[...document.querySelectorAll('#grid canvas')].map(({width}) => width)"
    assert served.page.evaluate(sides) == [64, 64]
    served.page.click("nav >> text=Pictures")
    served.page.wait_for_function(f"{sides}.every((side) => side === 128)")
