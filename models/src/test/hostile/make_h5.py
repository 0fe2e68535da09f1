"""Makes the hostile .h5 files beside it of a good one: make_h5.py GOOD.h5. Needs h5py.

Each has one dataset of weights replaced by something that is small in the file, and huge or elsewhere when it is read.
"""

import pathlib
import shutil
import sys

import h5py

GOOD = pathlib.Path(sys.argv[1])
FOLDER = pathlib.Path(__file__).parent


def first(file):
    """The group and name of the first dataset of weights."""
    found = []
    file["model_weights"].visititems(lambda path, node: found.append(path) if isinstance(node, h5py.Dataset) else None)
    group, _, name = f"model_weights/{found[0]}".rpartition("/")
    return file[group], name


def make(name, change):
    path = FOLDER / f"{name}.h5"
    shutil.copy(GOOD, path)
    with h5py.File(path, "r+") as file:
        group, dataset = first(file)
        del group[dataset]
        change(file, group, dataset)


def sparse(file, group, name):
    group.create_dataset(name, shape=(1 << 15, 1 << 14), dtype="f4", chunks=(16, 16))


def late(file, group, name):
    """Contiguous, and never written."""
    group.create_dataset(name, shape=(1 << 15, 1 << 14), dtype="f4")


def linked(file, group, name):
    group[name] = h5py.ExternalLink("/etc/streamcell/other.h5", "/weights")


def outside(file, group, name):
    group.create_dataset(name, shape=(4, 4), dtype="f4", external=[("/etc/hostname", 0, 64)])


def circular(file, group, name):
    group[name] = h5py.SoftLink(f"{group.name}/{name}")


for kind in (sparse, late, linked, outside, circular):
    make(kind.__name__, kind)
