"""third_party.py TREE DOCUMENT...: every jar in the image's files must have a row in one of the documents: library, version, licence."""

import pathlib
import re
import sys

TREE, DOCUMENTS = pathlib.Path(sys.argv[1]), [pathlib.Path(name).read_text() for name in sys.argv[2:]]

# A jar is called artifact-version, and behind that by its classifier where it has one.
rows = {
    f"{artifact}-{version}"
    for text in DOCUMENTS
    for artifact, version in re.findall(r"^\| [\w.-]+:([\w.-]+) \| ([\w.+-]+) \| \S", text, re.M)
}
jars = sorted({jar.stem for jar in TREE.rglob("*.jar") if not jar.name.startswith("streamcell-")})
missing = [jar for jar in jars if not any(jar == row or jar.startswith(f"{row}-") for row in rows)]
if not jars or missing:
    sys.exit(f"every jar of the image must be in the list of libraries with its version, missing are {missing} of {len(jars)}")
print(f"{len(jars)} jars of others in the image, each in the list of libraries with its version")
