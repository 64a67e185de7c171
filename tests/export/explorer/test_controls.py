import re
import shlex
from pathlib import Path

import click.testing
import numpy as np
import pytest
from PIL import Image

from kerasgan.cli.main import command
from tests.export.explorer.browser import Browsing, grey_levels_apart

CONDITIONAL = "model=conditional&seed=7&count=4"
PAINTER = "model=painter&seed=7&count=4"
# What the studio shows, as text.
SHOWN = "document.getElementById('studio-canvas').toDataURL()"
# The numbers of the favourites in their seed.
KEPT = "explorer.favourites.pictures.map(({origin}) => origin.number)"


def test_the_seed_box_takes_integers_and_nothing_else(served):
    served.go(CONDITIONAL)
    before = served.gallery(1)
    served.page.fill("#seed", "8")
    served.page.press("#seed", "Enter")
    served.drawn()
    assert (served.gallery(1) != before).any()
    served.page.fill("#seed", "eight")
    served.page.press("#seed", "Enter")
    assert "integer" in served.page.inner_text("#toast")
    assert served.page.input_value("#seed") == "8"


def test_rerolling_takes_another_seed_and_more_of_a_seed_continues_it(served, conditional):
    served.go(CONDITIONAL)
    served.page.click("#reroll")
    rerolled = served.page.input_value("#seed")
    assert rerolled != "7"
    # Also with Caps Lock.
    served.page.keyboard.press("R")
    assert served.page.input_value("#seed") not in ("7", rerolled)
    for seed in (rerolled, "7"):
        served.page.go_back()
        served.page.wait_for_function(f"document.getElementById('seed').value === '{seed}'")
    served.page.click("#more")
    served.drawn()
    assert grey_levels_apart(served.gallery(1), conditional.generate(36, seed=7)) <= 3.0
    # No gallery is larger than one that a link may ask for.
    served.page.evaluate("explorer.gallery.count = 500")
    served.page.click("#more")
    assert served.page.evaluate("explorer.gallery.count") == 512
    assert served.page.is_hidden("#more")


def test_keys_of_the_browser_and_keys_that_are_held_down_are_not_taken(served):
    served.go(PAINTER)
    press = """([target, key, options]) => {
      const all = {key, bubbles: true, cancelable: true, ...options};
      return document.querySelector(target).dispatchEvent(new KeyboardEvent('keydown', all));
    }"""
    back = ["ArrowLeft", {"altKey": True}]
    assert served.page.evaluate(press, ["#grid li:nth-child(2) .picture", *back])
    served.page.click("nav >> text=Favourites")
    served.page.evaluate(press, ["body", "r", {}])
    served.page.click("nav >> text=Pictures")
    served.page.evaluate(press, ["body", "r", {"repeat": True}])
    assert served.page.input_value("#seed") == "7"
    served.page.click("#grid .picture >> nth=1")
    for target in ("#map", "#studio"):
        assert served.page.evaluate(press, [target, *back])
        assert not served.page.evaluate(press, [target, "ArrowLeft", {"repeat": True}])
    for repeat in (False, True, True):
        served.page.evaluate(press, ["#studio", "f", {"repeat": repeat}])
    assert served.page.get_attribute("#keep", "aria-pressed") == "true"


@pytest.mark.parametrize("model", ["conditional", "painter"])
def test_a_direction_moves_the_latent_along_itself_and_reset_undoes_it(served, page_models, model):
    from kerasgan.drawing.latents import unpacked

    served.go(f"model={model}&seed=7&count=1&open=7:0")
    before = served.latent()
    config = next(each.config for each in page_models if each.config["name"] == model)
    directions = unpacked(config["directions"], config["latent_dim"])
    served.slide("Direction 2", -1.5)
    moved = served.latent()
    assert moved @ directions[1] == pytest.approx(-1.5, abs=1e-5)
    step = moved - before
    np.testing.assert_allclose(step, step @ directions[1] * directions[1], atol=1e-5)
    served.page.click("#undo")
    np.testing.assert_array_equal(served.latent(), before)
    assert served.page.is_disabled("#undo")


