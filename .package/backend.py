"""The setuptools build backend, run from the project's top level, where setup.cfg is."""

import os
import pathlib
import shutil

_FOLDER = pathlib.Path(__file__).resolve().parent
os.chdir(_FOLDER.parent)

from setuptools.build_meta import *  # noqa: E402, F403  (the working directory has to be right before it is read)
from setuptools.command.build_py import build_py  # noqa: E402


class build_with_plugin(build_py):
    """Adds the second distribution, which holds nothing but pytest's entry point.

    pytest warns of each module of a plugin's distribution that is imported already, and `sitecustomize` always is: that
    would be an error in every run with `-W error`.
    """

    def run(self):
        super().run()
        info = pathlib.Path(self.build_lib) / "enum_log_shim_pytest.egg-info"
        shutil.copytree(_FOLDER / "pytest", info, dirs_exist_ok=True)
