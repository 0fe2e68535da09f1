"""How the rendered jobs log: logs.py CONFIGURATION FILE=FORMAT...

Each FlinkDeployment must bring the image's own logging configuration, and write logs in that format.
"""

import pathlib
import sys

from schemas import load

expected = pathlib.Path(sys.argv[1]).read_text()
for argument in sys.argv[2:]:
    file, wanted = argument.rsplit("=", 1)
    (deployment,) = [thing for thing in load(file) if thing["kind"] == "FlinkDeployment"]
    spec = deployment["spec"]
    if spec["logConfiguration"]["log4j-console.properties"].strip() != expected.strip():
        sys.exit(f"{file}: the logging configuration must be that of {sys.argv[1]}")
    (container,) = spec["podTemplate"]["spec"]["containers"]
    values = {one["name"]: one.get("value") for one in container["env"]}
    if values["STREAMCELL_LOG_FORMAT"] != wanted:
        sys.exit(f"{file}: logs must be {wanted}, are {values['STREAMCELL_LOG_FORMAT']}")
print(f"logs: {len(sys.argv) - 2} deployments write what they are told to")
