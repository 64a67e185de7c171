"""The contestants that draw a picture of a CPPN."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from contestants.stopwatch import Stopwatch
from kerasgan.cli.quiet import import_tensorflow_quietly

TILE_PIXELS = 32_768


def main(settings: dict) -> None:
    import_tensorflow_quietly()
    import keras
    import tensorflow as tf

    import kerasgan

    engine = "litert" if settings["how"] == "litert" else "tensorflow"
    gan = kerasgan.zoo.open_for_drawing(settings["model"], engine=engine)
    latent = gan.draw_latents(1, seed=0)[0]
    prepare = {
        "tiles": in_tiles,
        "litert": in_tiles,
        "one call": in_one_call,
        "numpy": in_numpy,
    }[settings["how"]]
    draw = prepare(gan, latent, settings["side"], Path(settings["folder"]))
    versions = {"tensorflow": tf.__version__, "keras": keras.__version__, "numpy": np.__version__}
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
    """Tiles of the same size and the first layer factored in the same way."""
    latent_kernel, coordinate_kernel, bias, *rest = gan.sampling_generator.get_weights()
    layers = [(kernel[0, 0], bias) for kernel, bias in zip(rest[::2], rest[1::2], strict=True)]
    *hidden, (last_kernel, last_bias) = layers
    own = latent @ latent_kernel + bias
    axis = np.linspace(-8.0, 8.0, side, dtype=np.float32)
    rows = max(1, TILE_PIXELS // side)

    def draw() -> None:
        picture = np.empty((side, side), np.uint8)
        for top in range(0, side, rows):
            x, y = np.meshgrid(axis, axis[top : top + rows])
            places = np.stack([x, y, np.sqrt(x**2 + y**2)], -1).reshape(-1, 3)
            h = np.tanh(places @ coordinate_kernel + own)
            for kernel, bias in hidden:
                h = np.tanh(h @ kernel + bias)
            greys = 1.0 / (1.0 + np.exp(-(h @ last_kernel + last_bias)))
            picture[top : top + rows] = np.rint(255.0 * greys).reshape(x.shape)

    return draw


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
