import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kerasgan.drawing import (
    Provenance,
    Size,
    draw_again,
    read_provenance,
    render_to_file,
    sample,
)
from kerasgan.drawing.from_provenance import check_in_memory
from kerasgan.drawing.latents import packed
from kerasgan.drawing.metadata import check_plausible
from kerasgan.drawing.provenance import fingerprint
from kerasgan.errors import UserError


def png(path, provenance, size):
    info = PngInfo()
    for keyword, text in provenance.text().items():
        info.add_text(keyword, text)
    Image.fromarray(np.random.default_rng(0).integers(0, 256, size, np.uint8)).save(
        path, pnginfo=info
    )
    return path


def test_what_was_drawn_is_plausible(cppn, conditional, tmp_path):
    drawn = sample(cppn, 70, seed=0)
    paths = [drawn.grid().save(tmp_path / "grid.png")]
    paths += [p.save(tmp_path / f"{n}.png") for n, p in enumerate(drawn.pictures())]
    paths.append(render_to_file(cppn, 0, tmp_path / "render.png", Size(width=300, height=20)))
    paths.append(render_to_file(cppn, 0, tmp_path / "far.png", Size(width=99, height=99), zoom=1e9))
    for path in paths:
        check_plausible(path, cppn, read_provenance(path))
    captions = sample(conditional, 3, seed=0).grid(captions=True).save(tmp_path / "captions.png")
    check_plausible(captions, conditional, read_provenance(captions))


@pytest.mark.parametrize(
    "settings",
    [
        {"numbers": tuple(range(5))},
        {"numbers": tuple(range(65)), "show": 0},
        {"numbers": (0,), "show": 1},
        {"numbers": (0,), "show": 0},
        {"numbers": (0,), "size": Size(height=17, width=16)},
        {"numbers": (0,), "size": Size(height=2**20, width=2**20), "show": 0},
        {"latents": packed(np.zeros((5, 3)))},
        {"latents": "AAAA" * 10_000},
    ],
)
def test_more_than_a_file_holds_is_refused_before_it_is_drawn(plain, tmp_path, settings):
    # Four pictures of the model go into it.
    provenance = Provenance(model="plain", weights="", seed=0, **settings)
    path = png(tmp_path / "a.png", provenance, (16, 16))
    with pytest.raises(UserError, match=r"a\.png says that it shows .* its settings are damaged"):
        check_plausible(path, plain, read_provenance(path))


def test_a_file_is_longer_than_its_pixels_can_be_deflated_to(cppn, tmp_path):
    path = render_to_file(cppn, 0, tmp_path / "a.png", Size(width=2000, height=2000))
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"IDAT") + 100])
    provenance = read_provenance(path)
    with pytest.raises(UserError, match=r"2000x2000 pixels in .* bytes cannot"):
        check_plausible(path, cppn, provenance)


def test_what_does_not_fit_in_memory_is_refused_before_it_is_drawn(plain, cppn):
    large, small = Size(height=4096, width=4096), Size(height=1000, width=1000)
    check_in_memory(plain, 100_000)
    with pytest.raises(UserError, match="do not fit in memory together; draw at most 100,000"):
        check_in_memory(plain, 100_001)
    check_in_memory(cppn, 6, large)
    with pytest.raises(UserError, match="draw at most 6 at once"):
        check_in_memory(cppn, 7, large)
    latents = np.zeros((200, 3))
    with pytest.raises(UserError, match=r"200 pictures of 1000x1000 do not fit .* at most 100 at"):
        sample(cppn, latents=latents, size=small)
    provenance = Provenance(
        model="", weights=fingerprint(cppn), latents=packed(latents), size=small
    )
    with pytest.raises(UserError, match="do not fit in memory together"):
        draw_again(cppn, provenance)
    with pytest.raises(ValueError, match="best_of must be at most 1,000,000"):
        sample(plain, 1001, best_of=1000)