def test_next_goes_on_from_a_picture_of_the_gallery_that_came_by_a_link(served):
    served.go(PAINTER + "&open=7:1&view=3,0,0")
    served.page.click("#next")
    assert served.page.evaluate("explorer.studio.picture.origin.number") == 2
    served.go(PAINTER + "&open=7:9")
    assert served.page.is_hidden("#next")
    served.page.keyboard.press("ArrowRight")
    assert served.page.evaluate("explorer.studio.picture.origin.number") == 9


def test_what_fails_beside_an_open_picture_is_said_there_and_retry_opens_it_again(served):
    served.go(PAINTER + "&open=7:1")
    served.page.evaluate(
        "() => { explorer.painter.png = () => Promise.reject(new Error('no memory')); }"
    )
    served.page.select_option("#save-size", "512")
    served.page.click("#save")
    trouble = served.page.wait_for_selector("#studio #trouble:visible")
    assert "painter-7-001.png could not be saved: no memory" in trouble.inner_text()
    assert served.page.inner_text("#toast") == "" and served.page.is_hidden("#saving")
    # What was asked of a worker that is started anew is not drawn.
    served.page.evaluate("() => { explorer.painter.png = async () => null; }")
    served.page.click("#save")
    served.page.wait_for_function(
        "document.getElementById('toast').innerText.includes('was not saved, because the model')"
    )
    served.page.evaluate("delete explorer.painter.png")
    served.page.click("#retry")
    served.page.wait_for_selector("#studio[open]")
    assert served.page.is_hidden("#trouble") and served.page.evaluate("explorer.opened")
    side = "document.querySelector('.side')"
    served.page.evaluate(f"{side}.scrollTo(0, {side}.scrollHeight)")
    served.page.evaluate("explorer.fail('Something else.')")
    assert served.page.evaluate(f"{side}.scrollTop") < 20
    served.page.click("#close")
    assert served.page.is_visible("main #trouble")


def test_a_coordinate_moves_alone_and_the_picture_changes(served):
    served.go("model=conditional&seed=7&count=1&open=7:0")
    served.page.wait_for_selector("#studio-canvas:not(.empty)")
    before, picture = served.latent(), served.page.evaluate(SHOWN)
    # The picture before is not taken for the one that is opened.
    opacity = """() => {
      explorer.studio.show(explorer.gallery.pictures[0]);
      return getComputedStyle(explorer.studio.canvas).opacity;
    }"""
    assert served.page.evaluate(opacity) == "0"
    served.page.wait_for_selector("#studio-canvas:not(.empty)")
    served.page.click("#studio summary")
    served.slide("Coordinate 3", 2.5)
    np.testing.assert_array_equal(served.latent(), [*before[:2], 2.5])
    served.page.wait_for_function(f"before => {SHOWN} !== before", arg=picture)


def test_favourites_stay_when_the_page_is_loaded_again(served, server):
    served.go(PAINTER)
    served.page.hover("#grid li >> nth=1")
    served.page.click("#grid .corner >> nth=1")
    served.page.click("#grid .picture >> nth=3")
    served.page.keyboard.press("f")
    # The same origin, but not the same page: what it loads is what the browser kept.
    page = served.context.new_page()
    page.goto(f"{server.url}#{PAINTER}")
    page.evaluate("explorer.started")
    assert page.inner_text("#favourite-count") == "2"
    assert page.evaluate(KEPT) == [1, 3]
    assert page.get_attribute("#grid .corner >> nth=3", "aria-pressed") == "true"
    # What one tab keeps is seen in the other, which does not erase it.
    page.evaluate("explorer.favourites.toggle(explorer.gallery.pictures[0])")
    count = "document.getElementById('favourite-count').textContent"
    served.page.wait_for_function(f"{count} === '3'")
    page.close()
    served.page.evaluate(
        """() => {
          const [key] = Object.keys(localStorage);
          localStorage.setItem(key, JSON.stringify(JSON.parse(localStorage.getItem(key)).slice(2)));
          explorer.favourites.toggle(explorer.gallery.pictures[2]);
        }"""
    )
    assert served.page.evaluate(KEPT) == [0, 2]


