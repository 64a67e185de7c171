import keras
import numpy as np
import pytest

from kerasgan.drawing import (
    Size,
    View,
    draw_again,
    lerp,
    morph,
    read_provenance,
    resolve_latent,
    slerp,
)
from kerasgan.drawing.from_provenance import generate_mixed
from kerasgan.drawing.latent_files import picks_as_json
from kerasgan.drawing.latents import unpacked
from kerasgan.drawing.picture import to_uint8
from kerasgan.errors import UserError
from kerasgan.models import WassersteinACGAN
from kerasgan.networks.cppn_render import cppn_render

SMALL = Size(height=6, width=6)
LATENTS = np.random.default_rng(0).normal(size=(3, 3)).astype(np.float32)


def _generated(model, latents, labels=None):
    return to_uint8(model.generate(np.stack(latents), labels))


def _close(frames, expected):
    """Holds frames to pictures drawn at once, whose last bits may differ."""
    assert np.abs(np.stack(frames).astype(int) - expected.astype(int)).max() <= 1


@pytest.mark.parametrize("interpolation", [lerp, slerp])
def test_a_morph_is_the_pictures_of_the_way(plain, interpolation):
    animation = morph(plain, LATENTS, frames=3, interpolation=interpolation)
    a, b, c = LATENTS
    way = [a, interpolation(a, b, 0.5), b, interpolation(b, c, 0.5), c]
    _close(animation.frames, _generated(plain, way))


def test_a_loop_goes_back_to_its_beginning(plain):
    animation = morph(plain, LATENTS[:2], frames=3, loop=True)
    a, b = LATENTS[:2]
    middle = (a + b) / 2
    _close(animation.frames, _generated(plain, [a, middle, b, middle]))


def test_every_frame_is_drawn_again_the_same_in_bits(plain, cppn, conditional, tmp_path):
    views = View(1.0), View(30.0, (0.3, -0.1))
    labels = {"genre": ["portrait", "landscape"], "style": [0]}
    for model, animation in (
        (plain, morph(plain, LATENTS, frames=3)),
        (cppn, morph(cppn, LATENTS[:1], frames=3, size=Size(height=12, width=18), views=views)),
        (conditional, morph(conditional, LATENTS[:1], labels, frames=3)),
    ):
        picture = animation.pictures[1]
        again = draw_again(model, read_provenance(picture.save(tmp_path / "a.png")))
        np.testing.assert_array_equal(to_uint8(again.image), picture.image)
        assert again.save(tmp_path / "b.png").read_bytes() == (tmp_path / "a.png").read_bytes()


def test_a_zoom_grows_evenly_and_is_what_the_network_draws(cppn):
    views = View(1.0, (0.0, 0.0)), View(16.0, (0.5, -0.25))
    animation = morph(cppn, LATENTS[:1], frames=5, views=views)
    zooms = [picture.provenance.zoom for picture in animation.pictures]
    np.testing.assert_allclose(zooms, [1, 2, 4, 8, 16], rtol=1e-6)
    for picture in animation.pictures:
        provenance = picture.provenance
        expected = cppn_render(
            cppn.generator,
            LATENTS[:1],
            height=8,
            width=8,
            zoom=provenance.zoom,
            centre=provenance.centre,
        )
        _close([picture.image], to_uint8(expected.numpy()))


def test_a_looped_zoom_comes_back(cppn):
    animation = morph(cppn, LATENTS[:1], frames=9, loop=True, views=(View(1.0), View(9.0)))
    zooms = np.array([picture.provenance.zoom for picture in animation.pictures])
    assert zooms[0] == 1.0
    np.testing.assert_allclose(zooms[1:], zooms[:0:-1], rtol=1e-6)
    assert zooms.max() == 9.0


