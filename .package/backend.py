"""The setuptools build backend, run from the project's top level, where setup.cfg is."""

import os
import pathlib

os.chdir(pathlib.Path(__file__).resolve().parents[1])

from setuptools.build_meta import *  # noqa: E402, F403  (the working directory has to be right before it is read)
