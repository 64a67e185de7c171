import keras
import numpy as np
import pytest
from PIL import Image

import kerasgan
from kerasgan.errors import UserError
from kerasgan.models import WGAN

IMAGES = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 1), np.uint8)


@pytest.fixture
def gan(tiny_generator, tiny_discriminator):
    model = WGAN(tiny_generator(), tiny_discriminator(), n_critic=2)
    model.compile(
        generator_optimizer=keras.optimizers.Adam(0.05),
        discriminator_optimizer=keras.optimizers.Adam(0.01),
        run_eagerly=True,
    )
    return model


def fit(gan, callback, **options):
    gan.fit(IMAGES, batch_size=4, verbose=0, callbacks=[callback], **options)


def test_plain_fit_leaves_grids_at_intervals_and_at_its_end(gan, tmp_path):
    folder = tmp_path / "new" / "samples"
    fit(gan, kerasgan.callbacks.SampleGrid(folder, every=2, seed=7))
    assert sorted(path.name for path in folder.iterdir()) == [
        "000002.png",
        "000004.png",
        "000005.png",
    ]
    pixels = np.asarray(Image.open(folder / "000005.png"))
    # Eight columns of 8x8 images, two pixels apart; the ninth image begins the second row.
    expected = gan.generate(32, seed=7)[8, :, :, 0] * 255
    np.testing.assert_allclose(pixels[10:18, :8].astype(float), expected, atol=0.5001)


def test_a_folder_that_cannot_be_written_to_is_refused_before_the_first_batch(gan, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"Cannot write to the folder .*file"):
        fit(gan, kerasgan.callbacks.SampleGrid(tmp_path / "file" / "samples", every=5))
    assert int(gan.batches_seen) == 0


def test_no_grid_of_a_training_is_taken_for_a_picture_to_train_on(gan, tmp_path):
    fit(gan, kerasgan.callbacks.SampleGrid(tmp_path, every=5))
    Image.new("RGB", (8, 8)).save(tmp_path / "mine.png")
    images = kerasgan.data.load_images("images", path=tmp_path, image_size=8)
    assert len(images) == 1
    assert [file.path for file in images.skipped] == ["000005.png"]


def test_the_end_is_drawn_once(gan, tmp_path):
    grids = kerasgan.callbacks.SampleGrid(tmp_path, every=1)
    fit(gan, grids)
    assert len(list(tmp_path.iterdir())) == 5
    assert (tmp_path / "000005.png").is_file()


def test_early_iterations_have_grids_besides_but_not_again_in_a_later_fit(gan, tmp_path):
    grids = kerasgan.callbacks.SampleGrid(tmp_path, every=100, early=(0, 3), last=100)
    before = gan.generate(32, seed=20)[0, :, :, 0] * 255
    fit(gan, grids)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000000.png", "000003.png"]
    first = np.asarray(Image.open(tmp_path / "000000.png"), float)
    np.testing.assert_allclose(first[:8, :8], before, atol=0.5001)
    (tmp_path / "000000.png").unlink()
    fit(gan, grids)
    assert [path.name for path in tmp_path.iterdir()] == ["000003.png"]


def test_drawing_changes_nothing_in_the_training(gan, tiny_generator, tiny_discriminator, tmp_path):
    fit(gan, kerasgan.callbacks.SampleGrid(tmp_path, every=1), shuffle=False)
    other = WGAN(tiny_generator(), tiny_discriminator(), n_critic=2)
    other.compile(
        generator_optimizer=keras.optimizers.Adam(0.05),
        discriminator_optimizer=keras.optimizers.Adam(0.01),
        run_eagerly=True,
    )
    other.fit(IMAGES, batch_size=4, verbose=0, shuffle=False)
    for one, two in zip(gan.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_intervals_below_1_are_refused(tmp_path):
    with pytest.raises(ValueError, match="every=0"):
        kerasgan.callbacks.SampleGrid(tmp_path, every=0)