@pytest.mark.parametrize("frames", [2, 3, 4, 5])
def test_a_looped_zoom_reaches_its_last_view(cppn, frames):
    views = View(), View(40.0, (0.5, -1.0))
    animation = morph(cppn, LATENTS[:1], frames=frames, loop=True, views=views)
    seen = [(picture.provenance.zoom, picture.provenance.centre) for picture in animation.pictures]
    assert (seen[0], seen[len(seen) // 2]) == ((1.0, (0.0, 0.0)), (40.0, (0.5, -1.0)))


def test_a_morph_between_classes_begins_and_ends_in_them(genres):
    labels = ["portrait", "landscape", "portrait"]
    animation = morph(genres, LATENTS[:1], {"genre": labels}, frames=2)
    _close(animation.frames, _generated(genres, [LATENTS[0]] * 3, labels))


@pytest.mark.parametrize(
    "labels",
    [
        "portrait",
        1,
        ["portrait"],
        np.array([1]),
        {"genre": "portrait"},
        {"genre": np.int64(1)},
        {"genre": {"portrait": 1.0}},
    ],
)
def test_one_class_may_be_given_in_every_form_that_sampling_takes(genres, labels):
    stations = morph(genres, LATENTS, labels).provenance.labels["genre"]
    assert [label if isinstance(label, str) else [*label] for label in stations] in (
        ["portrait"] * 3,
        [["portrait"]] * 3,
    )


def test_a_morph_through_a_file_passes_through_its_classes(conditional, tmp_path):
    labels = {"genre": {4: "portrait", 2: "landscape"}, "style": {4: "1", 2: {"0": 0.5, "1": 0.5}}}
    path = tmp_path / "latents.json"
    path.write_bytes(picks_as_json("", {4: LATENTS[0], 2: LATENTS[1]}, labels))
    animation = morph(conditional, path, frames=3)
    parts = {"genre": ["portrait", "landscape"], "style": ["1", {"0": 0.5, "1": 0.5}]}
    assert animation.provenance.labels == {name: tuple(each) for name, each in parts.items()}
    # Half way to half a class is a quarter of it.
    parts["genre"].insert(1, {"portrait": 0.5, "landscape": 0.5})
    parts["style"].insert(1, {"1": 0.75, "0": 0.25})
    way = np.stack([LATENTS[0], (LATENTS[0] + LATENTS[1]) / 2, LATENTS[1]])
    _close(animation.frames, to_uint8(generate_mixed(conditional, way, parts)))
    other = morph(conditional, path, {"style": ["0"]}, frames=3).provenance.labels
    assert other == {"genre": ("portrait", "landscape"), "style": ("0", "0")}


def test_between_classes_the_one_hot_vectors_are_mixed(linear_generator, linear_discriminator):
    classes = {"genre": 3, "style": 2}
    model = WassersteinACGAN(
        linear_generator(classes=classes, activation="sigmoid"),
        linear_discriminator(classes=classes),
    )
    kernel, bias = model.generator.get_weights()
    mixed = {"genre": [{"0": 0.25, "2": 0.75}], "style": ["1"]}
    vector = np.concatenate([LATENTS[0], [0.25, 0, 0.75], [0, 1]])
    expected = 1 / (1 + np.exp(-(vector @ kernel + bias)))
    drawn = generate_mixed(model, LATENTS[:1], mixed)
    np.testing.assert_allclose(drawn.ravel(), expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"latents": LATENTS[:1]}, "needs at least two latents .* or classes, or a zoom"),
        ({"latents": LATENTS, "frames": 1}, "frames must be an integer of at least 2"),
        ({"latents": LATENTS, "frames": 2.5}, r"Received: frames=2\.5"),
        ({"latents": LATENTS, "interpolation": "slerp"}, "a function .* interpolation='slerp'"),
        ({"latents": LATENTS, "views": View}, "the first and the last .* views=<class"),
        ({"latents": LATENTS, "views": [View()]}, "the first and the last"),
        ({"latents": LATENTS, "psi": "x"}, "psi must be a number .* psi='x'"),
        ({"latents": LATENTS, "fps": "x"}, "fps must be a number .* fps='x'"),
        ({"latents": LATENTS, "fps": 0.0}, "fps=0"),
        ({"latents": LATENTS, "labels": {"genre": [0]}}, "label sets are none"),
        ({"latents": LATENTS, "labels": "portrait"}, "label sets are none"),
        ({"latents": LATENTS, "size": Size(height=9, width=9)}, "draws 8x8 pixels only"),
        ({"latents": LATENTS, "views": (View(1.0), View(2.0))}, "zoom and pan"),
        ({"latents": np.eye(4)}, r"shape \(n, 3\)"),
    ],
)
def test_what_cannot_be_morphed_is_refused(plain, options, said):
    with pytest.raises(ValueError, match=said):
        morph(plain, **options)


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (None, "give labels= one or more of landscape, portrait, still-life"),
        ([], "give labels= one or more of landscape, portrait, still-life"),
        ({"genre": ["portrat"]}, "did you mean portrait"),
        ({"genre": ["portrait"] * 2}, "3 stations, .* Received: 2 labels of genre"),
    ],
)
def test_classes_must_be_known_and_as_many_as_latents(genres, labels, said):
    with pytest.raises(ValueError, match=said):
        morph(genres, LATENTS, labels)


def test_a_size_is_checked_before_anything_is_drawn(cppn):
    with pytest.raises(UserError, match=r"Received: size=\(0, 9\)"):
        morph(cppn, LATENTS, size=(0, 9))


def test_an_animation_says_its_stations_and_stands_for_the_first(cppn, tmp_path):
    animation = morph(cppn, LATENTS, frames=3, size=SMALL, views=(View(), View(4.0)), name="tiny")
    path = animation.save(tmp_path / "a.gif")
    provenance = read_provenance(path)
    assert provenance == animation.provenance
    np.testing.assert_array_equal(unpacked(provenance.latents, 3), LATENTS)
    assert provenance.motion.views == ((1.0, (0.0, 0.0)), (4.0, (0.0, 0.0)))
    np.testing.assert_array_equal(resolve_latent(cppn, path), LATENTS[0])
    with pytest.raises(UserError, match="An animation is not drawn again"):
        draw_again(cppn, provenance)


def test_a_model_can_be_saved_after_a_way_between_classes(conditional):
    labels = {"genre": ["portrait", "landscape"], "style": ["0"]}
    assert len(list(morph(conditional, LATENTS[:1], labels, frames=3).frames)) == 3
    configuration = keras.saving.serialize_keras_object(conditional.generator)
    again = keras.saving.deserialize_keras_object(configuration)
    assert [layer.name for layer in again.layers] == [
        layer.name for layer in conditional.generator.layers
    ]
