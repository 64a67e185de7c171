"""Finds the packages; everything else about the distribution is in setup.cfg.

`packages = find:` in setup.cfg would miss the zoo's folder of models, which stands beside the
package in a checkout and inside it in a wheel (see `package_dir` there).
"""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["kerasgan", "kerasgan.*"]), "kerasgan.zoo.models"])
