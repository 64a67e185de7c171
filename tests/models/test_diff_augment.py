import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models import GAN, WGAN, HingeGAN
from kerasgan.models.base.noise import Noise
from kerasgan.models.diff_augment import check_policies, diff_augment
from kerasgan.randomness import stateless
from tests.models.equations import (
    discriminator_weights,
    draw,
    generator_weights,
    log_sigmoid,
    pixels,
    score,
)

SEED = 3
POLICIES = ("color", "translation", "cutout")


def draws(shape, policy, step=7, seed=SEED, purpose="x"):
    """The uniform numbers of one policy."""
    return stateless.uniform(shape, seed=seed, step=step, purpose=f"{purpose} {policy}").numpy()


def color(images, step=7, **keys):
    """Brightness, saturation, contrast of images in [-1, 1], one after the other."""
    numbers = draws((3, len(images), 1, 1, 1), "color", step, **keys)
    changed = []
    for image, (brightness, saturation, contrast) in zip(
        images, numbers.reshape(3, -1).T, strict=True
    ):
        image = image + (brightness - 0.5)
        grey = image.mean(-1, keepdims=True)
        image = grey + 2 * saturation * (image - grey)
        changed.append(image.mean() + (0.5 + contrast) * (image - image.mean()))
    return np.array(changed)


def translation(images, step=7, **keys):
    """Shifts by up to an eighth of the side; what comes in is 0."""
    changed = np.zeros_like(images)
    numbers = draws((2, len(images)), "translation", step, **keys)
    for number, image in enumerate(images):
        shifts = []
        for side, uniform in zip(image.shape[:2], numbers[:, number], strict=True):
            largest = round(side / 8 + 1e-9)
            shifts.append(int(np.floor(uniform * (2 * largest + 1))) - largest)
        for row, column in np.ndindex(image.shape[:2]):
            to = row + shifts[0], column + shifts[1]
            if 0 <= to[0] < image.shape[0] and 0 <= to[1] < image.shape[1]:
                changed[number][to] = image[row, column]
    return changed


def cutout(images, step=7, **keys):
    """A hole of half the side, its centre on any pixel, filled with 0."""
    changed = images.copy()
    numbers = draws((2, len(images)), "cutout", step, **keys)
    for number, image in enumerate(images):
        parts = []
        for side, uniform in zip(image.shape[:2], numbers[:, number], strict=True):
            length = round(side / 2 + 1e-9)
            first = int(np.floor(uniform * (side + 1 - length % 2))) - length // 2
            parts.append(slice(max(first, 0), max(first + length, 0)))
        changed[number][tuple(parts)] = 0
    return changed


BY_NUMPY = {"color": color, "translation": translation, "cutout": cutout}


def by_numpy(images, policies, low, high, **keys):
    middle, half = (low + high) / 2, (high - low) / 2
    images = (images - middle) / half
    for policy in policies:
        images = BY_NUMPY[policy](images, **keys)
    return images * half + middle


def images(*shape, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, shape)


@pytest.mark.parametrize(
    "policies", [[], *([policy] for policy in POLICIES), POLICIES, POLICIES[::-1]], ids=str
)
@pytest.mark.parametrize(("low", "high"), [(-1, 1), (0, 1), (-3, 5)])
@pytest.mark.parametrize("shape", [(8, 16, 3), (13, 9, 1)], ids=str)
def test_policies_are_those_written_out_in_numpy(policies, low, high, shape):
    given = low + (high - low) * (images(6, *shape) + 1) / 2
    found = augment(given, policies, low=low, high=high)
    assert (found.dtype, found.shape) == (tf.float32, given.shape)
    np.testing.assert_allclose(found, by_numpy(given, policies, low, high), rtol=1e-4, atol=1e-5)


def augment(given, policies, *, step=7, seed=SEED, purpose="x", low=-1, high=1):
    given, noise = tf.constant(given, tf.float32), Noise(seed, step)
    return diff_augment(given, policies, low=low, high=high, noise=noise, purpose=purpose)


