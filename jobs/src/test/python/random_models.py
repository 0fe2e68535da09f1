"""Random models of Keras, PyTorch and ONNX, and what these libraries say must come out.

    python random_models.py FOLDER [COUNT] [SEED]

Three in five are Keras's, one in five torch's, one in five ONNX's own operators; each library runs in a process of its own.
Needs keras, jax, h5py, torch, onnx, onnxscript, onnxruntime and safetensors. A model that its own library cannot compute
is left out and counted.
"""

import importlib
import os
import subprocess
import sys
import warnings

MAKERS = {"random_keras": 3, "random_torch": 1, "random_onnx": 1}


def make(root, maker, count, seed):
    """`count` models of one library."""
    warnings.simplefilter("ignore")
    made, left_out, number = 0, 0, seed * 100_000
    library = importlib.import_module(maker)
    while made < count:
        try:
            library.make(root, f"{maker}-{number}", number)
            made += 1
        except Exception as error:  # whatever the library says, it cannot judge this model
            left_out += 1
            print(f"left out {maker} {number}: {type(error).__name__}: {str(error)[:120]!r}", file=sys.stderr)
            if left_out > count:
                raise SystemExit("more than half of the models cannot be judged") from error
        number += 1
    print(f"{maker}: {made} models, {left_out} left out", flush=True)


def main(root, count=200, seed=0):
    for maker, part in MAKERS.items():
        share = -(-count * part // sum(MAKERS.values()))
        command = [sys.executable, os.path.abspath(__file__), root, str(share), str(seed), maker]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    if len(sys.argv) > 4:
        make(sys.argv[1], sys.argv[4], int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(sys.argv[1], *(int(argument) for argument in sys.argv[2:]))
