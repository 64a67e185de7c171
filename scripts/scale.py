#!/usr/bin/env python3
"""Measures what a plan for many devices needs: the constants of docs/scale.md.

    python scripts/scale.py PICTURES --recipe fastgan --size 256 --tiles 2 \\
        --set=data.image_size=256 --set=generator.image_size=256 --set=discriminator.image_size=256

| constant | how |
|---|---|
| bytes an image | JPEG files as `kerasgan wikiart prepare` writes them, the mean of some |
| images a second and core | their decoding, by the processor time of one thread |
| bytes decoded | what the cache of decoded images takes |
| gradient bytes | float32, of each player's update |
| synchronizations | batch normalizations, each of which adds up twice in an update |
| operations an image | the multiplications and additions of a forward pass |

Where there are no pictures of `--size`, `--tiles 2` puts four of half the side together; their
detail is that of the smaller pictures, so files and decoding come out too large rather than too
small. Processor time hardly depends on what else the machine does, but measure on an idle one.
"""

import io
import json
import time
from pathlib import Path

import click
import numpy as np
from PIL import Image

from kerasgan.data.decoder import Decoder
from kerasgan.data.load import open_source
from kerasgan.keras_private import layers_of
from kerasgan.wikiart.preparer.parts import JPEG


def pictures(path: Path, size: int, tiles: int, count: int) -> list[bytes]:
    """Returns JPEG files of `tiles` x `tiles` pictures each."""
    _, source = open_source("images", path)
    decoder = Decoder(size // tiles, fit="crop")
    step = max(1, source.count // (count * tiles**2))
    decoded, files = [], []
    for number, item in enumerate(source.items()):
        if number % step:
            continue
        with item.open() as file:
            decoded.append(decoder.decode(file))
        if len(decoded) == tiles**2:
            rows = [np.concatenate(decoded[n * tiles : (n + 1) * tiles], 1) for n in range(tiles)]
            encoded = io.BytesIO()
            Image.fromarray(np.concatenate(rows)).save(encoded, "JPEG", **JPEG)
            files.append(encoded.getvalue())
            decoded = []
        if len(files) == count:
            break
    return files


def decoding_speed(files: list[bytes], size: int) -> float:
    """Returns how many images one core decodes a second."""
    decoder = Decoder(size)
    decoder.decode(io.BytesIO(files[0]))
    begin = time.thread_time()
    for file in files:
        decoder.decode(io.BytesIO(file))
    return len(files) / (time.thread_time() - begin)


def operations(network) -> int:
    """Returns the floating-point operations of a forward pass of one image."""
    import tensorflow as tf
    from tensorflow.python.profiler.model_analyzer import profile
    from tensorflow.python.profiler.option_builder import ProfileOptionBuilder

    specs = [tf.TensorSpec((1, *each.shape[1:]), each.dtype) for each in network.inputs]
    call = tf.function(lambda *inputs: network([*inputs] if inputs[1:] else inputs[0]))
    graph = call.get_concrete_function(*specs).graph
    options = ProfileOptionBuilder(ProfileOptionBuilder.float_operation()).with_empty_output()
    return profile(graph, options=options.build()).total_float_ops


def of_model(model) -> dict:
    """Returns what an update of each player costs."""
    from kerasgan.layers import FusedBatchNormalization

    found = {}
    for name in model.optimizer_names:
        networks = model.moved_by(name)
        weights = [w for network in networks for w in network.trainable_variables]
        layers = [each for network in networks for each in layers_of(network, nested=False)]
        found[name.removesuffix("_optimizer")] = {
            "gradient bytes": sum(4 * int(np.prod(w.shape)) for w in weights),
            "synchronizations": sum(isinstance(x, FusedBatchNormalization) for x in layers),
        }
    found["operations an image"] = {
        name: operations(model.networks[name]) for name in ("generator", "discriminator")
    }
    return found


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--recipe", default="fastgan", show_default=True)
@click.option("--set", "overrides", multiple=True, metavar="SECTION.KEY=VALUE")
@click.option("--size", default=256, show_default=True, help="Side of the pictures.")
@click.option("--tiles", default=1, show_default=True, help="Pictures along each side.")
@click.option("--count", default=300, show_default=True, help="How many pictures to measure.")
def main(path: Path, recipe: str, overrides: tuple[str, ...], size: int, tiles: int, count: int):
    """Measures with the pictures in PATH, a folder or zip, and the networks of a recipe."""
    from kerasgan.recipes import build_model, read_recipe

    files = pictures(path, size, tiles, count)
    result = {
        "pictures": len(files),
        "bytes an image": round(float(np.mean([len(file) for file in files]))),
        "bytes decoded": 3 * size * size,
        "images a second and core": round(decoding_speed(files, size)),
        **of_model(build_model(read_recipe(recipe, overrides))),
    }
    click.echo(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