def test_favourites_that_the_browser_does_not_keep_stay_until_the_page_is_left(served):
    served.go("model=painter&seed=7&count=2")
    full = """() => {
      window.setItem = Storage.prototype.setItem;
      Storage.prototype.setItem = () => { throw new Error('full'); };
    }"""
    served.page.evaluate(full)
    try:
        served.page.evaluate("explorer.favourites.toggle(explorer.gallery.pictures[0])")
        assert "stay until you leave" in served.page.inner_text("#toast")
        served.go("model=conditional&seed=7&count=1")
        assert served.page.evaluate("explorer.favourites.pictures.length") == 0
        served.go("model=painter&seed=7&count=2")
        assert served.page.evaluate("explorer.favourites.has(explorer.gallery.pictures[0])")
    finally:
        served.page.evaluate("() => { Storage.prototype.setItem = window.setItem; }")
    served.page.evaluate("explorer.favourites.toggle(explorer.gallery.pictures[0])")
    assert served.page.evaluate("explorer.favourites.pictures.length") == 0


def test_the_focus_goes_on_to_the_next_favourite_when_one_is_removed(served):
    served.go(PAINTER)
    _keep(served, 0, 2, 3)
    # A heart cannot be focused before its picture is drawn.
    served.page.wait_for_selector("#favourites-grid :is(.waiting, .empty)", state="detached")
    focused = "document.activeElement.getAttribute('aria-label')"
    served.page.focus("#favourites-grid .corner >> nth=1")
    served.page.keyboard.press("Enter")
    assert served.page.evaluate(focused) == "Favourite: Favourite, seed 7, picture 3"
    served.page.keyboard.press("Enter")
    assert served.page.evaluate(focused) == "Favourite: Favourite, seed 7, picture 0"
    served.page.keyboard.press("Enter")
    assert served.page.evaluate("document.activeElement.textContent").startswith("Favourites")


def test_each_view_of_a_cppn_is_a_favourite_of_its_own(served):
    served.go(PAINTER)
    _keep(served, 0)
    served.page.click("#favourites-grid .picture")
    served.page.evaluate("explorer.studio.map.look({zoom: 4, centre: [0.5, 0]})")
    assert served.page.get_attribute("#keep", "aria-pressed") == "false"
    served.page.keyboard.press("f")
    assert served.page.get_attribute("#keep", "aria-pressed") == "true"
    served.page.keyboard.press("Escape")
    assert served.page.evaluate(KEPT) == [0, 0]
    served.page.click("#favourites-grid .picture >> nth=1")
    assert _view(served) == (4, 0.5, 0)


def test_between_two_favourites_the_latent_moves_from_one_to_the_other(served, painter):
    from kerasgan.drawing.interpolation import lerp, slerp

    served.go(PAINTER)
    _keep(served, 0, 2)
    start, end = painter.draw_latents(3, seed=7)[[0, 2]]
    for way, function in (("slerp", slerp), ("lerp", lerp)):
        served.page.select_option("#morph-way", way)
        served.slide("Position between the two pictures", 0.25)
        latent = served.page.evaluate("[...explorer.morph.picture.latent]")
        np.testing.assert_allclose(latent, function(start, end, 0.25), atol=1e-5)
    # The command draws the way as large as it is here, not at the generator's own 6x6.
    words = served.copied("#morph-command").split()
    assert words == [
        *("kerasgan", "morph", "painter", "--seeds", "7:0,7:2"),
        *("--interpolation", "lerp", "--size", "192x192"),
    ]
    assert served.canvas("#morph-canvas").shape[:2] == (192, 192)
    served.page.click("#morph-play")
    served.page.wait_for_function("explorer.morph.position.value > 0.27")
    served.page.click("#morph-play")
    stopped = served.page.evaluate("explorer.morph.position.value")
    served.page.wait_for_timeout(100)
    assert served.page.evaluate("explorer.morph.position.value") == stopped
    # Played again within one drawing it is still drawn once a turn, and it rests beneath a picture.
    at_once = served.page.evaluate(
        """async () => {
          const {morph} = explorer;
          const atOnce = [];
          let waiting = 0;
          morph.draw = async () => {
            atOnce.push(++waiting);
            await new Promise((done) => setTimeout(done, 20));
            waiting--;
          };
          morph.play();
          morph.pause();
          morph.play();
          while (atOnce.length < 8) await new Promise(requestAnimationFrame);
          delete morph.draw;
          return atOnce;
        }"""
    )
    assert at_once[:2] == [1, 2]
    assert {*at_once[3:]} == {1}
    # A saved picture of the way knows how it was found when it is opened again.
    served.page.evaluate("explorer.studio.open(explorer.morph.picture)")
    expression = served.page.evaluate("explorer.morph.picture.expression")
    served.page.select_option("#save-size", "512")
    content, name = served.saved("#save")
    served.page.keyboard.press("Escape")
    served.drop(content, name)
    served.page.wait_for_selector("#studio[open]")
    assert served.page.evaluate("explorer.studio.picture.expression") == expression
    served.page.keyboard.press("Escape")
    served.page.click("#favourites-grid .picture >> nth=0")
    assert not served.page.evaluate("explorer.morph.playing")
    served.page.keyboard.press("Escape")
    served.page.click("#morph-play")
    served.page.click("#favourites-grid .corner >> nth=0")
    assert not served.page.evaluate("explorer.morph.playing")


