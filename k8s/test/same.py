"""The chart's defaults must be k8s/base: same.py BASE CHART. Labels and a changed job.yaml's mark may differ."""

import difflib
import pathlib
import re
import sys

import yaml

from schemas import load


def comparable(path):
    things = {}
    for thing in load(path):
        thing["metadata"].pop("labels", None)
        if thing["kind"] == "FlinkDeployment":
            thing["spec"]["podTemplate"]["metadata"].pop("annotations", None)
        if thing["kind"] == "ConfigMap":
            thing["data"]["job.yaml"] = yaml.safe_load(thing["data"]["job.yaml"])
        things[f'{thing["kind"]} {thing["metadata"]["name"]}'] = thing
    text = yaml.dump(things, sort_keys=True)
    # The end that kustomize gives a ConfigMap's name.
    return re.sub(r"streamcell-job-[a-z0-9]{10}\b", "streamcell-job", text)


base, chart = map(comparable, sys.argv[1:])
if base != chart:
    lines = difflib.unified_diff(base.splitlines(), chart.splitlines(), "base", "chart", lineterm="")
    sys.exit("\n".join(lines))
print(f"{pathlib.Path(sys.argv[2]).name}: the same objects as base")
