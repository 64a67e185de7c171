import functools
import json
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from kerasgan.models import (
    ACGAN,
    CAN,
    R3GAN,
    WGAN,
    WGANGP,
    FastGAN,
    ProjectedCGAN,
    ProjectedGAN,
    VisionAidedFastGAN,
    WassersteinACGAN,
)
from kerasgan.precision import dtype_policy
from kerasgan.recipes.parameters import parameters
from tests.models.games import (
    BATCHES,
    FLOATS,
    HALF,
    OBJECTIVES,
    OPTIONS,
    PLAIN,
    batches,
    data,
    is_same,
    optimizers,
    state,
    train,
)

pytestmark = pytest.mark.early


def over(*objectives):
    return pytest.mark.parametrize("objective", objectives, ids=lambda each: each.__name__)


@pytest.fixture(scope="module")
def run_of(build, tmp_path_factory):
    """Gives an objective's training that was saved half-way, in both forms, and went on."""

    @functools.cache
    def run_of(objective):
        folder = tmp_path_factory.mktemp("run")
        model = build(objective)
        start = state(model)
        model.save_weights(folder / "start.weights.h5")
        train(model, 0, HALF)
        model.save_weights(folder / "half.weights.h5")
        model.save(folder / "half.keras")
        half, half_images = state(model), model.generate(3, seed=0)
        train(model, HALF, BATCHES)
        return SimpleNamespace(
            objective=objective,
            model=model,
            start=start,
            half=half,
            half_images=half_images,
            final=state(model),
            folder=folder,
        )

    return run_of


@pytest.fixture(params=OBJECTIVES, ids=lambda each: each.__name__)
def run(request, run_of):
    return run_of(request.param)


def test_training_moves_every_weight_and_stays_finite(run):
    assert all(np.isfinite(value).all() for value in run.final)
    moved = [np.any(start != final) for start, final in zip(run.start, run.final, strict=True)]
    of_weights = zip(run.model.variables, moved, strict=False)  # Those of optimizers follow.
    still = [variable.path for variable, has_moved in of_weights if not has_moved]
    # A bias of the scores cancels out of the difference of scores that these losses are.
    is_difference = hasattr(run.model, "critic") or run.objective is R3GAN
    allowed = {"scores/bias"} if is_difference else set()
    assert set(still) <= allowed
    assert all(int(optimizer.iterations) > 0 for optimizer in optimizers(run.model))
    assert int(run.model.batches_seen) == BATCHES


def test_a_model_taken_back_to_its_weights_half_way_trains_on_to_the_same_bits(run):
    # Loading has to bring back all that has moved since, in weights and optimizers alike.
    run.model.load_weights(run.folder / "half.weights.h5")
    assert is_same(state(run.model), run.half)
    train(run.model, HALF, BATCHES)
    assert is_same(state(run.model), run.final)


def test_weights_saved_half_way_train_on_to_the_same_bits_in_a_new_model(build, run_of):
    run, resumed = run_of(WGAN), build(WGAN, weights_seed=7)
    resumed.load_weights(run.folder / "half.weights.h5")
    assert is_same(state(resumed), run.half)
    train(resumed, HALF, BATCHES)
    assert is_same(state(resumed), run.final)


def test_saved_model_trains_on_to_the_same_bits(run_of):
    run = run_of(WGAN)
    resumed = keras.saving.load_model(run.folder / "half.keras")
    train(resumed, HALF, BATCHES)
    assert is_same(state(resumed), run.final)


