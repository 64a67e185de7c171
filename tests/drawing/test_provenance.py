import itertools

import msgspec
import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kerasgan.drawing import DrawnPicture, Provenance, read_provenance, save_animation
from kerasgan.drawing.any_size.streams import png_stream
from kerasgan.drawing.from_provenance import draw_again
from kerasgan.drawing.latents import packed, unpacked
from kerasgan.drawing.provenance import Motion, Selection, fingerprint
from kerasgan.drawing.size import Size
from kerasgan.errors import UserError

PROVENANCE = Provenance(
    model="runs/Größe",
    weights="0123456789abcdef",
    seed=7,
    numbers=(4, 9),
    truncation=0.7,
    labels={"genre": ("landscape", {"portrait": 0.25, "still-life": 0.75})},
    selection=Selection(8, (1.5, -2.25), (0.98, 0.5)),
    size=Size(height=16, width=32),
    zoom=2.5,
    centre=(0.1, -0.2),
    invert=True,
    show=1,
    columns=3,
)
IMAGE = np.zeros((4, 4, 1), np.float32)


def test_a_png_says_what_it_was_drawn_from(tmp_path):
    path = DrawnPicture(IMAGE, PROVENANCE).save(tmp_path / "a.png")
    assert read_provenance(path) == PROVENANCE


def test_chunks_for_people_tell_of_the_picture_shown(tmp_path):
    path = DrawnPicture(IMAGE, PROVENANCE).save(tmp_path / "a.png")
    with Image.open(path) as picture:
        text = picture.text
    assert text["Software"].startswith("kerasgan ")
    assert text["Model"] == "runs/Größe"
    assert text["Seed"] == "7"
    assert text["Latent seed"] == "7:9"
    assert text["Label"] == "genre: 0.25 portrait + 0.75 still-life"
    assert text["View"] == "32x16, zoom 2.5 at 0.1,-0.2, inverted"
    assert text["Choice"] == "the critic's of 8; realness -2.25; confidence 0.50"


def test_latents_as_text_are_the_same_in_bits():
    latents = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    latents[0] = [np.float32(1e-45), -0.0, np.finfo(np.float32).max]
    np.testing.assert_array_equal(unpacked(packed(latents), 3).view(np.int32), latents.view("i4"))


@pytest.mark.parametrize("text", ["not base64!", packed(np.zeros(4)), "AAA="])
def test_latents_that_do_not_fit_the_model_are_refused(text):
    with pytest.raises(UserError, match="not of length 3"):
        unpacked(text, 3)


def test_settings_without_latents_are_refused(plain):
    provenance = Provenance(model="", weights=fingerprint(plain), numbers=(0,))
    with pytest.raises(UserError, match="latents are missing"):
        draw_again(plain, provenance)


def test_latents_that_are_not_finite_are_refused():
    with pytest.raises(UserError, match="not finite"):
        unpacked(packed(np.array([0.0, np.nan, 1.0])), 3)


def _png(path, **text):
    info = PngInfo()
    for keyword, content in text.items():
        info.add_text(keyword, content)
    Image.new("L", (2, 2)).save(path, pnginfo=info)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("{", "damaged or of another version"),
        ('{"model": "a"}', "missing required field `weights`"),
        ('{"model": "a", "weights": "b", "new": 1}', "unknown field `new`"),
        *(
            ('{"model": "a", "weights": "b", ' + setting + "}", said)
            for setting, said in (
                ('"seed": 1e26', "seed"),
                (f'"seed": {"9" * 5000}', "seed"),
                ('"numbers": [1000001]', "numbers"),
                ('"numbers": [-1]', "numbers"),
                ('"truncation": 0.0', "truncation"),
                ('"zoom": NaN', "malformed"),
                ('"zoom": 1e999', "zoom"),
                ('"size": [1048577, 1]', "size"),
                ('"size": [0, 1]', "size"),
                ('"columns": 0', "columns"),
                ('"show": -1', "show"),
                ('"show": 64', "show"),
                ('"labels": {"genre": [{"portrait": 1e30}]}', "labels"),
            )
        ),
    ],
)
def test_damaged_settings_are_refused(tmp_path, settings, said):
    _png(tmp_path / "a.png", Software="kerasgan 9.9.9", Settings=settings)
    with pytest.raises(UserError, match=rf"a\.png .*kerasgan 9\.9\.9.*{said}|{said}"):
        read_provenance(tmp_path / "a.png")


def test_other_files_are_refused(tmp_path):
    _png(tmp_path / "other.png", Software="GIMP", Settings="{}")
    (tmp_path / "text.png").write_text("no picture")
    DrawnPicture(IMAGE, PROVENANCE).save(tmp_path / "a.jpg")
    whole = DrawnPicture(IMAGE, PROVENANCE).save(tmp_path / "whole.png").read_bytes()
    (tmp_path / "torn.png").write_bytes(whole[:100])
    for name, said in (
        ("other.png", "does not say what it was drawn from"),
        ("a.jpg", "does not say what it was drawn from"),
        ("text.png", "is not a picture"),
        ("torn.png", "torn"),
        ("missing.png", "No such file"),
    ):
        with pytest.raises(UserError, match=said) as error:
            read_provenance(tmp_path / name)
        assert name in str(error.value)


def test_a_picture_of_any_size_says_what_it_was_drawn_from(tmp_path):
    size = Size(width=2**20, height=2**20)
    strips = iter([np.zeros((1, size.width, 1), np.uint8)])
    stream = png_stream(strips, size=size, channels=1, level=0, text=PROVENANCE.text())
    with (tmp_path / "a.png").open("wb") as file:
        file.writelines(itertools.islice(stream, 12))
    assert read_provenance(tmp_path / "a.png") == PROVENANCE


@pytest.mark.parametrize("name", ["a.gif", "a.webp"])
def test_an_animation_says_what_it_was_drawn_from(tmp_path, name):
    motion = Motion(24, 12.0, "slerp", loop=True, views=((1.0, (0.0, 0.0)), (40.0, (0.5, -0.25))))
    provenance = msgspec.structs.replace(PROVENANCE, model="runs/字", motion=motion)
    frames = [IMAGE, IMAGE + 0.5]
    path = save_animation(frames, tmp_path / name, text=provenance.text())
    assert read_provenance(path) == provenance
    assert provenance.text()["Motion"] == (
        "24 frames from one to the next, 12 in a second; slerp, loop; "
        "zoom 1 at 0,0 to zoom 40 at 0.5,-0.25"
    )
    silent = save_animation(frames, tmp_path / name)
    with pytest.raises(UserError, match="does not say what it was drawn from"):
        read_provenance(silent)


@pytest.mark.parametrize("comment", [b"Made with GIMP", b"[1]", b"\xff", b'{"Settings": "{}"}'])
def test_other_comments_are_not_taken_for_it(tmp_path, comment):
    Image.new("L", (2, 2)).save(tmp_path / "a.gif", comment=comment)
    with pytest.raises(UserError, match=r"a\.gif does not say what it was drawn from"):
        read_provenance(tmp_path / "a.gif")
