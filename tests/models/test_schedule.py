import re

import keras
import msgspec
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models import ACGAN, CAN, GAN, LSGAN, R3GAN, VAEGAN, WGAN, HandicapSchedule, HingeGAN
from tests.models.games import moves

ONE = {"style": 3}


def over(*objectives):
    return pytest.mark.parametrize("objective", objectives, ids=lambda each: each.__name__)


@pytest.fixture
def game(linear_game):
    """Builds an objective's linear game of small steps, of which each changes some bit."""

    def game(objective, **options):
        if objective.takes_classes:
            options |= {"classes": ONE, "generator_classes": ONE if objective is ACGAN else None}
        model = linear_game(objective, **options)
        for optimizer in (model.generator_optimizer, model.discriminator_optimizer):
            optimizer.learning_rate = 2.0**-12
        return model

    return game


@pytest.mark.parametrize(
    "bound", ["stop_generator_below", "generator_loss_below", "discriminator_loss_above"]
)
@pytest.mark.parametrize("value", ["0.8", True, float("nan"), float("inf"), [0.8]])
def test_a_bound_that_is_no_finite_number_is_named(bound, value):
    message = f"{bound} must be a finite number. Received: {bound}={value!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        HandicapSchedule(**{bound: value})


@over(GAN, LSGAN, HingeGAN, CAN, ACGAN)
@pytest.mark.parametrize("handicap", [1, 3])
def test_generator_moves_first_and_as_often_as_its_handicap(game, reals, objective, handicap):
    model = game(objective, schedule=HandicapSchedule(handicap=handicap))
    classes = ONE if objective.takes_classes else None
    assert moves(model, reals(classes), 3) == [["g"] * handicap + ["d"]] * 3
    assert int(model.generator_optimizer.iterations) == 3 * handicap
    assert int(model.discriminator_optimizer.iterations) == 3


@over(GAN, LSGAN, HingeGAN, CAN, ACGAN)
def test_a_shut_gate_holds_the_discriminator_back(game, reals, objective):
    # Losses are far above -100 and below 100. That of a CAN's generator is at least 3 H(1/3).
    below = 1.92 if objective is CAN else -100.0
    for schedule, expected in (
        (HandicapSchedule(generator_loss_below=below), ["g"]),
        (HandicapSchedule(discriminator_loss_above=100.0), ["g"]),
        (
            HandicapSchedule(generator_loss_below=100.0, discriminator_loss_above=-100.0),
            ["g", "d"],
        ),
    ):
        model = game(objective, schedule=schedule)
        classes = ONE if objective.takes_classes else None
        assert moves(model, reals(classes), 2) == [expected] * 2
        assert float(model.results()["gate_open"]) == ("d" in expected)


def test_each_turn_of_the_generator_and_the_discriminator_have_fakes_of_their_own(game, reals):
    model = game(GAN, schedule=HandicapSchedule(handicap=3))
    drawn, latents = [], model.latents
    model.latents = lambda count, purpose: drawn.append(latents(count, purpose)) or drawn[-1]
    for _ in range(2):
        model.train_step(reals().images)
    assert len(drawn) == 2 * 4
    assert len(np.unique(drawn)) == np.size(drawn)


@pytest.mark.parametrize(
    ("below", "above", "expected"),
    [
        (None, None, [True, True, True, True]),
        (0.75, None, [True, False, True, False]),
        (None, 0.6, [True, True, False, False]),
        (0.75, 0.6, [True, False, False, False]),
    ],
)
def test_gate_opens_only_beyond_both_bounds(below, above, expected):
    schedule = HandicapSchedule(generator_loss_below=below, discriminator_loss_above=above)
    losses = [(0.7, 0.7), (0.8, 0.7), (0.7, 0.5), (0.8, 0.5)]
    assert [bool(schedule.gate_is_open(*pair)) for pair in losses] == expected
    # A loss on the bound does not pass it.
    if below and above:
        assert not schedule.gate_is_open(0.75, 0.7)
        assert not schedule.gate_is_open(0.7, 0.6)


