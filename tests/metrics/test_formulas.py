"""Each measure against its formula, written out."""

from functools import partial

import numpy as np
import pytest
import scipy.linalg

from kerasgan.errors import UserError
from kerasgan.metrics import (
    density_coverage,
    frechet_distance,
    kernel_distance,
    neighbours,
    precision_recall,
)
from kerasgan.metrics import feature_set as feature_set_module
from kerasgan.metrics.feature_set import ROWS, FeatureSet
from kerasgan.metrics.model_measures import class_spread, critic_distance, style_entropy


@pytest.fixture(params=[(60, 40, 8), (20, 25, 50)], ids=["many", "fewer than features"])
def sets(request):
    """Two sets of features, one beside the other and wider."""
    reals, fakes, features = request.param
    random = np.random.default_rng(1)
    mixing = random.normal(size=(features, features))
    return (
        random.normal(size=(reals, features)),
        0.4 + random.normal(size=(fakes, features)) @ mixing / 4,
    )


def distance(x, y):
    return np.sqrt(sum((a - b) ** 2 for a, b in zip(x, y, strict=True)))


def radius(index, features, k):
    return sorted(distance(features[index], x) for i, x in enumerate(features) if i != index)[k - 1]


def in_ball(x, index, features, k):
    return distance(x, features[index]) <= radius(index, features, k)


def test_frechet_distance_is_that_of_matrix_roots(sets):
    reals, fakes = sets
    covariances = np.cov(reals, rowvar=False), np.cov(fakes, rowvar=False)
    # A covariance of few images has no root by iteration: give it a full rank that hardly counts.
    full = [each + 1e-14 * np.eye(len(each)) for each in covariances]
    root = scipy.linalg.sqrtm(scipy.linalg.sqrtm(full[0]) @ full[1] @ scipy.linalg.sqrtm(full[0]))
    expected = np.square(reals.mean(0) - fakes.mean(0)).sum() + np.trace(sum(covariances))
    expected -= 2 * np.trace(root.real)
    assert frechet_distance(reals, fakes) == pytest.approx(expected, rel=1e-6)


def test_frechet_distance_of_one_feature_is_that_of_two_normal_distributions():
    reals, fakes = np.array([[0.0], [2.0], [4.0]]), np.array([[1.0], [1.5], [5.0]])
    deviations = np.std(reals, ddof=1), np.std(fakes, ddof=1)
    expected = (reals.mean() - fakes.mean()) ** 2 + (deviations[0] - deviations[1]) ** 2
    assert frechet_distance(reals, fakes) == pytest.approx(expected)


def test_frechet_distance_of_a_set_to_itself_is_zero(sets):
    assert frechet_distance(sets[0], sets[0]) == pytest.approx(0.0, abs=1e-9)


def unbiased(reals, fakes):
    """The estimate, pair by pair."""

    def kernel(x, y):
        return (np.dot(x, y) / len(x) + 1) ** 3

    def within(x):
        pairs = [(i, j) for i in range(len(x)) for j in range(len(x)) if i != j]
        return np.mean([kernel(x[i], x[j]) for i, j in pairs])

    across = np.mean([kernel(x, y) for x in reals for y in fakes])
    return within(reals) + within(fakes) - 2 * across


def test_kernel_distance_is_the_sum_over_pairs(sets):
    reals, fakes = sets
    found = kernel_distance(reals, fakes)
    assert found.value == pytest.approx(unbiased(reals, fakes), rel=1e-6)
    blocks = [
        unbiased(r, f)
        for r, f in zip(np.array_split(reals, 10), np.array_split(fakes, 10), strict=True)
    ]
    assert found.standard_error == pytest.approx(np.std(blocks, ddof=1) / np.sqrt(10), rel=1e-6)


def test_kernel_distance_of_one_distribution_is_zero_on_average():
    random = np.random.default_rng(0)
    values = [kernel_distance(*random.normal(size=(2, 40, 4))).value for _ in range(200)]
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(200)


@pytest.mark.parametrize("k", [1, 3])
def test_precision_and_recall_count_members_of_balls(sets, k):
    reals, fakes = sets
    precision = np.mean([any(in_ball(f, i, reals, k) for i in range(len(reals))) for f in fakes])
    recall = np.mean([any(in_ball(r, j, fakes, k) for j in range(len(fakes))) for r in reals])
    assert precision_recall(reals, fakes, k=k) == pytest.approx((precision, recall))


