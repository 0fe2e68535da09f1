"""Events for the forecaster of examples/nab: 40 streams, each in five chunks of one to seven timesteps."""

import json
import math

for chunk in range(5):
    for stream in range(40):
        timesteps = 1 + (3 * stream + chunk) % 7
        values = [
            [math.sin(stream + chunk + step / 5), math.cos(step + stream), math.sin(chunk * step)]
            for step in range(timesteps)
        ]
        print(json.dumps({"stream": f"s-{stream}", "values": values}, separators=(",", ":")))
