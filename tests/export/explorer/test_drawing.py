import io
import json
import re

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kerasgan.drawing import read_provenance
from kerasgan.drawing.any_size.view import View
from kerasgan.drawing.from_provenance import draw_again
from kerasgan.drawing.size import Size
from kerasgan.networks.cppn_render import cppn_render
from kerasgan.randomness import philox
from tests.drawing.cppn_models import expected
from tests.export.explorer.browser import Browsing, grey_levels_apart, png

# Weights are in float16, and pictures are rounded.
LEVELS = 3.0
OPEN = "model=painter&seed=7&count=1&open=7:2"


def test_the_same_seed_draws_what_python_draws(served, conditional):
    served.go("model=conditional&seed=7&count=12")
    assert grey_levels_apart(served.gallery(1), conditional.generate(12, seed=7)) <= LEVELS


def test_a_chosen_class_is_the_class_of_all_pictures(served, conditional):
    served.go("model=conditional&seed=-3&count=6")
    served.page.select_option("#gallery-classes select[data-set=genre]", "portrait")
    served.drawn()
    images = conditional.generate(6, {"genre": "portrait"}, seed=-3)
    assert grey_levels_apart(served.gallery(1), images) <= LEVELS


def test_a_map_shows_the_part_of_the_plane_that_its_view_says(served, painter):
    served.go(OPEN + "&view=2.5,0.5,-1.25")
    served.map_drawn()
    drawn = served.canvas("#map .sharp")
    size = Size(width=drawn.shape[1], height=drawn.shape[0])
    latent = painter.draw_latents(3, seed=7)[2]
    picture = expected(painter.generator, latent, size, View(2.5, (0.5, -1.25)))
    assert np.abs(drawn - picture).max() <= LEVELS


@pytest.mark.parametrize("name", ["painter", "modulated"])
@pytest.mark.parametrize("graphics", ["off", "software"])
def test_the_gpu_draws_what_the_cpu_draws(served, painter, modulated, name, graphics):
    served.go(f"model={name}&seed=7&count=1")
    size, view = {"width": 24, "height": 18}, {"zoom": 0.5, "centre": [0.25, -2]}
    drawn = served.page.evaluate(
        """async ([graphics, size, view]) => {
          const model = {...explorer.model, name: explorer.model.name + graphics};
          const engine = await explorer.painter.open(model, graphics);
          const wanted = graphics === 'software';
          if (Boolean(engine.graphics) !== wanted) throw new Error(engine.reason);
          const picture = {...explorer.gallery.pictures[0], view};
          return [...(await explorer.painter.draw(model, picture, {size})).pixels];
        }""",
        [graphics, size, view],
    )
    model = {"painter": painter, "modulated": modulated}[name]
    latent = model.draw_latents(1, seed=7)[0]
    if name == "painter":
        picture = expected(model.generator, latent, Size(**size), View(0.5, (0.25, -2.0)))
    else:
        options = {**size, "zoom": 0.5, "centre": (0.25, -2.0)}
        picture = 255.0 * cppn_render(model.generator, latent[np.newaxis], **options)[0].numpy()
    assert np.abs(np.reshape(drawn, (18, 24, 4))[..., :1] - picture).max() <= LEVELS


def test_a_gpu_that_is_lost_is_no_longer_taken_for_what_draws(served):
    served.go("model=painter&seed=7&count=1")
    served.page.evaluate(
        """async () => {
          window.lossy = {...explorer.model, name: 'lossy'};
          await explorer.painter.open(lossy, 'software');
        }"""
    )
    engine = """async () => {
      await explorer.painter.draw(lossy, explorer.gallery.pictures[0]);
      return explorer.painter.engineOf(lossy);
    }"""
    assert served.page.evaluate(engine)["graphics"]
    [worker] = served.page.workers
    worker.evaluate(
        """() => {
          self.isLost = WebGL2RenderingContext.prototype.isContextLost;
          WebGL2RenderingContext.prototype.isContextLost = () => true;
        }"""
    )
    assert served.page.evaluate(engine) == {"graphics": None, "reason": "The GPU was lost."}
    worker.evaluate("() => { WebGL2RenderingContext.prototype.isContextLost = self.isLost; }")


def test_a_large_picture_is_drawn_in_strips_of_whole_tiles(served):
    served.go(OPEN)
    heights = served.page.evaluate(
        """async () => {
          const {model, painter, studio} = explorer;
          const heights = [];
          painter.drawPart = (model, picture, size, {width, height}) => {
            heights.push(height);
            return {pixels: new Uint8ClampedArray(4 * width * height)};
          };
          await painter.drawLarge(model, studio.picture, {width: 4096, height: 150}, () => {});
          delete painter.drawPart;
          return heights;
        }"""
    )
    assert heights == [64, 64, 22]