@pytest.mark.parametrize("k", [1, 5])
def test_density_and_coverage_count_members_of_balls(sets, k):
    reals, fakes = sets
    inside = np.array([[in_ball(f, i, reals, k) for f in fakes] for i in range(len(reals))])
    expected = inside.sum() / (k * len(fakes)), inside.any(axis=1).mean()
    assert density_coverage(reals, fakes, k=k) == pytest.approx(expected)


def test_features_beyond_one_block_of_rows_are_compared_too():
    random = np.random.default_rng(0)
    reals = random.normal(size=(ROWS + 5, 2))
    # The last fake alone lies among the reals, and next to the last of them.
    fakes = np.concatenate([random.normal(size=(ROWS + 5, 2)) + 50, reals[-1:] + 1e-3])
    assert precision_recall(reals, fakes).precision == pytest.approx(1 / len(fakes))
    found = neighbours(reals, fakes, reals[:60] + 1.0)
    assert found.indices[-1] == len(reals) - 1
    assert found.distances[-1] == pytest.approx(1e-3 * np.sqrt(2), rel=1e-6)


def test_a_near_copy_is_nearer_than_99_of_100_other_reals():
    reals = np.zeros((1, 1))
    others = np.arange(1.0, 1001.0)[:, None]
    found = neighbours(reals, np.array([[9.0], [10.0], [12.0], [500.0]]), others)
    assert found.near_copies == 0.5
    assert found.real_near_copies == 0.01


