import json
from dataclasses import replace

import numpy as np
from PIL import Image

from kerasgan.metrics import Confusion, Evaluation, Measure
from kerasgan.zoo.quality import quality_cells, quality_section, record_quality

PROTOCOL = {
    "features": "efficientnet_lite1",
    "feature_image_size": 128,
    "count": 500,
    "real_images": 1200,
}


def evaluation():
    pairs = np.zeros((20, 4, 4, 3), np.uint8)
    pairs[0::2] = np.arange(10, dtype=np.uint8)[:, None, None, None]
    pairs[1::2] = 100 + np.arange(10, dtype=np.uint8)[:, None, None, None]
    measures = {
        "frechet_distance": Measure(300.0, 100.0),
        "precision": Measure(0.25, 0.7),
        "recall": Measure(0.125, 0.7),
        "genre_accuracy": Measure(0.5, 0.6),
    }
    return Evaluation(PROTOCOL, measures, pairs)


def test_measures_are_kept_beside_what_the_export_recorded(tmp_path):
    (tmp_path / "metrics.json").write_text('{"objective": "WGAN"}')
    record_quality(tmp_path, evaluation())
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert metrics["objective"] == "WGAN"
    assert metrics["quality"]["measures"]["frechet_distance"]["ratio"] == 3.0
    assert metrics["quality"]["protocol"]["count"] == 500


def test_neighbours_show_eight_fakes_above_their_reals(tmp_path):
    (tmp_path / "metrics.json").write_text("{}")
    record_quality(tmp_path, evaluation())
    with Image.open(tmp_path / "neighbours.jpg") as picture:
        pixels = np.asarray(picture.convert("RGB"))[..., 0]
    side = 4 + (pixels.shape[1] - 8 * 4) // 7
    for column in range(8):
        assert abs(int(pixels[0, column * side]) - column) < 8
        assert abs(int(pixels[-1, column * side]) - (100 + column)) < 8


def test_card_and_table_show_the_measures_with_their_protocol():
    quality = evaluation().as_dict()
    text = quality_section(quality)
    assert "| Fréchet distance | 300 | 100 | 3.00 |" in text
    assert "| Genre accuracy | 0.5 | 0.6 | 0.83 |" in text
    for part in ("500 generated", "1,200 real", "efficientnet_lite1", "128x128", "neighbours.jpg"):
        assert part in text
    assert quality_cells(quality) == ["3.0", "0.25", "0.12"]


def test_an_entry_that_was_never_measured_has_neither():
    assert quality_section(None) == ""
    assert quality_cells(None) == ["", "", ""]


def test_card_says_how_well_the_class_head_tells_held_out_images(tmp_path):
    confusion = Confusion.of(
        np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]), ("land_scape", "portrait")
    )
    measured = replace(evaluation(), confusions={"genre": confusion})
    measured.measures["held_out_genre_accuracy"] = Measure(confusion.accuracy, 0.8)
    (tmp_path / "metrics.json").write_text("{}")
    record_quality(tmp_path, measured)
    quality = json.loads((tmp_path / "metrics.json").read_text())["quality"]
    assert quality["confusions"]["genre"]["counts"] == [[2, 1], [0, 1]]
    text = quality_section(quality)
    assert "(confusion.png)" in text
    assert (
        "Of 4 held-out images it names the right one of 2 classes of genre for 75.0 % (83.3 % in "
        "the mean of the classes)."
    ) in text
    assert "is right for 80.0 %, and always naming the commonest class for 75.0 %" in text
    assert "weighted" not in text
    weighted = Measure(0.875, 0.8).as_dict()
    quality["measures"]["held_out_genre_accuracy_by_frequency"] = weighted
    assert "it is right for 87.5 %" in quality_section(quality)
    assert (tmp_path / "confusion.png").is_file()
    record_quality(tmp_path, evaluation())
    assert not (tmp_path / "confusion.png").exists()
