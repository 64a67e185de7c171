"""The contestants that draw a picture of a CPPN."""

import json
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import numpy as np

from contestants.stopwatch import Stopwatch
from kerasgan.cli.quiet import import_tensorflow_quietly

TILE_PIXELS = 32_768


def main(settings: dict) -> None:
    engine = "litert" if settings["how"] == "litert" else "tensorflow"
    if engine == "tensorflow":
        import_tensorflow_quietly()
    import kerasgan

    gan = kerasgan.zoo.open_for_drawing(settings["model"], engine=engine)
    latent = gan.draw_latents(1, seed=0)[0]
    prepare = {
        "tiles": in_tiles,
        "litert": in_tiles,
        "one call": in_one_call,
        "numpy": in_numpy,
    }[settings["how"]]
    draw = prepare(gan, latent, settings["side"], Path(settings["folder"]))
    # LiteRT draws without TensorFlow, whose memory would be counted as its own.
    if engine == "litert" and "tensorflow" in sys.modules:
        raise RuntimeError("TensorFlow was imported to draw by LiteRT")
    packages = ("tensorflow", "keras", "ai-edge-litert", "numpy")
    versions = {name: metadata.version(name) for name in packages}
    stopwatch = Stopwatch(warm_up=1, versions=versions)
    while True:
        draw()
        stopwatch.lap()


def in_tiles(gan, latent, side: int, folder: Path) -> Callable[[], None]:
    """What `kerasgan render` does, the file included."""
    from kerasgan.drawing import Size, render_to_file

    size = Size(width=side, height=side)
    return lambda: render_to_file(gan, latent, folder / "picture.png", size)


def in_one_call(gan, latent, side: int, folder: Path) -> Callable[[], None]:
    """All pixels at once."""
    import tensorflow as tf

    from kerasgan.networks.cppn_render import cppn_render

    @tf.function
    def images():
        return cppn_render(gan.sampling_generator, latent[None], height=side, width=side)

    return lambda: np.uint8(np.rint(255.0 * images().numpy()))


def in_numpy(gan, latent, side: int, folder: Path) -> Callable[[], None]:
    """Tiles of the same size, and what is the same for all pixels computed once."""
    first, *layers = [layer for layer in gan.sampling_generator.layers if layer.weights]
    latent_kernel, coordinate_kernel, bias = first.get_weights()
    own = first.latent_scale * latent @ latent_kernel + bias
    hidden = []
    for dense, modulation in zip(layers[:-1:2], layers[1::2], strict=True):
        kernel, shift = dense.get_weights()
        to_modulation, of_modulation = modulation.get_weights()
        scale, offset = np.split(latent @ to_modulation + of_modulation, 2)
        # (1 + scale) (h W + b) + offset, in one product.
        hidden.append((kernel[0, 0] * (1.0 + scale), (1.0 + scale) * shift + offset))
    last_kernel, last_bias = layers[-1].get_weights()
    angles = np.arange(first.directions) * np.float32(np.pi / first.directions)
    frequencies = np.float32(np.pi / first.coordinate_scale) * 2 ** np.arange(first.octaves)
    axis = np.linspace(-first.coordinate_scale, first.coordinate_scale, side, dtype=np.float32)
    rows = max(1, TILE_PIXELS // side)

    def draw() -> np.ndarray:
        picture = np.empty((side, side), np.uint8)
        for top in range(0, side, rows):
            x, y = np.meshgrid(axis, axis[top : top + rows])
            inputs = [np.stack([x, y, np.sqrt(x**2 + y**2)], -1)]
            for angle in angles:
                along = np.cos(angle) * x + np.sin(angle) * y
                phases = along[..., None] * frequencies.astype(np.float32)
                inputs += [np.sin(phases), np.cos(phases)]
            places = np.concatenate(inputs, -1).reshape(-1, len(coordinate_kernel))
            h = _leaky(places @ coordinate_kernel + own)
            for kernel, bias in hidden:
                h = _leaky(h @ kernel + bias)
            greys = 1.0 / (1.0 + np.exp(-(h @ last_kernel[0, 0] + last_bias)))
            picture[top : top + rows] = np.rint(255.0 * greys).reshape(x.shape)
        return picture

    return draw


def _leaky(h: np.ndarray) -> np.ndarray:
    return np.maximum(h, 0.2 * h)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
