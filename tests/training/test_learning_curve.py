import numpy as np
from PIL import Image

from kerasgan.training.callbacks.learning_curve import draw_learning_curve


def line(seconds, **values):
    return {"iteration": int(seconds), "seconds": seconds, "generator_loss": 1.0, **values}


def pixels(path):
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def test_curves_show_measures_and_losses(tmp_path):
    plain = [line(60.0 * step) for step in range(50)]
    measured = [
        {**each, "frechet_ratio": 5 - step / 25, "precision": 0.5, "recall": 0.1, "coverage": 0.2}
        if step % 10 == 0
        else each
        for step, each in enumerate(plain)
    ]
    assert draw_learning_curve(plain, tmp_path / "plain.png")
    assert draw_learning_curve(measured, tmp_path / "measured.png")
    one, other = pixels(tmp_path / "plain.png"), pixels(tmp_path / "measured.png")
    assert one.shape == other.shape == (600, 800, 3)
    half = one.shape[0] // 2
    assert np.abs(one - other)[:half].max() > 100


def test_without_a_loss_there_is_nothing_to_draw(tmp_path):
    assert not draw_learning_curve([], tmp_path / "none.png")
    assert not list(tmp_path.iterdir())