def test_the_pad_is_never_smaller_than_the_pictures_that_are_encoded(served):
    served.go("model=painter&seed=7&count=1")
    values = served.page.evaluate(
        """async () => {
          const {model, painter, encoder} = explorer;
          explorer.model = {...model, image_shape: [320, 400, 1]};
          encoder.setModel();
          const image = document.createElement('canvas');
          let values;
          painter.encode = (model, image) => {
            values = image;
            explorer.model = null;
          };
          await encoder.take(image);
          delete painter.encode;
          explorer.model = model;
          encoder.setModel();
          return [values.length, values.every(Number.isFinite)];
        }"""
    )
    assert values == [320 * 400, True]


def test_a_dropped_picture_is_encoded_and_drawn(served, painter):
    served.go("model=painter&seed=7&count=1")
    image = np.random.default_rng(0).integers(0, 256, (6, 6), np.uint8)
    served.drop(png(image), "mine.png")
    served.page.wait_for_selector("#encode-open:enabled")
    served.page.click("#encode-open")
    latent = painter.encode(image[np.newaxis, ..., np.newaxis] / np.float32(255.0))
    np.testing.assert_allclose(served.latent(), latent[0], atol=2e-3)
    error = np.square(painter.generate(latent)[0, ..., 0] - image / 255.0).mean()
    shown = float(served.page.inner_text("#encode-error").split()[-1])
    assert abs(shown - error) < 0.002


def test_a_model_without_an_encoder_follows_one_that_encodes(served):
    served.go("model=painter&seed=7&count=1")
    served.drop(png(np.zeros((6, 6), np.uint8)), "mine.png")
    served.page.wait_for_selector("#encode-open:enabled")
    served.page.select_option("#model", "conditional")
    served.page.wait_for_selector("#grid li")
    served.drawn()
    assert served.page.is_hidden("nav >> text=Encode") and served.page.is_visible("#grid")
    assert served.complaints == []


def test_a_picture_that_is_dropped_beside_an_open_one_is_encoded_in_sight(served):
    served.go("model=painter&seed=7&count=2")
    served.page.click("#grid .picture >> nth=1")
    served.drop(png(np.zeros((6, 6), np.uint8)), "mine.png")
    served.page.wait_for_selector("#encode-open:enabled")
    assert served.page.is_hidden("#studio") and served.page.is_visible("#pad")
    served.page.wait_for_function("location.hash.includes('tab=encode')")
    served.page.go_back()
    served.page.wait_for_selector("#grid:visible")
    assert served.page.is_hidden("#studio")


def test_a_file_that_the_page_cannot_open_is_answered_with_the_reason(served, page_models):
    from kerasgan.drawing.latents import packed

    config = page_models[0].config
    served.go("model=conditional&seed=7&count=1")
    latents, one = (packed(np.zeros((n, config["latent_dim"]), np.float32)) for n in (2, 1))
    halves = {name: [{classes[0]: 0.5}] for name, classes in config["classes"].items()}
    for settings, reason in (
        ({"seed": 7, "numbers": [0, 1]}, "shows several pictures"),
        ({"latents": latents}, "shows several pictures"),
        ({"seed": 2**60, "numbers": [0]}, "is of a seed that is too large"),
        ({"seed": 7, "numbers": [0], "invert": True}, "was drawn with options"),
        # The parts of classes do not add up to 1.
        ({"latents": one, "labels": halves}, "was drawn by no model of this page"),
        ({"seed": 2**60, "numbers": [0]}, "is of a seed that is too large"),
        ({"weights": "others"}, "was drawn by no model of this page"),
        # Anyone may have written them.
        ({"seed": 7, "numbers": [10**15]}, "was drawn by no model of this page"),
        (
            {"latents": one, "labels": {name: [{"0": "x"}] for name in config["classes"]}},
            "was drawn by no model of this page",
        ),
    ):
        served.drop(_file({"weights": config["weights"], **settings}), "grid.png")
        served.page.wait_for_selector(f"#toast >> text=grid.png {reason}")
    assert served.page.is_hidden("#studio")


def test_back_returns_from_a_file_of_another_model_to_the_model_before(served, page_models):
    weights = page_models[1].config["weights"]
    served.go("model=conditional&seed=7&count=2&class.genre=portrait")
    served.page.click("#grid .picture >> nth=1")
    served.drop(_file({"weights": weights, "seed": 5, "numbers": [3]}), "painting.png")
    served.page.wait_for_function("explorer.model.name === 'painter' && explorer.studio.picture")
    assert served.page.evaluate("explorer.studio.picture.origin") == {"seed": 5, "number": 3}
    assert served.page.evaluate("explorer.gallery.chosen") == {}
    served.page.click("#close")
    served.page.go_back()
    served.page.wait_for_function(
        "explorer.model.name === 'conditional' && explorer.studio.picture"
    )
    assert served.page.evaluate("explorer.gallery.chosen") == {"genre": "portrait"}


def test_what_is_drawn_by_hand_is_encoded(served):
    served.go("model=painter&seed=7&count=1")
    served.page.click("nav >> text=Encode")
    box = served.page.locator("#pad").bounding_box()
    served.page.mouse.move(box["x"] + 50, box["y"] + 50)
    served.page.mouse.down()
    served.page.mouse.move(box["x"] + 200, box["y"] + 200, steps=2)
    served.page.mouse.up()
    served.page.wait_for_selector("#encode-open:enabled")
    assert served.canvas("#pad").max() == 255
    served.page.click("#pad-clear")
    assert served.page.is_disabled("#encode-open") and served.canvas("#pad").max() == 0


