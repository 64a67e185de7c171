import configparser
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_package_is_in_the_wheel():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    listed = setup["options"]["packages"].split()
    folders = [file.parent.relative_to(ROOT) for file in ROOT.glob("kerasgan/**/__init__.py")]
    found = [".".join(folder.parts) for folder in folders]
    # The zoo's folder stands beside the package in a checkout and inside it in a wheel.
    assert sorted(listed) == sorted([*found, "kerasgan.zoo.models"])