def test_saved_model_is_restored_whole_and_trains_on_in_eager_steps_as_in_the_graph(run):
    resumed = keras.saving.load_model(run.folder / "half.keras")
    assert type(resumed) is run.objective
    assert is_same(state(resumed), run.half)
    assert resumed.get_compile_config() == run.model.get_compile_config()
    assert json.dumps(resumed.get_config()) == json.dumps(run.model.get_config())
    for name, value in OPTIONS[run.objective].items():
        kept = getattr(resumed, name)
        assert (list(kept) if isinstance(value, list) else kept) == value
    np.testing.assert_array_equal(resumed.generate(3, seed=0), run.half_images)

    resumed.run_eagerly = True
    train(resumed, HALF, BATCHES)
    for one, other in zip(state(resumed), run.final, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


def test_how_fit_is_cut_does_not_change_a_bit(run_of):
    run = run_of(WGAN)
    run.model.load_weights(run.folder / "start.weights.h5")
    assert is_same(state(run.model), run.start)
    train(run.model, 0, BATCHES)
    assert is_same(state(run.model), run.final)


def test_steps_per_execution_do_not_change_the_training(build, run_of):
    model = build(WGAN, steps_per_execution=3)
    train(model, 0, BATCHES)
    for one, other in zip(state(model), run_of(WGAN).final, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_images_out_of_range_are_one_clear_error_and_leave_every_bit(run_of):
    model = run_of(WGAN).model
    before = state(model)
    for wrong, low, high in (
        (FLOATS - 0.1, "-0.1", "0.9"),
        (FLOATS + 0.1, "0.1", "1.1"),
        (FLOATS * 255, "0", "255"),
        (np.where(FLOATS > 0.5, np.nan, FLOATS), "nan", "nan"),
    ):
        message = f"Received: .*{low}.* to {high}"
        with pytest.raises(ValueError, match=message):
            model.fit(batches(wrong, size=24), verbose=0)
        assert is_same(state(model), before)


@over(ACGAN, WassersteinACGAN)
def test_wrong_labels_are_one_clear_error_and_leave_every_bit(run_of, objective):
    model = run_of(objective).model
    before = state(model)
    images, right = data(model, 0, 1)
    genres, styles = right["genre"], right["style"]
    for labels, message in (
        (None, r"'genre', 'style'.*Received"),
        (styles, "'genre', 'style'.*Received: .*Tensor$"),
        ({"style": styles}, "'genre', 'style'.*Received: .*'style', .*'genre'$"),
        (right | {"style": np.int32([0, 3, 1, 2])}, "style from 0 to 2. Received: from 0 to 3$"),
        (right | {"genre": np.int32([1, 0, 1, -1])}, "genre from 0 to 1. Received: from -1 to 1$"),
        (
            {"genre": genres, "style": np.float32(styles)},
            r"of 'style', .* Received: float32 of shape \((None|4),\)$",
        ),
    ):
        with pytest.raises(ValueError, match=message):
            model.fit(batches(images, labels), verbose=0)
        assert is_same(state(model), before)


def test_evaluation_moves_no_bit_and_repeats_itself(run):
    model, before = run.model, state(run.model)
    options = {"batch_size": 4, "return_dict": True, "verbose": 0}
    first, second = (model.evaluate(*data(model, 2, 4), **options) for _ in range(2))
    # TensorFlow joins a sum of losses and the sum that a metric keeps to one of three terms, and
    # adds those in the order in which their buffers become free: the last digit may differ.
    assert first == pytest.approx(second, rel=1e-6)
    assert set(first) == {"loss", *run.objective.metric_names}
    assert np.isfinite(list(first.values())).all()
    assert is_same(state(model), before)


@over(*OBJECTIVES)
def test_mixed_bfloat16_training_stays_finite_and_keeps_weights_in_float32(build, objective):
    with dtype_policy("mixed_bfloat16"):
        model = build(objective, run_eagerly=True)
    before = state(model)
    # Two batches of pretraining, and two for an update of the generator.
    last = 4 if objective is WassersteinACGAN else 2
    logs = model.fit(*data(model, 0, last), **PLAIN).history
    optional = {"gate_open": model.schedule, "r1_penalty": model.r1_weight}
    optional = {name for name, is_there in optional.items() if is_there}
    assert set(logs) == {"loss", *objective.metric_names} | optional
    assert all(np.isfinite(values).all() for values in logs.values())
    assert all(np.isfinite(value).all() for value in state(model))
    assert not is_same(state(model), before)
    assert {weight.dtype for weight in model.trainable_weights} == {"float32"}
    assert model.generate(2, seed=0).dtype == np.float32


DEFAULTS = {
    WGAN: {"clip_value": 0.01, "n_critic": 5},
    WGANGP: {"penalty_weight": 10.0, "n_critic": 5},
    WassersteinACGAN: {"penalty_weight": 10.0, "n_critic": 5},
    R3GAN: {"penalty_weight": 1.0, "n_critic": 1},
    CAN: {"ambiguity": "sigmoid", "unrolling": 0, "unrolled_rate": 0.01},
    FastGAN: {
        "reconstruction_weight": 2.0,
        "ema_decay": 0.999,
        "diff_augment": ("color", "translation"),
    },
    ProjectedGAN: {"ema_decay": 0.999, "diff_augment": ("color", "translation", "cutout")},
    ProjectedCGAN: {"ema_decay": 0.999, "diff_augment": ("color", "translation", "cutout")},
    VisionAidedFastGAN: {
        "projected_weight": 1.0,
        "reconstruction_weight": 2.0,
        "ema_decay": 0.999,
        "diff_augment": ("color", "translation", "cutout"),
    },
}


@over(*DEFAULTS)
def test_arguments_that_are_left_out_are_those_of_the_paper_or_its_code(objective):
    found = parameters(objective)
    assert {name: found[name].default for name in DEFAULTS[objective]} == DEFAULTS[objective]
