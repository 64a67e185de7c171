import configparser
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_package_is_in_the_wheel():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    listed = setup["options"]["packages"].split()
    found = [
        ".".join(file.parent.relative_to(ROOT).parts) for file in ROOT.glob("kerasgan/**/__init__.py")
    ]
    # The zoo's folder stands beside the package in a checkout and inside it in a wheel.
    assert sorted(listed) == sorted([*found, "kerasgan.zoo.models"])
