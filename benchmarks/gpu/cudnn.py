"""Times an LSTM of PyTorch on cuDNN, called from Python and in a CUDA graph. Prints a JSON object a line."""

import json
import statistics
import warnings

import torch

warnings.filterwarnings("ignore")
CASES = [
    (8, 32, 4096, 1), (8, 32, 65536, 1),
    (64, 128, 64, 1), (64, 128, 256, 1), (64, 128, 1024, 1), (64, 128, 4096, 1), (64, 128, 16384, 1),
    (64, 128, 65536, 1), (64, 128, 4096, 10), (64, 128, 4096, 100),
    (128, 512, 64, 1), (128, 512, 1024, 1), (128, 512, 4096, 1), (128, 512, 16384, 1), (128, 512, 4096, 100),
]


def microseconds(work):
    """The median of seven rounds of about a fiftieth of a second, by the device's clock."""
    def once(turns):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        for _ in range(turns):
            work()
        end.record()
        end.synchronize()
        return begin.elapsed_time(end) * 1e3 / turns

    once(2)
    turns = int(max(1, min(500, 20_000 / once(1))))
    return statistics.median(once(turns) for _ in range(7))


def run(features, units, rows, timesteps, precision):
    # With full float32, TF32 is off everywhere.
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
    kind = torch.bfloat16 if precision == "bf16" else torch.float32
    layer = torch.nn.LSTM(features, units).to("cuda", kind)
    layer.flatten_parameters()
    x = torch.randn(timesteps, rows, features, device="cuda", dtype=kind)
    state = tuple(torch.randn(1, rows, units, device="cuda", dtype=kind) for _ in range(2))
    with torch.inference_mode():
        called = microseconds(lambda: layer(x, state))
        stream = torch.cuda.Stream()
        with torch.cuda.stream(stream):
            layer(x, state)
        torch.cuda.synchronize()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            layer(x, state)
        replayed = microseconds(graph.replay)
    for what, time in ("cuDNN from Python", called), ("cuDNN in a graph", replayed):
        flops = 2 * rows * timesteps * (features + units) * 4 * units
        print(json.dumps({
            "features": features, "units": units, "rows": rows, "timesteps": timesteps, "what": what,
            "precision": precision, "us": round(time, 2), "tflops": round(flops / time * 1e-6, 3)}), flush=True)


if __name__ == "__main__":
    print(json.dumps({
        "torch": torch.__version__, "cuda": torch.version.cuda, "cudnn": torch.backends.cudnn.version(),
        "gpu": torch.cuda.get_device_name()}))
    for case in CASES:
        for precision in "exact", "tf32", "bf16":
            run(*case, precision)