@pytest.mark.parametrize("count", [1, 2, 50, 100, 101, 102, 1000])
def test_the_near_copies_among_other_reals_are_a_hundredth_rounded_up(count):
    others = np.random.default_rng(count).random((count, 1))
    found = neighbours(np.full((1, 1), -1.0), others, others)
    # The first value that is not below the quantile is at the place (count - 1) / 100, rounded up.
    assert found.real_near_copies == pytest.approx(-(-(count - 1) // 100) / count)


@pytest.mark.parametrize(
    ("measure", "reals", "fakes"),
    [
        (frechet_distance, 2, 2),
        (kernel_distance, 20, 20),
        (precision_recall, 4, 4),
        (density_coverage, 6, 1),
        (partial(precision_recall, k=1), 2, 2),
    ],
)
def test_fewer_images_than_a_measure_has_a_meaning_of_are_refused(measure, reals, fakes):
    features = np.random.default_rng(0).normal(size=(reals + fakes, 3))
    assert np.isfinite(measure(features[:reals], features[reals:])).all()
    with pytest.raises(UserError, match=f"at least {reals} reals. Received: {reals - 1}"):
        measure(features[: reals - 1], features[reals:])
    with pytest.raises(UserError, match=f"at least {fakes} fakes. Received: {fakes - 1}"):
        measure(features[:reals], features[reals : reals + fakes - 1])


def test_features_are_rows(sets):
    reals, fakes = sets
    with pytest.raises(UserError, match=r"fakes must have the shape .* shape \(8,\)|\(50,\)"):
        frechet_distance(reals, fakes[0])
    with pytest.raises(UserError, match=r"k must be an integer of at least 1.* k=1\.5"):
        density_coverage(reals, fakes, k=1.5)
    with pytest.raises(UserError, match="at least 1 other reals"):
        neighbours(reals, fakes, reals[:0])


def test_copies_of_reals_are_near_copies():
    random = np.random.default_rng(0)
    reals, others = random.normal(size=(2, 200, 8))
    fakes = np.concatenate([reals[10:40] + 1e-4, 30.0 + random.normal(size=(70, 8))])
    found = neighbours(reals, fakes, others)
    assert found.near_copies == 0.3
    assert found.real_near_copies <= 0.01
    np.testing.assert_array_equal(found.indices[:30], range(10, 40))
    assert found.real_median == pytest.approx(
        np.median([min(distance(o, r) for r in reals) for o in others])
    )


def test_copies_among_the_reals_hide_no_copies_of_them():
    random = np.random.default_rng(0)
    reals, others = random.normal(size=(2, 200, 8))
    others[:10] = reals[:10]
    half = np.concatenate([reals[50:100], random.normal(size=(50, 8))])
    found = neighbours(reals, half, others)
    assert 0.5 <= found.near_copies <= 0.55
    assert found.real_near_copies == pytest.approx(12 / 200)
    assert neighbours(reals, reals, others).near_copies == 1.0


def test_style_entropy_is_that_of_the_probabilities():
    logits = np.random.default_rng(0).normal(size=(9, 4)) * 3
    for ambiguity, raw in (("softmax", np.exp(logits)), ("sigmoid", 1 / (1 + np.exp(-logits)))):
        p = raw / raw.sum(axis=1, keepdims=True)
        expected = np.mean([-sum(x * np.log(x) for x in row) for row in p]) / np.log(4)
        assert style_entropy(logits, ambiguity=ambiguity) == pytest.approx(expected)
    assert style_entropy(np.zeros((3, 4))) == pytest.approx(1.0)
    assert style_entropy(np.array([[1000.0, 0.0, -1000.0]])) == pytest.approx(0.0)


def test_critic_distance_is_the_difference_of_means_with_its_error():
    reals, fakes = np.array([1.0, 2.0, 6.0]), np.array([0.0, -4.0])
    found = critic_distance(reals, fakes)
    assert found.value == pytest.approx(5.0)
    assert found.standard_error == pytest.approx(np.sqrt(7.0 / 3 + 8.0 / 2))


def test_class_spread_counts_classes_that_are_not_all_but_missing():
    reals = np.repeat([0, 1, 2], [50, 30, 20])
    # Of 100, a tenth of what reals have is 5, 3 and 2; class 3 is not among the reals.
    spread = class_spread(np.repeat([0, 1, 2, 3], [90, 2, 2, 6]), reals, 4)
    p = np.array([0.9, 0.02, 0.02, 0.06])
    assert spread.coverage == pytest.approx(2 / 3)
    assert spread.entropy == pytest.approx(-(p * np.log(p)).sum() / np.log(4))
    assert class_spread(np.zeros(9, int), reals, 4) == pytest.approx((1 / 3, 0.0))
    assert class_spread(np.arange(8) % 4, reals, 4) == pytest.approx((1.0, 1.0))


def all_measures(reals, fakes, others):
    found = neighbours(reals, fakes, others)
    return [
        *kernel_distance(reals, fakes),
        *precision_recall(reals, fakes),
        *density_coverage(reals, fakes),
        frechet_distance(reals, fakes),
        *found.distances,
        *found.indices,
        *found.real_distances,
    ]


def test_measures_that_share_distances_give_the_same_numbers(monkeypatch):
    arrays = np.random.default_rng(0).normal(size=(3, 50, 6))
    expected = all_measures(*arrays)
    assert all_measures(*map(FeatureSet, arrays)) == expected
    # Sets too large for their distances to be kept.
    monkeypatch.setattr(feature_set_module, "_MOST_KEPT", 0)
    monkeypatch.setattr(feature_set_module, "ROWS", 16)
    assert all_measures(*map(FeatureSet, arrays)) == pytest.approx(expected, rel=1e-9)


def test_distances_between_two_sets_are_computed_once(monkeypatch):
    computed = []
    compute = FeatureSet._computed

    def counted(self, other):
        computed.append((len(self), len(other)))
        return compute(self, other)

    random = np.random.default_rng(0)
    reals, fakes = (FeatureSet(random.normal(size=(n, 4))) for n in (40, 30))
    monkeypatch.setattr(FeatureSet, "_computed", counted)
    precision_recall(reals, fakes)
    density_coverage(reals, fakes)
    kernel_distance(reals, fakes)
    fakes.nearest_in(reals)
    assert sorted(size for size in computed if min(size) > 4) == [(30, 30), (30, 40), (40, 40)]
    # Another real set has other distances.
    others = FeatureSet(random.normal(size=(40, 4)) + 9)
    assert fakes.nearest_in(others)[0].min() > 1.0


@pytest.mark.parametrize("measure", [frechet_distance, kernel_distance, precision_recall])
def test_features_of_two_networks_or_that_are_not_finite_are_refused(sets, measure):
    reals, fakes = (features.copy() for features in sets)
    with pytest.raises(UserError, match=r"one network. Received: fakes of 7 numbers beside others"):
        measure(reals, fakes[:, :7])
    fakes[3, 1] = np.nan
    with pytest.raises(UserError, match=r"fakes must be finite numbers. Received: others in row 3"):
        measure(reals, fakes)
