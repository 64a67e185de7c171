import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from kerasgan.data import ImageSet
from kerasgan.errors import UserError
from kerasgan.metrics import (
    Reference,
    density_coverage,
    frechet_distance,
    named_features,
    precision_recall,
)


@pytest.fixture
def reference(squares, network):
    return Reference(squares(240), count=100, features=network())


def test_reals_and_others_share_no_image(reference):
    assert reference.count == 100
    assert len(np.unique(reference.rows)) == 200
    images = np.asarray(reference.images.images)
    np.testing.assert_array_equal(reference.real_images(), images[reference.rows[:100]])
    np.testing.assert_array_equal(reference.other_images(), images[reference.rows[100:]])


def test_other_reals_in_the_place_of_fakes_come_to_the_floor(reference):
    measured = reference.measure(reference.other_images())
    for name, measure in measured.items():
        assert measure.value == pytest.approx(measure.floor), name
        if name not in ("kernel_distance", "near_copies"):
            assert measure.ratio == pytest.approx(1.0)
    # The expectation of the floor is 0: a ratio would say nothing.
    assert measured["kernel_distance"].ratio is None
    assert measured["kernel_distance"].floor_standard_error > 0.0


def test_the_floor_is_the_measure_between_two_sets_of_reals(reference, network):
    features = named_features(network())
    expected = frechet_distance(
        features(reference.real_images()), features(reference.other_images())
    )
    assert reference.floor["frechet_distance"][0] == pytest.approx(expected, rel=1e-6)


def test_neighbourhoods_are_those_of_the_papers(reference, squares, network):
    # Kynkäänniemi et al. take 3 neighbours, and Naeem et al. 5.
    fakes = squares(100, seed=1)
    features = named_features(network())
    of_reals, of_fakes = features(reference.real_images()), features(fakes)
    measured = reference.measure(fakes)
    one, other = (
        precision_recall(of_reals, of_fakes, k=3),
        density_coverage(of_reals, of_fakes, k=5),
    )
    for name in ("precision", "recall"):
        assert measured[name].value == pytest.approx(getattr(one, name)), name
    for name in ("density", "coverage"):
        assert measured[name].value == pytest.approx(getattr(other, name)), name
    assert precision_recall(of_reals, of_fakes) == one
    assert density_coverage(of_reals, of_fakes) == other


def test_half_of_few_images_are_the_reals(squares, network):
    assert Reference(squares(131), count=1000, features=network()).count == 65


def test_the_same_seed_gives_the_same_numbers_and_another_does_not(squares, network):
    fakes = squares(60, seed=1)
    first, same, other = (
        Reference(squares(200), count=60, features=network(), seed=seed).measure(fakes)
        for seed in (3, 3, 4)
    )
    assert first == same
    assert first["frechet_distance"] != other["frechet_distance"]


def changed(images, how):
    random = np.random.default_rng(0)
    levels = images.astype(np.float64)
    if how == "a little blurred":
        levels = gaussian_filter(levels, (0, 1, 1, 0))
    elif how == "blurred":
        levels = gaussian_filter(levels, (0, 3, 3, 0))
    elif how == "a little noised":
        levels += random.normal(0, 20, levels.shape)
    elif how == "noised":
        levels += random.normal(0, 80, levels.shape)
    elif how == "repeated":
        levels = levels[np.arange(len(levels)) % 10]
    elif how == "all alike":
        levels = levels[np.zeros(len(levels), int)]
    return np.clip(np.rint(levels), 0, 255).astype(np.uint8)


def test_spoilt_reals_are_further_away_the_more_they_are_spoilt(squares):
    reference = Reference(squares(120, size=32), features="efficientnet_lite1")

    def measured(how):
        return reference.measure(changed(reference.other_images(), how))

    reals = measured("not")
    for spoilt in ("blurred", "noised"):
        little, much = measured(f"a little {spoilt}"), measured(spoilt)
        for name in ("frechet_distance", "kernel_distance"):
            assert reals[name].value < little[name].value < much[name].value
        for name in ("precision", "coverage"):
            assert reals[name].value >= little[name].value >= much[name].value
            assert reals[name].value > much[name].value