def test_transformations_depend_on_seed_batch_and_purpose_and_differ_between_images():
    given = np.repeat(images(1, 16, 16, 3), 4, axis=0)
    one = augment(given, POLICIES).numpy()
    np.testing.assert_array_equal(one, augment(given, POLICIES))
    for other in ({"seed": 4}, {"step": 8}, {"purpose": "y"}):
        assert np.abs(one - augment(given, POLICIES, **other)).max() > 0.1
    assert len(np.unique(one, axis=0)) == 4


def test_translations_reach_an_eighth_of_the_side_each_way_and_no_further():
    side, dots = 32, np.zeros((1200, 32, 32, 1))
    dots[:, 8, 8] = 1
    moved = augment(dots, ["translation"]).numpy()
    found = np.argwhere(moved[..., 0] == 1)
    assert len(found) == np.sum(moved) == len(dots)
    shifts = found[:, 1:] - 8
    for axis in shifts.T:
        seen, counts = np.unique(axis, return_counts=True)
        assert list(seen) == list(range(-side // 8, side // 8 + 1))
        # Each of the nine is expected 133 times, with a deviation of 11.
        assert counts.min() > 90
    assert len(np.unique(shifts, axis=0)) == 81


def test_cutouts_are_a_quarter_of_the_image_and_less_at_its_border():
    side, length = 8, 4
    given = np.ones((600, side, side, 2))
    kept = augment(given, ["cutout"]).numpy()
    assert set(np.unique(kept)) == {0.0, 1.0}
    np.testing.assert_array_equal(kept[..., 0], kept[..., 1])
    areas = np.sum(kept[..., 0] == 0, axis=(1, 2))
    assert areas.max() == length**2 == side**2 / 4
    # Its centre anywhere, on 9 places a side: the hole is cut off to 2 or 3 pixels, or whole.
    sides = [2, 3, 4, 4, 4, 4, 4, 3, 2]
    assert set(areas) == {a * b for a in sides for b in sides}
    expected = np.mean(sides) ** 2
    np.testing.assert_allclose(areas.mean(), expected, rtol=0.05)
    # Every pixel is cut out some time, and left some time.
    assert kept.mean(0).min() > 0
    assert kept.mean(0).max() < 1


def test_color_changes_brightness_saturation_and_contrast_within_the_papers_bounds():
    given = images(400, 4, 4, 3)
    changed = augment(given, ["color"]).numpy()
    shifts = changed.mean((1, 2, 3)) - given.mean((1, 2, 3))
    assert -0.5 <= shifts.min() < -0.45
    assert 0.45 < shifts.max() <= 0.5

    def norm(x):
        return np.sqrt(np.sum(x**2, axis=(1, 2, 3)))

    def grey(x):
        x = x.mean(-1, keepdims=True)
        return norm(x - x.mean((1, 2, 3), keepdims=True))

    contrasts = grey(changed) / grey(given)
    assert 0.5 <= contrasts.min() < 0.55
    assert 1.45 < contrasts.max() <= 1.5
    colored = norm(changed - changed.mean(-1, keepdims=True)) / contrasts
    saturations = colored / norm(given - given.mean(-1, keepdims=True))
    assert 0 <= saturations.min() < 0.1
    assert 1.9 < saturations.max() <= 2 + 1e-5


@pytest.mark.parametrize("policies", [*([policy] for policy in POLICIES), POLICIES], ids=str)
def test_gradient_is_the_transpose_of_the_transformation(policies):
    given = tf.constant(images(2, 8, 8, 2), tf.float32)
    weight = images(2, 8, 8, 2, seed=1)
    with tf.GradientTape() as tape:
        tape.watch(given)
        total = tf.reduce_sum(augment(given, policies) * tf.constant(weight, tf.float32))
    gradient = tape.gradient(total, given).numpy()

    # Affine maps: T(x + d) - T(x) = A d, so that d . (A^T w) = w . A d for every d.
    start = by_numpy(np.float64(given), policies, -1, 1)
    for index in [(0, 0, 0, 0), (0, 3, 4, 1), (1, 7, 7, 0), (1, 5, 2, 1)]:
        step = np.float64(given)
        step[index] += 1.0
        expected = np.sum(weight * (by_numpy(step, policies, -1, 1) - start))
        np.testing.assert_allclose(gradient[index], expected, rtol=1e-4, atol=1e-5)


def test_gradient_of_the_gradient_is_that_of_the_square_beneath():
    given = tf.constant(images(2, 8, 8, 1), tf.float32)

    def penalty(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(augment(x, POLICIES) ** 3)
        return tf.reduce_sum(tape.gradient(total, x) ** 2)

    with tf.GradientTape() as outer:
        outer.watch(given)
        value = penalty(given)
    second = outer.gradient(value, given).numpy()
    assert np.isfinite(second).all()
    assert np.abs(second).max() > 0.1
    direction = images(2, 8, 8, 1, seed=1).astype("float32")
    step = 1e-2
    slope = (penalty(given + step * direction) - penalty(given - step * direction)) / (2 * step)
    np.testing.assert_allclose(np.sum(second * direction), slope, rtol=2e-3)


@pytest.mark.parametrize("policies", [["color"], ["color", "cutout"]], ids=str)
def test_generator_learns_through_the_transformation(linear_game, reals, assert_descends, policies):
    gan = linear_game(GAN, diff_augment=policies)
    z = gan.latents(4, "generator latents 0")
    keys = {"seed": 5, "step": 0, "purpose": "augment generator 0 fakes"}

    def loss(w, b):
        seen = by_numpy(draw(z, w, b).reshape(4, 2, 2, 1), policies, 0, 1, **keys)
        return -np.mean(log_sigmoid(score(seen.reshape(4, 4), *discriminator_weights())))

    assert_descends(
        lambda: gan.update_generator(reals()), loss, gan.generator, still=[gan.discriminator]
    )
    np.testing.assert_allclose(gan.results()["generator_loss"], loss(*generator_weights()), 1e-5)


SHAPE = (8, 8, 1)


def test_policies_are_given_alone_or_together():
    assert check_policies("color", SHAPE) == ("color",)
    assert check_policies(["cutout", "color"], SHAPE) == ("cutout", "color")
    assert check_policies((), SHAPE) == check_policies(None, SHAPE) == ()
    with pytest.raises(ValueError, match=r"any of \('color', .*\)\. Received: .*'shift'"):
        check_policies(["color", "shift"], SHAPE)


DISCRIMINATOR_LOSSES = {
    GAN: lambda real, fake: -np.mean(log_sigmoid(real) + log_sigmoid(-fake)) / 2,
    HingeGAN: lambda real, fake: np.mean(np.maximum(0, 1 - real) + np.maximum(0, 1 + fake)),
    WGAN: lambda real, fake: np.mean(fake - real),
}


@pytest.mark.parametrize("objective", DISCRIMINATOR_LOSSES, ids=lambda each: each.__name__)
def test_discriminator_descends_its_loss_of_augmented_reals_and_fakes(
    linear_game, reals, assert_descends, objective
):
    options = {"clip_value": 1e3} if objective is WGAN else {}
    gan = linear_game(objective, diff_augment=["color"], **options)
    player = "critic" if objective is WGAN else "discriminator"

    def seen(pixels, kind):
        keys = {"seed": 5, "step": 0, "purpose": f"augment {player} {kind}"}
        return by_numpy(pixels.reshape(4, 2, 2, 1), ["color"], 0, 1, **keys).reshape(4, 4)

    real = seen(pixels(reals().images), "reals")
    fake = seen(draw(gan.latents(4, f"{player} latents"), *generator_weights()), "fakes")

    def loss(v, c):
        return DISCRIMINATOR_LOSSES[objective](score(real, v, c), score(fake, v, c))

    assert_descends(
        lambda: gan.update_discriminator(reals()),
        loss,
        gan.discriminator,
        still=(gan.generator,),
    )


def test_images_of_unknown_sides_are_not_moved():
    assert check_policies("color", (None, None, 3)) == ("color",)
    with pytest.raises(ValueError, match=r"of unknown sides\. Received: diff_augment='cutout'"):
        check_policies(["color", "cutout"], (None, None, 3))