@pytest.mark.parametrize("change", ["none", "class", "slider"])
def test_a_saved_picture_is_drawn_again_the_same(served, conditional, tmp_path, change):
    served.go("model=conditional&seed=5&count=4&open=5:3")
    if change == "class":
        served.page.select_option("#studio-classes select[data-set=genre]", "portrait")
    if change == "slider":
        served.slide("Direction 2", 3.5)
    if change != "none":
        assert "hanged from seed 5, picture 3" in served.page.inner_text("#studio-origin")
        assert served.page.is_enabled("#undo")
    content, name = served.saved("#save")
    assert change != "class" or re.fullmatch(r"conditional-5-003-portrait-\w+\.png", name)
    (tmp_path / name).write_bytes(content)
    provenance = read_provenance(tmp_path / name)
    assert provenance.model == "conditional"
    again = draw_again(conditional, provenance)
    saved = np.asarray(Image.open(tmp_path / name))[..., np.newaxis]
    assert grey_levels_apart(saved, again.image) <= LEVELS


def test_a_saved_map_is_drawn_again_and_opens_again(served, painter, tmp_path):
    served.go(OPEN + "&view=4,0.5,0.25")
    served.page.select_option("#save-size", "512")
    served.page.evaluate(
        """() => {
          const observe = (id, options, seen) =>
            new MutationObserver(seen).observe(document.getElementById(id), options);
          window.said = [];
          observe('toast', {childList: true}, ([{target}]) => said.push(target.textContent));
          window.parts = [];
          observe('saving', {childList: true, subtree: true, attributes: true}, () =>
            document.querySelectorAll('progress').forEach(({value}) => parts.push(value)));
        }"""
    )
    content, name = served.saved("#save")
    assert name == "painter-7-002.png"
    # A large picture takes a while, so the page shows how much is drawn.
    served.page.wait_for_function("said.some((text) => text.includes('saved'))")
    said = served.page.evaluate("said.filter(Boolean)")
    assert said[0] == f"Drawing {name} …" and said[1].startswith(f"{name} saved.")
    assert len(said) == 2
    parts = served.page.evaluate("parts")
    assert parts == sorted(parts) and parts[0] == 0 and 0 < parts[1] < 1
    (tmp_path / name).write_bytes(content)
    again = draw_again(painter, read_provenance(tmp_path / name))
    saved = np.asarray(Image.open(tmp_path / name))[..., np.newaxis]
    assert max(saved.shape) == 512
    assert grey_levels_apart(saved, again.image) <= LEVELS
    served.go("model=conditional&seed=1&count=1")
    served.drop(content, name)
    served.page.wait_for_selector("#studio[open]")
    assert served.page.input_value("#model") == "painter"
    view = served.page.evaluate("explorer.studio.picture.view")
    assert view == {"zoom": 4, "centre": [0.5, 0.25]}
    # The page's latents are those of `philox` in bits.
    drawn = philox.normal([2], painter.latent_dim, seed=7, purpose="generate")[0]
    np.testing.assert_array_equal(np.float32(served.latent()), drawn)


@pytest.mark.parametrize("way", ["file", "notebook"])
def test_one_file_draws_without_a_network(chromium, page_models, conditional, tmp_path, way):
    from kerasgan.export.explorer import write_page
    from kerasgan.export.explorer.notebook import Exploration

    file = tmp_path / "page.html"
    if way == "file":
        write_page(page_models, file)
    else:
        file.write_text(Exploration(tuple(page_models), 700)._repr_html_())
    with Browsing(chromium, offline=True) as browsing:
        browsing.page.goto(f"{file.as_uri()}#seed=7&count=3")
        frame = browsing.page.frames[-1]
        frame.wait_for_function("window.explorer?.opened")
        frame.evaluate("explorer.go('seed=7&count=3')")
        frame.wait_for_selector("#grid :is(.waiting, .empty)", state="detached")
        images = [browsing.canvas(each) for each in frame.query_selector_all("#grid canvas")]
        assert grey_levels_apart(np.stack(images), conditional.generate(3, seed=7)) <= LEVELS
        # No link leads into a notebook.
        assert frame.is_visible("#gallery-link") == (way == "file")
        inside = ("file:", "blob:", "data:", "about:srcdoc")
        assert [url for url in browsing.requests if not url.startswith(inside)] == []
        assert browsing.complaints == []


def test_a_served_page_asks_for_nothing_outside_and_complains_of_nothing(served, server):
    inside = (server.url, f"blob:{server.url}", "data:")
    assert [url for url in served.requests if not url.startswith(inside)] == []
    assert served.complaints == []


def _file(settings):
    """A PNG file that says that it was drawn so."""
    texts, file = PngInfo(), io.BytesIO()
    texts.add_text("Settings", json.dumps(settings))
    Image.new("L", (8, 8)).save(file, format="PNG", pnginfo=texts)
    return file.getvalue()
