"""Random recurrent operators of ONNX with random attributes, judged by ONNX Runtime."""

import os

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

from cases import write_case

GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
FUNCTIONS = {"Sigmoid": 0, "Tanh": 0, "Relu": 0, "Softsign": 0, "Softplus": 0, "HardSigmoid": 2, "ScaledTanh": 2, "LeakyRelu": 1,
             "Elu": 1, "ThresholdedRelu": 1, "Affine": 2}


def activations(r, kind, directions):
    """Names, alphas and betas, or nothing for the defaults."""
    if r.random() < 0.4:
        return {}
    names, alphas, betas = [], [], []
    for _ in range(directions * {"LSTM": 3, "GRU": 2, "RNN": 1}[kind]):
        names.append(list(FUNCTIONS)[int(r.integers(len(FUNCTIONS)))])
        constants = FUNCTIONS[names[-1]]
        if constants > 0:
            alphas.append(float(r.uniform(0.1, 0.5)))
        if constants > 1:
            betas.append(float(r.uniform(0.2, 0.6)))
    given = {"activations": names}
    if alphas:
        given["activation_alpha"] = alphas
    if betas:
        given["activation_beta"] = betas
    return given


def graph(r, kind, features, hidden, directions, attributes, with_states):
    gates = GATES[kind]
    weights = {"W": r.normal(0, .5, (directions, gates * hidden, features)), "R": r.normal(0, .3, (directions, gates * hidden, hidden))}
    biased, peephole = r.random() < 0.8, kind == "LSTM" and r.random() < 0.4
    if biased:
        weights["B"] = r.normal(0, .3, (directions, 2 * gates * hidden))
    if peephole:
        weights["P"] = r.normal(0, .3, (directions, 3 * hidden))
    weights["head"] = r.normal(0, .5, (directions * hidden, 2))
    states = ["h", "c"] if kind == "LSTM" else ["h"]

    def model(stated):
        inputs = ["x", "W", "R", "B" if biased else "", ""] + [state + "_in" if stated else "" for state in states]
        inputs += ["P"] if peephole else []
        while not inputs[-1]:
            inputs.pop()
        nodes = [helper.make_node(kind, inputs, ["Y"] + [state + "_out" for state in states], name="cell", hidden_size=hidden,
                                  **attributes),
                 helper.make_node("Transpose", ["Y"], ["Yt"], perm=[0, 2, 1, 3]),
                 helper.make_node("Reshape", ["Yt", "flat"], ["Yf"]),
                 helper.make_node("MatMul", ["Yf", "head"], ["y"])]
        constants = [numpy_helper.from_array(value.astype("float32"), name) for name, value in weights.items()]
        constants.append(numpy_helper.from_array(np.asarray([0, 0, directions * hidden], "int64"), "flat"))
        given = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["time", "batch", features])]
        made = [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["time", "batch", 2])]
        if stated:
            given += [helper.make_tensor_value_info(s + "_in", TensorProto.FLOAT, [directions, "batch", hidden]) for s in states]
            made += [helper.make_tensor_value_info(s + "_out", TensorProto.FLOAT, [directions, "batch", hidden]) for s in states]
        built = helper.make_model(helper.make_graph(nodes, "network", given, made, constants),
                                  opset_imports=[helper.make_opsetid("", int(attributes_opset))])
        built.ir_version = 8
        onnx.checker.check_model(built)
        return built

    attributes_opset = int(r.choice([14, 15, 17, 20]))
    return model(True), model(with_states), states


def make(root, name, seed):
    r = np.random.default_rng(seed)
    kind = list(GATES)[int(r.integers(3))]
    direction = ["forward", "forward", "reverse", "bidirectional"][int(r.integers(4))]
    directions = 2 if direction == "bidirectional" else 1
    features, hidden = int(r.integers(1, 7)), int(r.integers(1, 10))
    attributes = {"direction": direction, **activations(r, kind, directions)}
    if r.random() < 0.3:
        attributes["clip"] = float(r.uniform(0.3, 2))
    if kind == "LSTM" and r.random() < 0.3:
        attributes["input_forget"] = 1
    if kind == "GRU":
        attributes["linear_before_reset"] = int(r.integers(2))
    causal = direction == "forward"
    judged, saved, states = graph(r, kind, features, hidden, directions, attributes, causal and r.random() < 0.5)
    session = ort.InferenceSession(judged.SerializeToString(), providers=["CPUExecutionProvider"])
    streams = {}
    for stream in ("a", "b"):
        pieces = [r.normal(size=(int(n), features)).astype("float32") for n in r.integers(1, 7, int(r.integers(1, 4)))]
        state, outputs = None, []
        for piece in pieces:
            if state is None or not causal:
                state = {s: np.zeros((directions, 1, hidden), "float32") for s in states}
            out = session.run(None, {"x": piece[:, None], **{s + "_in": state[s] for s in states}})
            state = dict(zip(states, out[1:]))
            outputs.append(out[0][:, 0])
        streams[stream] = (pieces, outputs)
    write_case(root, name, "model.onnx", f"random ONNX {kind}, seed {seed}", "always" if causal else "never", streams)
    onnx.save(saved, os.path.join(root, name, "model.onnx"))
