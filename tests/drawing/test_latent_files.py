import json

import numpy as np
import pytest

from kerasgan.drawing import read_latents, write_latents
from kerasgan.drawing.latent_files import picks_as_json, read_labelled
from kerasgan.errors import UserError


@pytest.mark.parametrize("shape", [(3,), (1, 3), (4, 3)])
def test_latents_come_back_as_written(tmp_path, shape):
    latents = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    path = write_latents(latents, tmp_path / "new" / "z.npy")
    np.testing.assert_array_equal(read_latents(path, 3), latents.reshape(-1, 3))


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.float32(1.0), r"shape \(\)"),
        (np.zeros(4), r"have length 3, .* Received: an array of shape \(4,\)"),
        (np.zeros((2, 2, 3)), r"shape \(2, 2, 3\)"),
        (np.zeros((0, 3)), r"shape \(0, 3\)"),
        (np.array([1.0, np.nan, 0.0]), "not finite"),
        (np.array([1e300, 0.0, 0.0]), "not finite"),
        (np.array(["a", "b", "c"]), "real numbers"),
        (np.array([1j, 0, 0]), "real numbers"),
    ],
)
def test_arrays_that_are_no_latents_of_the_model_are_refused(tmp_path, array, said):
    np.save(tmp_path / "z.npy", array)
    with pytest.raises(UserError, match=rf"z\.npy.*{said}"):
        read_latents(tmp_path / "z.npy", 3)


def test_files_that_are_no_arrays_are_refused(tmp_path):
    (tmp_path / "text.npy").write_text("no array")
    (tmp_path / "empty.npy").touch()
    np.save(tmp_path / "objects.npy", np.array([print]), allow_pickle=True)
    for name in ("text.npy", "empty.npy", "objects.npy"):
        with pytest.raises(UserError, match=f"{name} is not a .npy file of numbers"):
            read_latents(tmp_path / name, 3)
    with pytest.raises(UserError, match=r"missing\.npy: No such file"):
        read_latents(tmp_path / "missing.npy", 3)


def test_another_ending_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(UserError, match=r"z\.txt: latents are kept in \.npy files"):
        write_latents(np.zeros(3), tmp_path / "z.txt")
    assert list(tmp_path.iterdir()) == []


def test_picked_latents_come_back_with_their_numbers_to_the_last_bit(tmp_path):
    latents = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)
    picked = dict(zip((19, 3, -7), latents, strict=True))
    path = tmp_path / "latents.json"
    path.write_bytes(picks_as_json("tiny", picked))
    read = read_labelled(path, 5)
    assert read.numbers == (19, 3, -7)
    assert read.labels == {}
    np.testing.assert_array_equal(read.latents, latents)
    np.testing.assert_array_equal(read_latents(path, 5), latents)
    # Any program can read it.
    content = json.loads(path.read_text())
    assert content.keys() == {"model", "latents"}
    assert content["model"] == "tiny"
    np.testing.assert_array_equal(np.float32(content["latents"]["3"]), latents[1])


def test_picked_classes_come_back_with_their_numbers(tmp_path):
    picked = {19: np.ones(2, np.float32), 3: np.zeros(2, np.float32)}
    labels = {"genre": {3: {"portrait": 0.25, "landscape": 0.75}, 19: "portrait"}}
    path = tmp_path / "latents.json"
    path.write_bytes(picks_as_json("tiny", picked, labels))
    read = read_labelled(path, 2)
    assert read.labels == {"genre": ("portrait", {"portrait": 0.25, "landscape": 0.75})}
    assert read.at(1).labels == {"genre": ({"portrait": 0.25, "landscape": 0.75},)}
    content = json.loads(path.read_text())
    assert content["labels"]["genre"] == {
        "3": {"portrait": 0.25, "landscape": 0.75},
        "19": "portrait",
    }


@pytest.mark.parametrize(
    ("labels", "received"),
    [
        (["portrait"], r"Expected `object`, got `array`"),
        ({"genre": ["portrait", "portrait"]}, r"Expected `object`, got `array`"),
        ({"genre": {"3": 1, "4": 1}}, "got `int`"),
        ({"genre": {"3": "portrait", "four": "portrait"}}, "got `str`"),
        ({"genre": {"3": "portrait", "4": {"portrait": 2}}}, "<= 1.0"),
        ({"genre": {"3": "portrait", "4": {"portrait": "1"}}}, "got `str`"),
        ({"genre": {"3": "portrait"}}, "one genre .* a latent of number 4, and no class"),
        ({"genre": {}}, "a latent of number 3, and no class"),
        ({"genre": dict.fromkeys("345", "x")}, "a class of number 5, and no latent"),
        ({"g" * 999: {}}, r"one g{79}… for"),
    ],
)
def test_files_of_other_classes_than_latents_are_refused(tmp_path, labels, received):
    path = tmp_path / "latents.json"
    latents = {"3": [1, 2], "4": [3, 4]}
    path.write_text(json.dumps({"model": "tiny", "latents": latents, "labels": labels}))
    with pytest.raises(UserError, match=rf"latents\.json .*{received}") as error:
        read_latents(path, 2)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "received"),
    [
        ("no JSON", "latents.json"),
        ("[1, 2]", "latents.json"),
        ('{"model": "tiny", "latents": {}}', "0 latents of tiny"),
        ('{"model": "tiny", "latents": {"3": [1, 2]}}', "length 2"),
        ('{"model": "tiny", "latents": {"3": [1, 2, 1e300]}}', "not finite"),
        ('{"model": "tiny", "latents": {"three": [1, 2, 3]}}', "latents.json"),
    ],
)
def test_files_that_hold_no_picked_latents_are_refused(tmp_path, content, received):
    path = tmp_path / "latents.json"
    path.write_text(content)
    with pytest.raises(UserError, match=received):
        read_latents(path, 3)
