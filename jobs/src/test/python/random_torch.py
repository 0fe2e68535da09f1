"""Random PyTorch networks, as safetensors with a description and through both exporters to ONNX."""

import json
import os

import numpy as np
import torch
from safetensors.torch import save_file

from cases import write_case

ACTIVATIONS = ["ReLU", "Tanh", "Sigmoid", "ELU", "LeakyReLU", "Softplus", "Softsign", "SiLU", "GELU", "Hardsigmoid"]


class Net(torch.nn.Module):
    """Layers one after another; recurrent ones among them."""

    def __init__(self, r, way):
        super().__init__()
        self.way, self.exported, self.described, self.causal = way, way != "safetensors", [], True
        self.features = width = int(r.integers(1, 8))
        self.parts = torch.nn.ModuleList()
        for n in range(int(r.integers(1, 4))):
            width = self.recurrent(r, n, width)
            width = self.between(r, n, width)
        self.add(torch.nn.Linear(width, int(r.integers(1, 5)), bias=bool(r.random() < 0.8)), "Linear", "head")
        self.last = self.exported and r.random() < 0.3

    def add(self, module, kind, name=None, **description):
        self.parts.append(module)
        weights = {"weights": f"parts.{len(self.parts) - 1}"} if list(module.state_dict()) else {}
        self.described.append({"class": f"torch.nn.{kind}", **weights, **({"name": name} if name else {}), **description})

    def recurrent(self, r, n, width):
        # The newer exporter unrolls an RNN over the timesteps that it was shown.
        kind = ["LSTM", "GRU", "RNN"][int(r.integers(2 if self.way == "dynamo" else 3))]
        hidden, both = int(r.integers(2, 12)), r.random() < 0.25
        options = {"num_layers": int(r.integers(1, 3)), "bias": bool(r.random() < 0.85), "bidirectional": both}
        description = {}
        if kind == "LSTM" and r.random() < 0.25 and not self.exported:
            options["proj_size"] = int(r.integers(1, hidden))
        if kind == "RNN":
            options["nonlinearity"] = description["nonlinearity"] = ["tanh", "relu"][int(r.integers(2))]
        self.add(getattr(torch.nn, kind)(width, hidden, batch_first=True, **options), kind, f"rnn{n}", **description)
        self.causal = self.causal and not both
        return (options.get("proj_size") or hidden) * (2 if both else 1)

    def between(self, r, n, width):
        choice = int(r.integers(0, 5))
        if choice == 0:
            out = int(r.integers(1, 9))
            self.add(torch.nn.Linear(width, out), "Linear", f"linear{n}")
            width = out
        elif choice == 1:
            self.add(torch.nn.LayerNorm(width), "LayerNorm", f"norm{n}")
        elif choice == 2:
            kind = ACTIVATIONS[int(r.integers(len(ACTIVATIONS)))]
            self.add(getattr(torch.nn, kind)(), kind)
        elif choice == 3:
            self.add(torch.nn.Dropout(0.3), "Dropout")
        return width

    def forward(self, x):
        for part in self.parts:
            x = part(x)
            x = x[0] if isinstance(x, tuple) else x
        return x[:, -1] if self.last else x


def make(root, name, seed):
    r = np.random.default_rng(seed)
    torch.manual_seed(seed)
    way = ["safetensors", "onnx", "dynamo"][seed % 3]
    net = Net(r, way)
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, 0, 0.4)
    net.eval()
    streams = {}
    for stream in ("a", "b"):
        pieces = [r.normal(size=(int(n), net.features)).astype("float32") for n in r.integers(1, 7, int(r.integers(1, 4)))]
        streams[stream] = (pieces, expected(net, pieces))
    file = "model.json" if way == "safetensors" else "model.onnx"
    write_case(root, name, file, f"random PyTorch network through {way}, seed {seed}", "always" if net.causal else "never", streams)
    save(net, way, os.path.join(root, name))


def expected(net, pieces):
    given, before = [], np.zeros((0, net.features), "float32")
    for piece in pieces:
        before = np.concatenate([before, piece]) if net.causal else piece
        with torch.no_grad():
            y = net(torch.from_numpy(before)[None])[0].numpy()
        given.append(y[None] if net.last else y[len(before) - len(piece):])
    return given


def save(net, way, folder):
    file = os.path.join(folder, "model.onnx")
    if way == "safetensors":
        save_file({name: tensor.contiguous() for name, tensor in net.state_dict().items()}, os.path.join(folder, "model.safetensors"))
        with open(os.path.join(folder, "model.json"), "w", encoding="utf-8") as description:
            json.dump({"streamcell": 1, "weights": "model.safetensors", "layers": net.described}, description)
    elif way == "onnx":
        axes = {"x": {0: "batch", 1: "time"}, "y": {0: "batch"} if net.last else {0: "batch", 1: "time"}}
        torch.onnx.export(net, (torch.zeros(1, 5, net.features),), file, input_names=["x"], output_names=["y"], dynamic_axes=axes,
                          dynamo=False)
    else:
        axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("time")}
        torch.onnx.export(net, (torch.zeros(2, 5, net.features),), file, input_names=["x"], output_names=["y"],
                          dynamic_shapes=(axes,), dynamo=True, external_data=False, verbose=False)
