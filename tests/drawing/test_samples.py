import io

import numpy as np
import pytest
from PIL import Image

from kerasgan.drawing import Size, draw_again, read_provenance, sample, save_picture, truncate
from kerasgan.drawing.card_samples import (
    card_classes,
    card_sample_count,
    columns_for,
    draw_card_samples,
)
from kerasgan.drawing.latent_files import picks_as_json
from kerasgan.drawing.selection import best_candidate, critic_scores
from kerasgan.errors import UserError
from kerasgan.models import WGAN, WassersteinACGAN


def test_samples_are_what_the_model_generates(plain):
    drawn = sample(plain, 5, seed=3)
    np.testing.assert_array_equal(drawn.images, plain.generate(5, seed=3))
    np.testing.assert_array_equal(drawn.latents, plain.draw_latents(5, seed=3))


def test_random_classes_are_what_the_model_generates(conditional):
    drawn = sample(conditional, 6, {"genre": "portrait"}, seed=3)
    expected = conditional.generate(6, {"genre": "portrait"}, seed=3)
    np.testing.assert_array_equal(drawn.images, expected)


def test_every_class_of_each_label_set_is_drawn_from_the_same_latents(conditional):
    drawn = sample(conditional, 4, seed=5, every_class=True)
    assert drawn.provenance.labels["genre"][:12:4] == ("landscape", "portrait", "still-life")
    rows = [conditional.generate(4, {"genre": number}, seed=5) for number in range(3)]
    rows += [conditional.generate(4, {"style": number}, seed=5) for number in range(2)]
    np.testing.assert_allclose(drawn.images, np.concatenate(rows), atol=1e-6)


def test_a_card_shows_a_row_of_every_class_from_the_same_latents(conditional):
    drawn = draw_card_samples(conditional, seed=5)
    assert len(drawn) == card_sample_count(conditional) == 5 * 8
    expected = sample(conditional, 8, seed=5, every_class=True).images
    np.testing.assert_array_equal(drawn, expected)


def test_a_card_of_very_many_classes_shows_some_of_them(linear_generator, linear_discriminator):
    classes = {"genre": 60, "style": 40}
    model = WassersteinACGAN(
        linear_generator(classes=classes, activation="sigmoid"),
        linear_discriminator(classes=classes),
    )
    shown = card_classes(model)
    assert len(shown) == 32
    assert (shown[0], shown[-1]) == (("genre", "0"), ("style", "36"))
    drawn = draw_card_samples(model, seed=0)
    assert len(drawn) == card_sample_count(model) == 32 * 4
    latents = model.draw_latents(4, seed=0)
    style = model.numbered_labels(None, 4, seed=0)["style"]
    expected = model.generate(latents, {"genre": 1, "style": style})
    np.testing.assert_allclose(
        drawn[:4], model.generate(latents, {"genre": 0, "style": style}), 1e-5
    )
    assert not np.allclose(drawn[:4], expected)


@pytest.mark.parametrize(("rows", "columns"), [(1, 8), (10, 8), (11, 4), (300, 4)])
def test_a_card_of_many_classes_has_few_columns(rows, columns):
    assert columns_for(rows) == columns


def test_truncated_samples_are_drawn_from_truncated_latents(plain):
    drawn = sample(plain, 5, seed=3, truncation=0.5)
    np.testing.assert_array_equal(drawn.latents, truncate(plain.draw_latents(5, seed=3), 0.5))
    np.testing.assert_array_equal(drawn.images, plain.generate(drawn.latents))


def test_each_seed_gives_the_picture_that_it_gives_alone(conditional):
    drawn = sample(conditional, seeds=[7, -3, 19], labels={"genre": "portrait"})
    alone = [sample(conditional, 1, {"genre": "portrait"}, seed=seed) for seed in (7, -3, 19)]
    np.testing.assert_array_equal(drawn.latents, np.concatenate([one.latents for one in alone]))
    np.testing.assert_allclose(
        drawn.images, np.concatenate([one.images for one in alone]), atol=1e-6
    )
    assert drawn.provenance.labels["style"] == tuple(
        one.provenance.labels["style"][0] for one in alone
    )
    assert drawn.numbers == (7, -3, 19)


