"""Gives each field of a Compose file's objects another name in turn, which its schema must miss: wrong_fields.py COMPOSE."""

import copy
import json
import pathlib
import sys

import check_jsonschema
import jsonschema
import yaml

# Fields whose keys are anybody's.
FREE = {"services", "networks", "volumes", "environment", "depends_on"}


def fields(node, path):
    if isinstance(node, dict):
        for key, value in node.items():
            if path[-1] not in FREE:
                yield path + (key,)
            yield from fields(value, path + (key,))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from fields(value, path + (index,))


folder = pathlib.Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor"
schema = json.loads((folder / "compose-spec.json").read_text())
schema = jsonschema.validators.validator_for(schema)(schema)
compose = yaml.safe_load(pathlib.Path(sys.argv[1]).read_text())
schema.validate(compose)
paths = [path for name in compose["services"] for path in fields(compose["services"][name], ("services", name))]
for path in paths:
    wrong = copy.deepcopy(compose)
    node = wrong
    for step in path[:-1]:
        node = node[step]
    node[f"{path[-1]}Wrong"] = node.pop(path[-1])
    if schema.is_valid(wrong):
        sys.exit(f"compose.yaml: {'/'.join(map(str, path))} must be missed under another name, and is not")
print(f"compose.yaml: valid; {len(paths)} fields, each under another name: all are missed")
