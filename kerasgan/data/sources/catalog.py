"""The data sets that are known by a name, and how to get them."""

from dataclasses import dataclass

from kerasgan.errors import UserError, did_you_mean


@dataclass(frozen=True)
class DataSet:
    """A data set, or a kind of data sets, that `kerasgan data` knows by a name.

    Attributes:
        name: Its name on the command line. The names of its recipes begin with it.
        source: The source in `load_images` and in the `[data]` section of recipes.
        what: What it shows.
        size: The number of images.
        labels: Its label sets, and the number of classes of each.
        get: Sentences that say how to get it, with the exact command or page.
    """

    name: str
    source: str
    what: str
    size: str
    labels: str
    get: str


DATA_SETS = (
    DataSet(
        name="mnist",
        source="tfds:mnist",
        what="handwritten digits",
        size="70,000, 28x28 (12 MB)",
        labels="label: 10",
        get="Download it with: kerasgan data prepare mnist --out DIR",
    ),
    DataSet(
        name="cifar10",
        source="tfds:cifar10",
        what="photographs of animals and vehicles",
        size="60,000, 32x32 (163 MB)",
        labels="label: 10",
        get="Download it with: kerasgan data prepare cifar10 --out DIR",
    ),
    DataSet(
        name="casia",
        source="images",
        what="CASIA-HWDB, handwritten Chinese characters",
        size="1.2 million in HWDB1.1 (2.3 GB)",
        labels="folder: up to 3,755",
        get="Download Gnt1.1TrainPart1.zip, Gnt1.1TrainPart2.zip and Gnt1.1Test.zip from "
        "https://nlpr.ia.ac.cn/databases/handwriting/Download.html into a folder, then: "
        "kerasgan data prepare casia --data FOLDER --out DIR --characters 100",
    ),
    DataSet(
        name="pokemon",
        source="pokemon",
        what="official Pokemon artwork",
        size="about 900",
        labels="type, second_type: 18",
        get="Download artwork and pokedex.json with: "
        "git clone --depth 1 https://github.com/Purukitto/pokemon-data.json (the artwork alone is "
        "in its folder images/pokedex/hires)",
    ),
    DataSet(
        name="wikiart",
        source="wikiart",
        what="paintings, the WikiArt Dataset of ArtGAN",
        size="81,444 (25 GB)",
        labels="genre: 10, style: 27",
        get="Download wikiart.zip from https://github.com/cs-chan/ArtGAN, or its mirror "
        "https://archive.org/download/wikiart-dataset/wikiart.tar.gz; or fetch paintings from the "
        "site with kerasgan wikiart scrape. Then make it small with kerasgan wikiart prepare",
    ),
    DataSet(
        name="images",
        source="images",
        what="your own images, a folder or a zip",
        size="any",
        labels="folder",
        get="Any folder or zip of PNG, JPEG, GIF, BMP, WebP, TIFF or AVIF files works, and of HEIC "
        'files with pip install "kerasgan[heif]". If there is a folder for each class, the folders '
        "are the labels; folders named train and test are splits.",
    ),
    DataSet(
        name="imagefolder",
        source="imagefolder",
        what="your own images, in Hugging Face's layout",
        size="any",
        labels="the table's columns",
        get="Put a metadata.jsonl or metadata.csv with each image's file_name beside them: see "
        "https://huggingface.co/docs/datasets/image_dataset",
    ),
)


def data_set(name: str) -> DataSet:
    """Returns the data set with a name.

    Raises:
        UserError: There is none; the message suggests similar names.
    """
    for each in DATA_SETS:
        if each.name == name:
            return each
    known = [each.name for each in DATA_SETS]
    raise UserError(f'there is no data set "{name}"{did_you_mean(name, known)}')


def source_of(name: str) -> str:
    """Returns the source of the data set with a name, or the name itself if there is none."""
    return next((each.source for each in DATA_SETS if each.name == name), name)


def is_downloaded(name_or_source: str) -> bool:
    """Tells whether a data set is downloaded if it is missing."""
    return source_of(name_or_source).startswith("tfds:")


def how_to_get(name_or_source: str) -> str:
    """Returns sentences that say how to get a data set, or "" if it is not known by a name."""
    named = [each for each in DATA_SETS if each.name == name_or_source]
    named += [each for each in DATA_SETS if each.source == name_or_source]
    return named[0].get if named else ""