def test_the_way_between_pictures_of_mixed_classes_goes_through_their_files(served):
    served.go("model=conditional&seed=7&count=2")
    _keep(served, 0, 1)
    served.page.evaluate(
        "explorer.morph.ends = explorer.morph.ends.map((end) => ({...end, labels: "
        "Object.fromEntries(Object.entries(explorer.model.classes).map(([set, names]) => "
        "[set, {[names[0]]: 0.5, [names[1]]: 0.5}]))}))"
    )
    words = served.copied("#morph-command").split()
    assert words[:3] == ["kerasgan", "morph", "conditional"]
    assert words[3::2] == ["--through", "--through", "--interpolation"]


def test_a_map_is_moved_and_zoomed_by_pointer_wheel_and_keys(served):
    served.go(PAINTER + "&open=7:0")
    served.map_drawn()
    box = served.page.locator("#map").bounding_box()
    x, y = box["x"] + box["width"] / 4, box["y"] + box["height"] / 2
    mouse = served.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 50, y - 20, steps=3)
    mouse.up()
    side = 2 / (min(box["width"], box["height"]) - 1)
    assert _view(served) == pytest.approx((1, -50 * side, 20 * side), rel=0.05)
    before = _point(served, x, y, box)
    mouse.move(x, y)
    mouse.wheel(0, -400)
    served.page.wait_for_function("explorer.studio.picture.view.zoom > 1.5")
    assert _point(served, x, y, box) == pytest.approx(before, abs=0.01)
    served.page.focus("#map")
    zoom, right, _ = _view(served)
    served.page.keyboard.press("ArrowRight")
    assert _view(served)[1] > right
    served.page.keyboard.press("+")
    assert _view(served)[0] > zoom
    served.page.click("#zoom-reset")
    assert _view(served) == (1, 0, 0)


def test_a_map_follows_trackpads_and_lets_go_of_the_mouse(served):
    served.go(PAINTER + "&open=7:0")
    served.page.evaluate(
        """() => {
          const {map} = explorer.studio;
          map.place.setPointerCapture = () => {};
          const {left, top, width, height} = map.place.getBoundingClientRect();
          const middle = {clientX: left + width / 2, clientY: top + height / 2};
          window.send = (Kind, type, options) => map.place.dispatchEvent(
            Object.assign(new Kind(type, {...middle, cancelable: true, ...options}),
              Kind === Event ? {...middle, ...options} : {}));
        }"""
    )
    send = served.page.evaluate
    send("send(WheelEvent, 'wheel', {deltaY: -100 * Math.log(2), ctrlKey: true})")
    assert _view(served) == pytest.approx((2, 0, 0), abs=1e-9)
    # Safari's own; where fingers are on the screen, they are what moves the map.
    send("send(Event, 'gesturestart', {scale: 1})")
    assert not send("send(Event, 'gesturechange', {scale: 1.5})")
    send("send(Event, 'gesturechange', {scale: 2})")
    assert _view(served)[0] == pytest.approx(4)
    send("send(PointerEvent, 'pointerdown', {pointerId: 1})")
    send("send(Event, 'gesturechange', {scale: 4})")
    send("send(PointerEvent, 'pointerup', {pointerId: 1})")
    assert _view(served)[0] == pytest.approx(4)
    for button, buttons in ((2, 2), (0, 0)):
        mouse = f"pointerId: 2, pointerType: 'mouse', button: {button}, buttons: {buttons}"
        send(f"send(PointerEvent, 'pointerdown', {{{mouse}}})")
        send(f"send(PointerEvent, 'pointermove', {{{mouse}, clientX: 0}})")
    assert _view(served) == pytest.approx((4, 0, 0), abs=1e-9)
    # Nothing is looked at that a link could not say.
    send("explorer.studio.map.look({zoom: 1e-9, centre: [2e9, -2e9]})")
    assert _view(served) == (1e-9, 1e9, -1e9)


