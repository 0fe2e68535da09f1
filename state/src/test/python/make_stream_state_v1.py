"""Writes stream-state-v1.bin: states in version 1 as an independent hand laid them out. Never made again once released:
the file is what an old job left behind.

    python3 make_stream_state_v1.py > ../resources/io/streamcell/state/stream-state-v1.bin
"""

import struct
import sys


def state(flags, following, last_time, *vectors):
    data = struct.pack("<BBBqq", 1, flags, len(vectors), following, last_time)
    for fingerprint, floats in vectors:
        data += struct.pack("<Qi", fingerprint, len(floats)) + struct.pack(f"<{len(floats)}f", *floats)
    return data


sys.stdout.buffer.write(
    state(0, 0, -(2**63))
    + state(1, 1547, 1385990100000, (0x3F9C2A5E7B1D0C44, [0.0, -0.0, 1.5, -2.25, 1e-45, 3.4028234663852886e38]))
    + state(6, 2**40, -1, (0xFFFFFFFFFFFFFFFF, []), (0x0000000000000001, [0.1, float("inf"), float("nan")]))
)
