"""Checks that every line of logs is a JSON object with a time, a level and a message: json_lines.py FILE..."""

import json
import pathlib
import sys

for file in map(pathlib.Path, sys.argv[1:]):
    # The JVM has its own word before any log begins.
    lines = [line for line in file.read_text().split("\n") if line and not line.startswith("WARNING: Using incubator modules")]
    for line in lines:
        try:
            missing = {"@timestamp", "log.level", "message"} - json.loads(line).keys()
        except ValueError as e:
            sys.exit(f"{file.name}: every line must be JSON ({e}), got {line}")
        if missing:
            sys.exit(f"{file.name}: every line must have {missing}, got {line}")
    if len(lines) < 100:
        sys.exit(f"{file.name}: a log must have its lines, got {len(lines)}")
    print(f"{file.name}: {len(lines)} lines of JSON")
