"""Small dumps and scraped folders for tests."""

import csv
import io
import json
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image


def painting(seed: int, size: tuple[int, int] = (40, 30)) -> Image.Image:
    """A picture of smooth, muted colours that no other seed gives, nor nearly."""
    coarse = np.random.default_rng(seed).integers(70, 186, (8, 8, 3), np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def save(picture: Image.Image, path: Path, **options) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, **options)
    return path


def write_dump(root: Path, paintings: dict[str, int | None], tables: bool = True) -> Path:
    """Writes a dump: by `{Style}/{file}` the number of a painting's genre."""
    for seed, name in enumerate(paintings):
        save(painting(seed), root / "wikiart" / name, quality=90)
    if tables:
        folder = root / "wikiart_csv"
        folder.mkdir(parents=True)
        rows = [f"{name},{genre}" for name, genre in paintings.items() if genre is not None]
        half = len(rows) // 2
        for part, lines in (("train", rows[:half]), ("val", rows[half:])):
            write_lines(folder / f"genre_{part}.csv", lines)
        write_lines(folder / "genre_class.txt", ["4 landscape", "6 portrait", "9 still_life"])
        write_lines(folder / "style_train.csv", [f"{name},3" for name in paintings])
        write_lines(folder / "style_class.txt", ["3 Art_Nouveau", "19 Pop_Art"])
    return root


def write_lines(path: Path, lines: list[str]) -> None:
    """Writes lines with the line ends of Windows."""
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode())


def write_image_folder(root: Path, rows: list[dict], form: str = "jsonl") -> Path:
    """Writes a scraped folder: `rows` are metadata, and each row's image is of its number."""
    for seed, row in enumerate(rows):
        if not (root / row["file_name"]).exists():
            save(painting(seed), root / row["file_name"], quality=90)
    write_metadata(root / f"metadata.{form}", rows)
    return root


def write_metadata(path: Path, rows: list[dict]) -> None:
    if path.suffix == ".jsonl":
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    else:
        file = io.StringIO(newline="")
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
        text = file.getvalue()
    path.write_text(text, encoding="utf-8", newline="")


def scraped(number: int, **changes) -> dict:
    """A row as the scraper writes it."""
    return {
        "file_name": f"images/{number:024x}.jpg",
        "id": f"{number:024x}",
        "title": f"Painting {number}",
        "artist": "Vincent van Gogh",
        "year": "c.1890",
        "genres": ["landscape"],
        "styles": ["Pointillism"],
        "width": 4000,
        "height": 3000,
        "source_url": f"https://www.wikiart.org/en/{number}",
        "sha256": "0" * 64,
        "fetched_at": "2026-01-01T00:00:00Z",
        **changes,
    }


def zipped(root: Path, path: Path, inside: str = "") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(root.rglob("*")):
            archive.write(file, inside + file.relative_to(root).as_posix())
    return path


def prepared_examples(folder: Path) -> dict[str, dict[str, dict]]:
    """The examples of a prepared folder by split and id, images decoded by TensorFlow."""
    import tensorflow_datasets as tfds

    builder = tfds.builder_from_directory(folder)
    features = builder.info.features
    found = {}
    for split in builder.info.splits:
        found[split] = {}
        for example in tfds.as_numpy(builder.as_dataset(split=split)):
            for name in ("genre", "style", "artist"):
                label = int(example[name])
                example[name] = features[name].int2str(label) if label >= 0 else None
            for name in ("genres", "styles"):
                example[name] = [features[name].feature.int2str(n) for n in example[name]]
            example["title"] = example["title"].decode()
            found[split][example.pop("id").decode()] = example
    return found


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of every file below a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