def test_repeated_reals_lose_recall_and_coverage_but_not_precision(reference):
    reals, repeated, alike = (
        reference.measure(changed(reference.other_images(), how))
        for how in ("not", "repeated", "all alike")
    )
    for name in ("recall", "coverage"):
        assert reals[name].value > repeated[name].value > alike[name].value - 1e-9
    assert repeated["precision"].value > 0.8 * reals["precision"].value
    distances = [each["frechet_distance"].value for each in (reals, repeated, alike)]
    assert distances == sorted(distances)


def test_copies_of_the_reals_are_told_from_other_reals(reference):
    measured = reference.measure(reference.real_images())
    assert measured["near_copies"].value == 1.0
    assert measured["neighbour_distance"].value == pytest.approx(0.0, abs=1e-4)
    assert measured["neighbour_distance"].floor > 1e-3


def test_features_of_reals_are_computed_once(squares, network, cache_folder, monkeypatch):
    images = squares(200)
    first = Reference(images, count=60, features=network())
    (cached,) = cache_folder.glob("*.features.npy")
    np.save(cached, np.load(cached) + 1)
    again = Reference(images, count=60, features=network())
    np.testing.assert_array_equal(again.real_features, first.real_features + 1)
    for options in ({"count": 61}, {"seed": 1}, {"features": network(channels=1, size=16)}):
        other = Reference(images, **{"count": 60, "features": network(), **options})
        assert not np.array_equal(other.real_features[:60], again.real_features)
    changed = images.copy()
    changed[0] = 255 - changed[0]
    other = Reference(changed, count=60, features=network())
    assert not np.array_equal(other.real_features, again.real_features)


def test_damaged_cached_features_are_computed_anew(squares, network, cache_folder):
    first = Reference(squares(200), count=60, features=network())
    (cached,) = cache_folder.glob("*.features.npy")
    cached.write_bytes(cached.read_bytes()[:100])
    again = Reference(squares(200), count=60, features=network())
    np.testing.assert_array_equal(again.real_features, first.real_features)


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        (lambda images: images[:99], {}, r"99 images"),
        (lambda images: images, {"count": 49}, r"count=49"),
        (lambda images: images * 2.0, {}, r"from 0 to 508"),
        (lambda images: images / 255.0 - 0.1, {}, r"from -0.1 to"),
        (lambda images: np.where(images > 9, np.nan, 0.0), {}, r"nan"),
        (lambda images: images.astype(np.int32), {}, r"int32"),
        (lambda images: images[..., 0], {}, r"\(240, 8, 8\)"),
    ],
)
def test_bad_images_are_one_line(squares, network, change, options, message):
    with pytest.raises(UserError, match=message):
        Reference(change(squares(240)), features=network(), **options)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda fakes: fakes[:99], r"100.*99 fakes"),
        (lambda fakes: fakes[:, :4, :4], r"4x4x1.*8x8x1"),
        (lambda fakes: np.repeat(fakes, 3, -1), r"8x8x3.*8x8x1"),
        (lambda fakes: fakes / 100, r"in \[0, 1\]"),
    ],
)
def test_bad_fakes_are_one_line(reference, squares, change, message):
    with pytest.raises(UserError, match=message):
        reference.measure(change(squares(100)))


def test_features_of_grey_images_are_not_taken_of_coloured_ones(squares, network):
    colours = np.repeat(squares(200), 3, axis=-1)
    with pytest.raises(UserError, match=r"features tiny are of images of 1 channels, .* have 3"):
        Reference(colours, count=60, features=network())


def test_features_of_a_classifier_need_labels(squares):
    with pytest.raises(UserError, match="labels"):
        Reference(squares(200), features="classifier")


def test_float_images_are_those_of_their_8_bits(squares, network):
    whole, floats = (
        Reference(images, count=60, features=network())
        for images in (squares(200), squares(200) / 255.0)
    )
    np.testing.assert_array_equal(whole.real_features, floats.real_features)
    assert whole.protocol == floats.protocol
    assert isinstance(floats.images, ImageSet)
