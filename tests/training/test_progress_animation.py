import numpy as np
import pytest
from PIL import Image

from kerasgan.errors import UserError
from kerasgan.training import progress_animation
from kerasgan.training.progress_animation import animate_progress
from kerasgan.training.run_folder import RunFolder


@pytest.fixture
def run(recipe, tmp_path):
    """A run without pictures."""
    run = RunFolder(tmp_path / "run")
    run.path.mkdir()
    run.create(recipe(), recipe().as_toml(), {"path": "a", "images": 12, "fingerprint": "b"})
    run.samples.mkdir()
    return run


def level(picture):
    return round(float(np.asarray(picture.convert("L")).mean()))


def test_animation_is_thinned_and_bounded_and_goes_from_the_first_grid_to_the_last(
    run, monkeypatch
):
    monkeypatch.setattr(progress_animation, "_MOST_FRAMES", 3)
    monkeypatch.setattr(progress_animation, "_LONGEST_SIDE", 8)
    for iteration in (999_999, 1_000_000, 0, 10, 500):  # names of other lengths, in no order
        shade = {0: 0, 500: 100, 1_000_000: 200}.get(iteration, 255)
        Image.new("L", (16, 12), shade).save(run.samples / f"{iteration:06d}.png")
    (run.samples / "mine.png").write_text("no grid")
    assert animate_progress(run.path) == run.path / "progress.webp"
    with Image.open(run.progress_animation) as animation:
        assert (animation.format, animation.n_frames, animation.size) == ("WEBP", 3, (8, 6))
        shades = []
        for number in range(3):
            animation.seek(number)
            shades.append(level(animation))
    np.testing.assert_allclose(shades, [0, 100, 200], atol=3)


def test_nothing_to_animate_is_said_and_a_damaged_grid_is_named(run, tmp_path):
    with pytest.raises(UserError, match="no pictures yet"):
        animate_progress(run.path)
    (run.samples / "000010.png").write_text("no picture")
    with pytest.raises(UserError, match=r"000010\.png"):
        animate_progress(run.path)
    assert not run.progress_animation.exists()
    with pytest.raises(UserError, match=r"There is no folder .*nowhere"):
        animate_progress(tmp_path / "nowhere")
    with pytest.raises(UserError, match=r"no run\.json"):
        animate_progress(tmp_path)
