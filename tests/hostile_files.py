"""A folder of a user's own files, and of files that nobody wants to meet."""

import json
import os
import socket
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.tiny_recipe import RECIPE, write_pictures
from tests.wikiart.sources import write_dump


def write_files(models: dict) -> None:
    """Writes them all into the current folder.

    Args:
        models: The models by their names, among them a `cppn` with latents of 3.
    """
    _own()
    _special()
    _arrays()
    _pictures(models)
    _tables()


def _own() -> None:
    """What a user has, and what the valid calls read."""
    Path("diary.txt").write_text("Dear diary")
    Path("photos").mkdir()
    for name in ("photo.png", "photo.jpg", "photos/0.png", "photos/00.png"):
        Image.new("RGB", (8, 8), "red").save(name)
    Path("clip.gif").write_bytes(b"GIF89a")
    Path("photo_files/0").mkdir(parents=True)
    Path("photo_files/0/thesis.txt").write_text("mine")
    np.save("z.npy", np.zeros((1, 3), np.float32))
    Path("tiny.toml").write_text(RECIPE)
    write_pictures(Path("pictures"))
    write_dump(Path("dump"), {f"Pop_Art/a_b-{n}.jpg": (4, 6)[n % 2] for n in range(4)})
    Path("run").mkdir()
    Path("run/recipe.toml").write_text(RECIPE)
    Path("run/run.json").write_text(json.dumps({"recipe": {}, "data": {}}))
    Path("entry").mkdir()
    Path("entry/recipe.toml").write_text(RECIPE)
    Path("entry/thesis.txt").write_text("mine")


def _special() -> None:
    os.mkfifo("pipe")
    os.mkfifo("pipe.png")
    os.mkfifo("pipe.npy")
    Path("loop").symlink_to("loop")
    Path("loop.png").symlink_to("loop.png")
    Path("loop.npy").symlink_to("loop.npy")
    Path("dangling.png").symlink_to("nowhere.png")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
    for folder in ("pipes", "loops"):
        Path(folder).mkdir()
    os.mkfifo("pipes/a.png")
    os.mkfifo("pipes/metadata.jsonl")
    Path("loops/loop").symlink_to("..")
    Path("loops/a.png").symlink_to("a.png")


def _arrays() -> None:
    for name, shape in (("claims.npy", (2**36,)), ("odd.npy", (2, 2, 2)), ("less.npy", (-3,))):
        with Path(name).open("wb") as file:
            header = {"descr": "<f4", "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, header)
            file.write(bytes(12))
    np.save("nan.npy", np.full(3, np.nan))
    np.save("objects.npy", np.array([print]), allow_pickle=True)
    Path("empty.npy").touch()
    Path("nested.npy").write_bytes(b"\x93NUMPY\x01\x00\x88\x13" + b"(" * 5000)


def _pictures(models: dict) -> None:
    from kerasgan.drawing.provenance import fingerprint

    Path("empty.png").touch()
    Path("text.png").write_text("no picture")
    torn = Path("photo.png").read_bytes()
    Path("torn.png").write_bytes(torn[: len(torn) // 2])
    Path("large.png").write_bytes(_blank_png(60_000, 60_000))
    settings = {"model": "cppn", "weights": fingerprint(models["cppn"]), "seed": 1}
    for number, other in enumerate(
        (
            {"numbers": [0], "model": "../../evil"},
            {"numbers": [0], "model": "run"},
            {"numbers": [0], "model": "a\0b"},
            {"numbers": [0], "model": "m" * 5000},
            {"numbers": []},
            {"numbers": [10**8], "show": 0},
            {"numbers": list(range(2000))},
            {"numbers": [0] * 100_000},
            {"numbers": [0], "size": [2**20, 2**20], "show": 0},
            {"numbers": [0], "size": [30_000, 30_000]},
            {"numbers": [0], "size": [8, 8], "zoom": 0.0},
            {"numbers": [0], "size": [8, 8], "centre": [1e300, 0]},
            {"numbers": [0], "show": 63},
            {"numbers": [0], "columns": 10**18},
            {"numbers": [0], "truncation": 1e-300},
            {"numbers": [0], "labels": {"genre": ["x"]}},
            {"latents": "////" * 40_000},
            {"latents": "AADAfwAAwH8AAMB/"},
            {"numbers": [0], "motion": {"frames": 10**9, "fps": 1.0, "interpolation": "lerp"}},
        )
    ):
        info = PngInfo()
        info.add_text("Software", "kerasgan 0.1.0")
        info.add_text("Settings", json.dumps(settings | other))
        Image.new("L", (8, 8)).save(f"foreign{number}.png", pnginfo=info)


def _blank_png(width: int, height: int) -> bytes:
    """Returns a PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def _tables() -> None:
    for name, text in {
        "dashes": "file_name,label\na.png,-\na.png,.\na.png,e5\n",
        "outside": "file_name\n../photo.png\n",
        "long": f"file_name,label\na.png,{'9' * 5000}\n{'x' * 300}.png,1\n",
        "nul": "file_name\na\0.png\n",
        "empty": "",
    }.items():
        Path(name).mkdir()
        Image.new("L", (8, 8)).save(Path(name) / "a.png")
        (Path(name) / "metadata.csv").write_text(text)
    for name, text in {
        "broken.toml": "[data\n",
        "empty.toml": "",
        "long.toml": f"[training]\nseed = {'9' * 5000}\n",
        "binary.toml": "\udcff",
    }.items():
        Path(name).write_bytes(text.encode(errors="surrogateescape"))
    Path("no.zip").write_text("no zip")
    with zipfile.ZipFile("names.zip", "w") as archive:
        archive.writestr("../../escape.png", Path("photo.png").read_bytes())
        archive.writestr("/etc/a.png", b"")
        archive.writestr("x" * 5000 + ".png", b"")
