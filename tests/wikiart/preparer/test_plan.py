import numpy as np

from kerasgan.wikiart.preparer.plan import is_for_testing

NAMES = [f"painting-{number}" for number in range(4000)]


def test_about_the_fraction_is_for_testing():
    part = np.mean(is_for_testing(NAMES, [], 0.05))
    # Five standard deviations of a binomial.
    assert abs(part - 0.05) < 5 * np.sqrt(0.05 * 0.95 / len(NAMES))
    assert not any(is_for_testing(NAMES, [], 0.0))


def test_split_does_not_change_when_the_set_grows_or_is_reordered():
    before = dict(zip(NAMES[:2000], is_for_testing(NAMES[:2000], [], 0.2), strict=True))
    after = dict(zip(NAMES[::-1], is_for_testing(NAMES[::-1], [], 0.2), strict=True))
    assert all(after[name] == before[name] for name in before)


def test_alike_and_equally_named_paintings_are_on_the_same_side():
    names = [*NAMES[:1000], *NAMES[:500]]
    alike = [(first, first + 1) for first in range(0, 400, 4)] + [(1, 2), (2, 777)]
    testing = is_for_testing(names, alike, 0.4)
    assert testing[:500] == testing[1000:]
    assert all(testing[first] == testing[second] for first, second in alike)


def test_no_training_painting_becomes_one_for_testing_by_what_is_like_it():
    alone = np.array(is_for_testing(NAMES, [], 0.4))
    alike = [(number, number + 2000) for number in range(2000)]
    grouped = np.array(is_for_testing(NAMES, alike, 0.4))
    assert grouped.any()
    assert not (grouped & ~alone).any()