@pytest.mark.parametrize("options", [{"seed": 3, "count": 2}, {"seeds": [3]}, {"best_of": 2}])
def test_psi_moves_the_latents_that_are_drawn_from(plain, options):
    options = {"seed": 3, **options} if "seeds" not in options else options
    drawn = sample(plain, psi=0.5, **options)
    np.testing.assert_array_equal(drawn.images, plain.generate(drawn.latents))
    if "best_of" not in options:
        np.testing.assert_array_equal(drawn.latents, 0.5 * sample(plain, **options).latents)


def test_the_critic_chooses_each_picture_among_its_own(genres):
    labels = ["portrait", "landscape", "still-life"]
    drawn = sample(genres, 3, labels, seed=2, best_of=5)
    candidates = genres.draw_latents(15, seed=2).reshape(3, 5, -1)
    for index, (latents, label) in enumerate(zip(candidates, labels, strict=True)):
        images = genres.generate(latents, label)
        number = genres.class_names["genre"].index(label)
        verdict = critic_scores(genres, images, {"genre": np.full(5, number)})
        best = best_candidate(verdict)
        np.testing.assert_array_equal(drawn.latents[index], latents[best])
        assert drawn.provenance.numbers[index] == 5 * index + best
        choice = drawn.provenance.selection
        np.testing.assert_allclose(choice.realness[index], verdict.realness[best], rtol=1e-4)
        np.testing.assert_allclose(choice.confidence[index], verdict.confidence[best], rtol=1e-4)


def test_without_classes_the_most_real_is_chosen(plain):
    drawn = sample(plain, 1, seed=2, best_of=9)
    realness = critic_scores(plain, plain.generate(9, seed=2)).realness
    np.testing.assert_array_equal(
        drawn.latents[0], plain.draw_latents(9, seed=2)[realness.argmax()]
    )
    assert drawn.provenance.selection.confidence == ()


@pytest.mark.parametrize(
    "options",
    [
        {"count": 3, "seed": 1},
        {"count": 70, "seed": -4, "truncation": 0.6},
        {"count": 2, "seed": 1, "best_of": 3},
        {"seeds": range(-2, 68), "psi": 0.7},
        {"count": 2, "seed": 1, "best_of": 3, "psi": -0.5},
        {"latents": np.eye(3)},
    ],
)
def test_every_file_is_drawn_again_the_same_in_bits(plain, tmp_path, options):
    drawn = sample(plain, **options)
    grids = [drawn.grid(columns=2), drawn.grid(numbers=True, upscale=3)]
    pictures = [*grids, *drawn.pictures(upscale=2)]
    for number in {0, 1, 2, len(pictures) - 1}:
        path = pictures[number].save(tmp_path / "a.png")
        again = draw_again(plain, read_provenance(path))
        np.testing.assert_array_equal(again.image, pictures[number].image)
        assert again.save(tmp_path / "b.png").read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    "options",
    [
        {"count": 5, "seed": 1},
        {"seeds": [5, 4]},
        {"count": 2, "seed": 1, "every_class": True},
        {"count": 2, "seed": 1, "labels": {"style": 1}, "best_of": 2},
        {"labels": {"genre": 1, "style": 0}, "latents": np.eye(3)},
    ],
)
def test_classes_are_drawn_again_the_same_in_bits(conditional, tmp_path, options):
    drawn = sample(conditional, **options)
    for picture in (drawn.grid(), list(drawn.pictures())[1]):
        again = draw_again(conditional, read_provenance(picture.save(tmp_path / "a.png")))
        np.testing.assert_array_equal(again.image, picture.image)


