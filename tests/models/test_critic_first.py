import numpy as np
import pytest

from kerasgan.models import WGAN, WGANGP


def moves(model, reals, batches):
    """Who moved in each batch: "c" for the critic, "g" for the generator."""
    seen = []
    for _ in range(batches):
        before = [network.get_weights() for network in (model.critic, model.generator)]
        model.train_step(reals.images)
        after = [network.get_weights() for network in (model.critic, model.generator)]
        seen.append(
            "".join(
                name
                for name, old, new in zip("cg", before, after, strict=True)
                if any(np.any(a != b) for a, b in zip(old, new, strict=True))
            )
        )
    return seen


@pytest.mark.parametrize("objective", [WGAN, WGANGP])
@pytest.mark.parametrize(
    ("n_critic", "pretraining", "expected"),
    [
        (1, 0, ["cg", "cg", "cg"]),
        (3, 0, ["c", "c", "cg", "c", "c", "cg", "c"]),
        (1, 2, ["c", "c", "cg", "cg"]),
        (2, 2, ["c", "c", "c", "cg", "c", "cg"]),
        (2, 3, ["c", "c", "c", "cg", "c", "cg"]),
        (3, 1, ["c", "c", "cg", "c", "c", "cg"]),
        (5, 4, ["c", "c", "c", "c", "cg", "c"]),
    ],
)
def test_generator_moves_after_every_n_critic_batches_once_pretraining_is_over(
    linear_game, reals, objective, n_critic, pretraining, expected
):
    # Small steps and loose clipping: every update changes some bit.
    model = linear_game(objective, n_critic=n_critic, pretraining=pretraining)
    for optimizer in (model.generator_optimizer, model.discriminator_optimizer):
        optimizer.learning_rate = 2.0**-12
    if objective is WGAN:
        model.clip_value = 1e9
    assert moves(model, reals(), len(expected)) == expected
    assert int(model.discriminator_optimizer.iterations) == len(expected)
    assert int(model.generator_optimizer.iterations) == expected.count("cg")
    assert int(model.batches_seen) == len(expected)


def test_pretraining_is_told_by_the_number_of_batches_seen(linear_game, reals):
    model = linear_game(WGAN, pretraining=2)
    told = []
    for _ in range(4):
        told.append(bool(model.is_pretraining))
        model.train_step(reals().images)
    assert told == [True, True, False, False]


def test_each_critic_update_has_fakes_of_its_own(linear_game):
    model = linear_game(WGAN)
    latents = []
    for number in range(5):
        model.batches_seen.assign(number)
        latents.append(model.latents(2, "critic latents").numpy())
    assert len(np.unique(latents)) == np.size(latents)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pretraining": -1}, "pretraining must be 0, 1, 2, ... Received: pretraining=-1"),
        ({"pretraining": 0.5}, "Received: pretraining=0.5"),
        ({"n_critic": 2.0}, "n_critic must be 1, 2, 3, ... Received: n_critic=2.0"),
    ],
)
def test_bad_options_are_named(linear_generator, linear_discriminator, options, message):
    with pytest.raises(ValueError, match=message):
        WGAN(linear_generator(), linear_discriminator(), image_range=(0, 1), **options)