def test_a_gesture_moves_the_map_without_drawing_and_the_tiles_follow_once(served):
    served.go(PAINTER + "&open=7:0")
    served.map_drawn()
    drawn_meanwhile, transform, tiles = served.page.evaluate(
        """async () => {
          const {map} = explorer.studio, {painter} = explorer;
          const keys = [];
          painter.drawPart = (...all) => {
            keys.push(all[4].key);
            return Object.getPrototypeOf(painter).drawPart.apply(painter, all);
          };
          let drawn = 0;
          const methods = CanvasRenderingContext2D.prototype;
          const {drawImage, putImageData} = methods;
          methods.drawImage = methods.putImageData = () => drawn++;
          const box = map.place.getBoundingClientRect();
          map.place.setPointerCapture = () => {};
          const touch = (type, pointerId, x) => map.place.dispatchEvent(new PointerEvent(type,
            {pointerId, clientX: box.left + x, clientY: box.top + 50}));
          touch('pointerdown', 1, 90);
          touch('pointerdown', 2, 110);
          for (let x = 112; x < 150; x += 2) touch('pointermove', 2, x);
          Object.assign(methods, {drawImage, putImageData});
          const {transform} = document.querySelector('#map .sharp').style;
          touch('pointerup', 1, 90);
          touch('pointerup', 2, 150);
          await new Promise((done) => map.place.addEventListener('drawn', done, {once: true}));
          delete painter.drawPart;
          return [drawn, transform, keys.filter((key) => key.startsWith('map tile'))];
        }"""
    )
    assert drawn_meanwhile == 0
    assert "scale(2.9" in transform
    assert len(tiles) == len(set(tiles)) > 1
    # What is at rest was drawn where it is.
    assert served.page.eval_on_selector_all(
        "#map .sharp", "all => all.map(c => c.style.transform)"
    ) == [""]


def test_label_link_and_command_of_a_map_agree(served):
    served.go(PAINTER + "&open=7:0")
    served.map_drawn()
    for _ in range(3):
        served.page.click("#zoom-in")
    served.page.focus("#map")
    served.page.keyboard.press("ArrowRight")
    served.page.wait_for_function("location.hash.includes('view=')")
    label = served.page.inner_text("#map-place")
    zoom, x, y = re.findall(r"-?[\d.]+", label)
    assert zoom == "2.744" and float(x) > 0
    link = served.copied("#share")
    command = served.copied("#copy")
    assert link.endswith(f"view={zoom}%2C{x}%2C{y}")
    assert f"--zoom {zoom} --centre={x},{y}" in command
    # The next action clears what was said of the last one; of the map nothing is said elsewhere.
    served.page.click("#keep")
    assert served.page.inner_text("#toast") == ""
    assert served.page.inner_text("#studio-title") == "painter"
    served.go("model=conditional&seed=7&count=1&open=7:0")
    assert served.page.is_hidden("#map-place")
    served.slide("Direction 1", 2.0)
    assert "hanged from seed 7, picture 0" in served.page.inner_text("#studio-origin")


def test_a_link_shows_what_it_was_copied_from(served):
    served.go("model=conditional&seed=7&count=3&class.genre=portrait&open=7:2")
    served.slide("Direction 1", 2.0)
    latent, state = served.latent(), _state(served)
    link = served.copied("#share")
    served.go("model=painter&seed=1&count=1")
    served.page.wait_for_function("location.hash.includes('painter')")
    served.page.evaluate("link => { location.hash = new URL(link).hash; }", link)
    served.page.wait_for_selector("#studio[open]")
    np.testing.assert_array_equal(served.latent(), latent)
    assert _state(served) == state


