"""What compose.yaml has its services run, one file of lines each: commands.py COMPOSE FOLDER."""

import pathlib
import sys

import yaml

compose = yaml.safe_load(pathlib.Path(sys.argv[1]).read_text())
folder = pathlib.Path(sys.argv[2])
for name in ("zookeeper", "jobmanager", "taskmanager"):
    lines = compose["services"][name]["command"]
    (folder / name).write_text("".join(f"{line}\n" for line in lines))