@pytest.mark.parametrize(
    ("options", "received"),
    [
        ({"handicap": 0}, "handicap=0"),
        ({"handicap": 2.0}, "handicap=2.0"),
        ({"handicap": "2"}, "handicap='2'"),
        ({"generator_loss_below": float("nan")}, "generator_loss_below=nan"),
        ({"discriminator_loss_above": float("inf")}, "discriminator_loss_above=inf"),
    ],
)
def test_bad_options_are_named(options, received):
    with pytest.raises(ValueError, match=f"Received: {re.escape(received)}$"):
        HandicapSchedule(**options)


def test_n_critic_and_a_schedule_exclude_each_other(linear_generator, linear_discriminator):
    networks = linear_generator(), linear_discriminator()
    with pytest.raises(ValueError, match=r"Received: n_critic=2, schedule=Handicap.*handicap=3"):
        GAN(*networks, image_range=(0, 1), n_critic=2, schedule=HandicapSchedule(handicap=3))


@pytest.mark.parametrize("schedule", [3, "handicap", {"handicap": 3}], ids=str)
def test_another_kind_of_schedule_is_refused(linear_generator, linear_discriminator, schedule):
    networks = linear_generator(), linear_discriminator()
    message = f"^schedule .*schedule={re.escape(repr(schedule))}$"
    with pytest.raises(ValueError, match=message):
        GAN(*networks, image_range=(0, 1), schedule=schedule)


@over(WGAN, R3GAN)
def test_objectives_of_which_no_paper_has_a_handicap_take_no_schedule(
    linear_generator, linear_discriminator, objective
):
    with pytest.raises(TypeError, match="schedule"):
        objective(
            linear_generator(),
            linear_discriminator(),
            image_range=(0, 1),
            schedule=HandicapSchedule(),
        )


@over(GAN, VAEGAN)
def test_a_saved_model_keeps_its_schedule(
    tiny_generator, tiny_discriminator, tiny_encoder, tmp_path, objective
):
    schedule = HandicapSchedule(
        handicap=np.int64(3), generator_loss_below=0.75, discriminator_loss_above=0.6
    )
    networks = [tiny_generator(), tiny_discriminator()]
    networks += [tiny_encoder()] if objective is VAEGAN else []
    model = objective(*networks, schedule=schedule)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert again.schedule == schedule
    assert model.get_config()["schedule"] == msgspec.json.decode(msgspec.json.encode(schedule))


def test_without_a_schedule_there_is_no_gate_in_the_logs(game, reals):
    assert "gate_open" not in game(GAN).train_step(reals().images)
    assert "gate_open" in game(GAN, schedule=HandicapSchedule()).train_step(reals().images)


@pytest.mark.parametrize(
    ("name", "updates", "opens"),
    [
        # L_G of each update, and the last one with L_D, as his text and his code compare them.
        ("ha_text", {(0.9, 0.55, 0.5, 0.4): 4}, {(0.79, 0.46): 1, (0.81, 0.6): 0, (0.7, 0.44): 0}),
        (
            "ha_code",
            {(0.9, 0.55, 0.5, 0.4): 2, (0.9, 0.8, 0.7, 0.61): 4},
            {(0.74, 0.61): 1, (0.76, 0.7): 0, (0.7, 0.59): 0},
        ),
    ],
)
def test_published_schedules_have_names(game, reals, monkeypatch, name, updates, opens):
    schedule = HandicapSchedule.named(name)
    for (generator, discriminator), expected in opens.items():
        assert bool(schedule.gate_is_open(tf.constant(generator), tf.constant(discriminator))) is (
            expected == 1
        )
    for losses, count in updates.items():
        model = game(GAN, schedule=schedule)
        coming = iter(losses)
        monkeypatch.setattr(
            model,
            "generator_loss",
            lambda real, fake, coming=coming: 0.0 * tf.reduce_sum(fake.scores) + next(coming),
        )
        model.train_step(reals().images)
        assert int(model.generator_optimizer.iterations) == count


def test_an_unknown_schedule_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match=r"are ha_text, ha_code\. Received: 'ha'"):
        HandicapSchedule.named("ha")