@pytest.fixture
def run_command(conditional, painter, monkeypatch, tmp_path):
    """Runs a command line in an empty folder, with these models in place of the zoo's."""
    known = {"conditional": conditional, "painter": painter}
    monkeypatch.setattr("kerasgan.zoo.engine.chosen_engine", lambda *_, **__: "tensorflow")
    monkeypatch.setattr("kerasgan.zoo.loader.open_model", lambda name, **_: known[name])
    monkeypatch.chdir(tmp_path)

    def run(line, picture):
        words = [*shlex.split(line)[1:], "--out", picture]
        done = click.testing.CliRunner().invoke(command, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return np.asarray(Image.open(tmp_path / picture))[..., np.newaxis]

    return run


def test_the_gallerys_command_draws_the_gallery(served, run_command):
    served.go("model=conditional&seed=7&count=3&class.genre=still-life")
    grid = run_command(served.copied("#gallery-command"), "grid.png")
    images = [grid[:, left : left + 8] for left in (0, 10, 20)]
    assert np.abs(served.gallery(1).astype(int) - images).max() <= 3


@pytest.mark.parametrize(
    "fragment",
    [
        "model=conditional&seed=7&count=1&open=7:2",
        "model=painter&seed=7&count=1&open=7:2&view=3,-0.5,0.25",
    ],
)
def test_a_pictures_command_draws_the_picture(served, run_command, fragment):
    served.go(fragment)
    served.page.select_option("#save-size", "512", force=True)
    line = served.copied("#copy")
    content, name = served.saved("#save")
    Path(name).write_bytes(content)
    saved = np.asarray(Image.open(name))[..., np.newaxis]
    assert np.abs(run_command(line, "drawn.png").astype(int) - saved).max() <= 3


def test_every_control_has_a_name(served):
    served.go(PAINTER)
    _keep(served, 0, 2)
    served.page.click("#favourites-grid .picture >> nth=0")
    nameless = served.page.evaluate(
        """[...document.querySelectorAll('button, select, input, [tabindex="0"], dialog')]
          .filter((each) => !(each.getAttribute('aria-label') || each.labels?.length
            || each.hasAttribute('aria-labelledby') || each.innerText?.trim()
            || each.closest('[hidden]')))
          .map((each) => each.outerHTML)"""
    )
    assert nameless == []
    assert served.page.get_attribute("#map", "role") == "application"
    assert "Arrow keys" in served.page.text_content("#map-hint")
    assert served.page.get_attribute("#pad", "tabindex") is None


@pytest.mark.parametrize("fragment", [CONDITIONAL, PAINTER + "&open=7:1"])
def test_nothing_is_wider_than_a_phone(chromium, server, fragment):
    phone = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
    with Browsing(chromium, color_scheme="dark", **phone) as browsing:
        browsing.open(f"{server.url}#{fragment}")
        browsing.drawn()
        assert browsing.page.evaluate("document.documentElement.scrollWidth") == 360
        # Into smaller letters a phone zooms.
        size = browsing.page.evaluate("getComputedStyle(document.getElementById('seed')).fontSize")
        assert size == "16px"
        beyond = browsing.page.evaluate(
            """[...document.querySelectorAll('button, select, input, canvas')]
              .filter((each) => each.getBoundingClientRect().right > 360.5)
              .map((each) => each.id || each.className)"""
        )
        assert beyond == []


def test_a_browser_without_simd_is_told_so_in_a_sentence(chromium, server):
    with Browsing(chromium) as browsing:
        browsing.page.add_init_script("WebAssembly.validate = () => false;")
        browsing.open(server.url)
        trouble = browsing.page.inner_text("#trouble")
        assert "WebAssembly with SIMD" in trouble and "Firefox" in trouble
        assert browsing.complaints == []


def _keep(served, *numbers):
    """Makes favourites of pictures of the gallery, and shows them."""
    for number in numbers:
        served.page.evaluate(
            "n => explorer.favourites.toggle(explorer.gallery.pictures[n])", number
        )
    served.page.click("nav >> text=Favourites")


def _view(served):
    zoom, centre = served.page.evaluate("Object.values(explorer.studio.picture.view)")
    return (zoom, *centre)


def _point(served, x, y, box):
    """The point of the plane at a place of the screen."""
    zoom, *centre = _view(served)
    side = 2 / (min(box["width"], box["height"]) - 1) / zoom
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    return [c + side * (at - m) for c, at, m in zip(centre, (x, y), middle, strict=True)]


def _state(served):
    return served.page.evaluate(
        "({...explorer.state, open: {...explorer.state.open, latent: null}})"
    )
