from statistics import NormalDist

import numpy as np
import pytest

from kerasgan.drawing import RandomCPPN, Size, View, render, sample
from kerasgan.drawing.any_size.at_size import draw_at_size
from kerasgan.errors import UserError

cdf = np.vectorize(NormalDist().cdf)


def expected(latent, size, view, *, width, depth, channels, weights):
    """The published network, pixel by pixel in float64."""
    u = 2.0 * cdf(latent[:32]) - 1.0
    rest = iter(2.0 * cdf(latent[32:]) - 1.0 if weights == "uniform" else latent[32:])

    def kernel(rows, columns, fan_in):
        drawn = [[next(rest) for _ in range(columns)] for _ in range(rows)]
        return np.array(drawn) / (np.sqrt(fan_in) if weights == "lecun" else 1.0)

    of_u, of_place = kernel(32, width, 32), kernel(3, width, 1)
    hidden = [kernel(width, width, width) for _ in range(depth - 1)]
    last = kernel(width, channels, width)
    picture = np.empty((size.height, size.width, channels))
    step = 16.0 / (min(size.height, size.width) - 1) / view.zoom
    for row in range(size.height):
        for column in range(size.width):
            x = 8.0 * view.centre[0] + step * (column - (size.width - 1) / 2)
            y = 8.0 * view.centre[1] + step * (row - (size.height - 1) / 2)
            h = np.tanh(u @ of_u + np.array([x, y, np.sqrt(x * x + y * y)]) @ of_place)
            for weight in hidden:
                h = np.tanh(h @ weight)
            picture[row, column] = 1.0 / (1.0 + np.exp(-(h @ last)))
    return picture


@pytest.mark.parametrize("weights", ["normal", "uniform", "lecun"])
def test_it_draws_the_published_network(weights):
    options = {"width": 5, "depth": 3, "channels": 3, "weights": weights}
    model = RandomCPPN(**options)
    assert model.latent_dim == 32 + 32 * 5 + 3 * 5 + 2 * 25 + 5 * 3
    latent = model.draw_latents(1, seed=4)
    size, view = Size(height=4, width=7), View(1.5, (0.25, -0.5))
    drawn = draw_at_size(model, latent, size, view)[0]
    np.testing.assert_allclose(drawn, expected(latent[0], size, view, **options), atol=2e-5)


def test_latents_are_normal_and_each_seed_is_a_network():
    model = RandomCPPN()
    latents = model.draw_latents(20, seed=1)
    assert abs(latents.mean()) < 0.01
    assert abs(latents.std() - 1.0) < 0.01
    np.testing.assert_array_equal(model.numbered_latents([7], seed=1)[0], latents[7])
    assert abs(np.corrcoef(latents[0], model.draw_latents(1, seed=2)[0])[0, 1]) < 0.1


def test_samples_and_renderings_of_a_seed_are_the_same_picture():
    model = RandomCPPN(width=8, channels=1)
    drawn = sample(model, seeds=[3, 9], size=Size(height=6, width=6))
    assert drawn.images.shape == (2, 6, 6, 1)
    alone = render(model, 9, Size(height=6, width=6))
    np.testing.assert_allclose(alone, 255.0 * drawn.images[1], atol=0.51)
    assert model.generate(1, seed=3).shape == (1, 256, 256, 1)


def test_a_name_stands_for_the_network():
    model = RandomCPPN(width=7, depth=2, weights="lecun", channels=1)
    again = RandomCPPN.from_name(model.name)
    assert (again.name, again.fingerprint()) == (model.name, model.fingerprint())
    assert RandomCPPN.from_name("cppn:").name == RandomCPPN().name
    assert RandomCPPN().fingerprint() != model.fingerprint()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("cppn:width=0", "width must be an integer from 1 to 256. Received: width=0"),
        ("cppn:depth=99999999999999999999", "depth must be an integer from 1 to 32"),
        ("cppn:depth=1.5", "Received: depth='1.5'"),
        ("cppn:weights=cauchy", "weights must be one of normal, uniform, lecun"),
        ("cppn:channels=2", "channels must be 3 (RGB) or 1 (grey). Received: channels=2"),
        ("cppn:seed=1", "Received: 'cppn:seed=1'"),
        ("cppn:width=8,width=9", "Received: 'cppn:width=8,width=9'"),
    ],
)
def test_names_that_stand_for_none_are_refused(name, said):
    with pytest.raises(UserError) as error:
        RandomCPPN.from_name(name)
    assert said in str(error.value)


def test_what_needs_a_trained_model_says_so():
    model = RandomCPPN(width=2)
    with pytest.raises(UserError, match="by the critic needs a trained model"):
        sample(model, 1, best_of=2)
    with pytest.raises(UserError, match="do not fit in memory together"):
        RandomCPPN(width=256, depth=32).draw_latents(100, seed=0)


@pytest.mark.parametrize("count", [0, 2.7, "3"])
def test_counts_that_are_not_whole_numbers_above_zero_are_refused(count):
    with pytest.raises(ValueError, match="latents must be the number of images, an integer"):
        RandomCPPN(width=2).generate(count)
