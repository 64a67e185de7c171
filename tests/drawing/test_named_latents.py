import msgspec
import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kerasgan.drawing import (
    DrawnPicture,
    morph,
    resolve_labels,
    resolve_latent,
    sample,
    save_picture,
    write_latents,
)
from kerasgan.drawing.encoding import read_image
from kerasgan.drawing.named_latents import find_latents
from kerasgan.errors import UserError


def test_a_latent_is_named_by_a_seed_a_number_a_file_or_a_picture(plain, tmp_path):
    latents = plain.draw_latents(4, seed=7)
    drawn = sample(plain, 4, seed=7, truncation=0.5)
    third = list(drawn.pictures())[3].save(tmp_path / "third.png")
    file = write_latents(latents[2], tmp_path / "z.npy")
    for text, expected in (
        ("7", latents[0]),
        ("7:3", latents[3]),
        (str(file), latents[2]),
        (str(third), drawn.latents[3]),
    ):
        np.testing.assert_array_equal(resolve_latent(plain, text), expected)


def test_files_may_lie_below_the_home(plain, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    third = list(sample(plain, 4, seed=7).pictures())[3].save(tmp_path / "third.png")
    expected = resolve_latent(plain, str(third))
    np.testing.assert_array_equal(resolve_latent(plain, "~/third.png"), expected)


def test_a_latent_is_named_by_its_number_in_a_file_or_a_grid(plain, tmp_path):
    drawn = sample(plain, seeds=[40, 3, 12])
    grid = drawn.grid().save(tmp_path / "grid.png")
    picks = drawn.save_picks([12, 40], tmp_path / "picks") / "latents.json"
    array = write_latents(drawn.latents, tmp_path / "z.npy")
    for text, row in ((f"{grid}:12", 2), (f"{picks}:40", 0), (f"{array}:1", 1)):
        np.testing.assert_array_equal(resolve_latent(plain, text), drawn.latents[row])
    np.testing.assert_array_equal(find_latents(plain, picks).latents, drawn.latents[[2, 0]])
    for text in (f"{grid}:5", f"{picks}:3", f"{array}:3"):
        with pytest.raises(UserError, match=f"no latent {text[-1]}"):
            resolve_latent(plain, text)
    with pytest.raises(UserError, match="leave out :0"):
        resolve_latent(plain, f"{tmp_path / 'picks' / '12.png'}:0")


def test_the_classes_of_a_latent_are_those_of_its_picture(conditional, tmp_path):
    labels = {"genre": ["portrait", "landscape", "portrait"], "style": [0, 1, 1]}
    drawn = sample(conditional, seeds=[40, 3, 12], labels=labels)
    grid = drawn.grid().save(tmp_path / "grid.png")
    folder = drawn.save_picks([12, 3], tmp_path / "picks")
    for text in (folder / "03.png", f"{folder / 'latents.json'}:3", f"{grid}:3"):
        assert resolve_labels(conditional, text) == {"genre": "landscape", "style": "1"}
    way = morph(conditional, drawn.latents, labels, frames=3)
    way.save(tmp_path / "frames")
    mixed = {"portrait": 0.5, "landscape": 0.5}
    assert resolve_labels(conditional, tmp_path / "frames" / "1.png")["genre"] == mixed
    assert resolve_labels(conditional, way.save(tmp_path / "a.gif"))["genre"] == "portrait"
    for text in ("7:3", write_latents(drawn.latents[0], tmp_path / "z.npy")):
        assert resolve_labels(conditional, text) == {}
    with pytest.raises(UserError, match=r"holds 2 latents; .* such as .*:12"):
        resolve_labels(conditional, folder / "latents.json")


def test_a_picture_that_nobody_drew_has_no_classes(genres, tmp_path):
    path = save_picture(np.zeros((8, 8, 1), np.float32), tmp_path / "a.png")
    assert resolve_labels(genres, path) == {}


@pytest.mark.parametrize("settings", [{"show": 1}, {"labels": {"genre": ()}}])
def test_settings_that_describe_another_picture_are_refused(genres, tmp_path, settings):
    drawn = sample(genres, 1, seed=0).grid()
    forged = msgspec.structs.replace(drawn.provenance, **settings)
    path = DrawnPicture(drawn.image, forged).save(tmp_path / "a.png")
    with pytest.raises(UserError, match=r"a\.png"):
        resolve_labels(genres, path)


def test_a_picture_of_another_model_is_encoded(plain, autoencoder, tmp_path):
    drawn = sample(plain, 1, seed=7)
    path = next(drawn.pictures()).save(tmp_path / "a.png")
    image = read_image(path, autoencoder)[np.newaxis]
    autoencoder.generator.set_weights([w + 0.1 for w in autoencoder.generator.get_weights()])
    with pytest.warns(UserWarning, match=r"a\.png was drawn with other weights, so it is encoded"):
        encoded = resolve_latent(autoencoder, path)
    np.testing.assert_array_equal(encoded, autoencoder.encode(image)[0])


def test_a_picture_whose_settings_cannot_be_read_is_encoded_and_said_so(autoencoder, tmp_path):
    drawn = sample(autoencoder, 1, seed=7)
    path = next(drawn.pictures()).save(tmp_path / "a.png")
    texts = PngInfo()
    with Image.open(path) as picture:
        for name, text in picture.info.items():
            texts.add_text(name, text.replace("{", '{"later": 1, ', 1))
        picture.save(path, pnginfo=texts)
    image = read_image(path, autoencoder)[np.newaxis]
    with pytest.warns(UserWarning, match=r"settings in .*a\.png are damaged or of another version"):
        encoded = resolve_latent(autoencoder, path)
    np.testing.assert_array_equal(encoded, autoencoder.encode(image)[0])
    with pytest.raises(UserError, match="damaged or of another version"):
        resolve_latent(autoencoder, f"{path}:3")


def test_a_grid_or_a_file_of_many_is_no_one_latent(plain, tmp_path):
    grid = sample(plain, 4, seed=7).grid().save(tmp_path / "grid.png")
    many = write_latents(np.eye(3), tmp_path / "many.npy")
    for path, said in ((grid, "grid of 4 pictures"), (many, "holds 3 latents")):
        with pytest.raises(UserError, match=said):
            resolve_latent(plain, str(path))
    with pytest.raises(UserError, match=r"'x\.y' is neither a seed nor a file"):
        resolve_latent(plain, "x.y")