def test_a_cppn_is_drawn_again_at_its_size(cppn, tmp_path):
    drawn = sample(cppn, 2, seed=0, size=Size(height=20, width=30))
    assert drawn.images.shape == (2, 20, 30, 1)
    again = draw_again(cppn, read_provenance(drawn.grid().save(tmp_path / "a.png")))
    np.testing.assert_array_equal(again.image, drawn.grid().image)


def test_other_weights_are_refused(plain, tiny_generator, tiny_discriminator):
    provenance = sample(plain, 1, seed=0, name="tiny").provenance
    other = WGAN(tiny_generator(weights_seed=9), tiny_discriminator())
    with pytest.raises(UserError, match=r"weights of tiny are not those .*--seed 0 --count 1$"):
        draw_again(other, provenance)


def test_the_moving_average_is_what_drew(tiny_generator, tiny_discriminator):
    model = WGAN(tiny_generator(), tiny_discriminator(), ema_decay=0.9)
    drawn = sample(model, 2, seed=0)
    model.generator.set_weights([weight + 1 for weight in model.generator.get_weights()])
    np.testing.assert_array_equal(draw_again(model, drawn.provenance).image, drawn.grid().image)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"count": 0}, "at least 1"),
        ({"best_of": 0}, "at least 1"),
        ({"latents": np.eye(3), "best_of": 2}, "exclude seeds, truncation"),
        ({"latents": np.eye(4)}, r"shape \(n, 3\)"),
        ({"every_class": True}, "every_class needs a conditional generator"),
        ({"truncation": 0.0}, "must be a positive number"),
        ({"psi": 11.0}, "psi=11"),
        ({"psi": 0.5, "truncation": 0.5}, "psi"),
        ({"psi": 11.0, "latents": np.eye(3)}, "psi=11"),
        ({"seeds": [1], "seed": 1}, "seeds"),
        ({"seeds": [1, 1]}, "2 seeds"),
        ({"seeds": [-1, 2**31 - 1]}, "a multiple of 2\\*\\*31"),
        ({"seeds": []}, "0 seeds"),
        ({"seeds": [2**63]}, str(2**63)),
        ({"size": Size(height=9, width=9)}, "draws 8x8 pixels only"),
        ({"labels": 1}, "has no labels"),
        ({"count": 2.5}, r"count must be an integer .* count=2\.5"),
        ({"best_of": 0.5}, r"best_of must be an integer .* best_of=0\.5"),
        ({"psi": "x"}, "psi must be a number .* psi='x'"),
        ({"truncation": "x"}, "must be a positive number.* truncation='x'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(plain, options, said):
    with pytest.raises(ValueError, match=said):
        sample(plain, **options)


def test_given_latents_are_drawn_in_parts_of_classes(linear_generator, linear_discriminator):
    classes = {"genre": 3, "style": 2}
    model = WassersteinACGAN(
        linear_generator(classes=classes, activation="sigmoid"),
        linear_discriminator(classes=classes),
    )
    kernel, bias = model.generator.get_weights()
    latents = np.eye(3, dtype=np.float32)[:2]
    labels = {"genre": [{"0": 0.25, "2": 0.75}, 1], "style": {"0": 0.5, "1": 0.5}}
    drawn = sample(model, latents=latents, labels=labels)
    parts = np.array([[0.25, 0, 0.75, 0.5, 0.5], [0, 1, 0, 0.5, 0.5]])
    expected = 1 / (1 + np.exp(-(np.concatenate([latents, parts], axis=1) @ kernel + bias)))
    np.testing.assert_allclose(drawn.images.reshape(2, -1), expected, rtol=1e-5)
    assert drawn.provenance.labels["genre"] == ({"0": 0.25, "2": 0.75}, "1")
    for wrong in ([{"0": 1.0}], [{"0": 0.5}, 1], [{"7": 1.0}, 1]):
        with pytest.raises(
            ValueError, match=r"Labels must be|add up to 1|Class numbers are from 0 to 2"
        ):
            sample(model, latents=latents, labels={"genre": wrong})


def test_parts_of_classes_without_latents_are_told_to_need_them(genres):
    parts = {"portrait": 0.25, "landscape": 0.75}
    for labels in ({"genre": parts}, {"genre": [parts, 2]}, [parts, 2]):
        with pytest.raises(ValueError, match=r"pass latents=, such as model.draw_latents\(2\)"):
            sample(genres, 2, labels, seed=0)


def test_given_latents_are_moved_to_their_mean(plain):
    latents = plain.draw_latents(3, seed=1)
    drawn = sample(plain, latents=latents, psi=0.5)
    np.testing.assert_array_equal(drawn.latents, latents * np.float32(0.5))
    np.testing.assert_array_equal(drawn.images, sample(plain, 3, seed=1, psi=0.5).images)


def test_the_candidates_of_a_large_picture_are_drawn_small(cppn):
    # 64 pictures of this size would not fit in memory together.
    size = Size(height=2048, width=2048)
    drawn = sample(cppn, 1, seed=0, best_of=64, size=size)
    assert drawn.images.shape == (1, 2048, 2048, 1)


def test_labels_of_the_only_set_mean_what_they_do_with_its_name(genres):
    latents = np.eye(3, dtype=np.float32)[:2]
    for labels in ([{"portrait": 0.25, "landscape": 0.75}, 2], ["portrait", 0], "portrait", None):
        unnamed, named = (
            sample(genres, latents=latents, labels=given, seed=1)
            for given in (labels, {"genre": labels})
        )
        assert unnamed.provenance.labels == named.provenance.labels
        np.testing.assert_array_equal(unnamed.images, named.images)


def test_a_picture_beyond_the_first_batch_is_drawn_again_the_same_in_bits(genres):
    # One mixed class, in the first batch of 64.
    labels = {"genre": [{"portrait": 0.5, "landscape": 0.5}, *["portrait"] * 69]}
    drawn = sample(genres, latents=np.eye(3, dtype=np.float32)[np.arange(70) % 3], labels=labels)
    assert drawn.images.shape == (70, 8, 8, 1)
    for number in (0, 1, 69):
        (picture,) = drawn.pick([number])
        np.testing.assert_array_equal(draw_again(genres, picture.provenance).image, picture.image)


@pytest.mark.parametrize("columns", [0, -1, 2.5])
def test_a_grid_has_at_least_one_column(plain, columns):
    with pytest.raises(UserError, match=f"columns={columns}"):
        sample(plain, 2, seed=0).grid(columns)


def test_a_file_of_latents_gives_the_classes_that_are_not_given(conditional, tmp_path):
    path = tmp_path / "latents.json"
    labels = {"genre": {8: "portrait", 5: "landscape"}, "style": {8: "1", 5: "0"}}
    latents = dict(zip((8, 5), np.eye(3, dtype=np.float32), strict=False))
    path.write_bytes(picks_as_json("", latents, labels))
    drawn = sample(conditional, latents=path, labels={"genre": 2})
    expected = conditional.generate(np.eye(3)[:2], {"genre": 2, "style": [1, 0]})
    np.testing.assert_array_equal(drawn.images, expected)
    # A file of before has no classes.
    path.write_bytes(picks_as_json("", latents))
    drawn = sample(conditional, latents=str(path), seed=4)
    expected = conditional.generate(np.eye(3)[:2], seed=4)
    np.testing.assert_array_equal(drawn.images, expected)


def test_there_is_no_choice_among_the_same_latents(conditional):
    with pytest.raises(ValueError, match="every_class excludes best_of"):
        sample(conditional, 2, every_class=True, best_of=2)


def test_a_notebook_shows_a_grid(plain, tmp_path):
    drawn = sample(plain, 3, seed=0, name="tiny")
    assert repr(drawn) == "<Samples 3 of 8x8 from tiny, 3 latents of seed 0>"
    save_picture(drawn.grid().image, tmp_path / "a.png")
    with (
        Image.open(io.BytesIO(drawn._repr_png_())) as shown,
        Image.open(tmp_path / "a.png") as saved,
    ):
        np.testing.assert_array_equal(np.asarray(shown), np.asarray(saved))
