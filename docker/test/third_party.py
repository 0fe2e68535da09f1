"""third_party.py TREE DOCUMENT...: every jar in the image's files must be named in one of the documents, with its licence."""

import pathlib
import re
import sys

TREE, DOCUMENTS = pathlib.Path(sys.argv[1]), [pathlib.Path(name).read_text() for name in sys.argv[2:]]

listed = {name for text in DOCUMENTS for name in re.findall(r"(?:^\| [\w.-]+:|`)([\w.-]+)(?: \||`)", text, re.M)}
jars = sorted({jar.stem for jar in TREE.rglob("*.jar") if not jar.name.startswith("streamcell-")})
missing = [jar for jar in jars if not any(jar.startswith(f"{name}-") for name in listed)]
if not jars or missing:
    sys.exit(f"every jar of the image must be in the list of libraries, missing are {missing} of {len(jars)}")
print(f"{len(jars)} jars of others in the image, each in the list of libraries")
