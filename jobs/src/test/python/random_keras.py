"""Random Keras models, random events, and what Keras says must come out."""

import os

os.environ.setdefault("KERAS_BACKEND", "numpy")

import keras
import numpy as np
from keras import layers as L
from keras import ops

from cases import write_case

ACTIVATIONS = ["linear", "relu", "tanh", "sigmoid", "softsign", "elu", "selu", "gelu", "silu", "hard_sigmoid", "softplus",
               "leaky_relu", "mish", "softmax"]


class Model:
    """A model that grows layer by layer; `causal` while no timestep looks at a later one or at where its chunk begins."""

    def __init__(self, r):
        self.r, self.causal, self.sequence, self.inputs = r, True, True, []
        self.tokens = r.random() < 0.15
        self.vocabulary = int(r.integers(3, 30))
        self.features = int(r.integers(1, 9))
        if self.tokens:
            x = keras.Input((None,), dtype="int32", name="x")
            self.inputs.append(x)
            self.x = L.Embedding(self.vocabulary, self.features, mask_zero=self.flip())(x)
        else:
            x = keras.Input((None, self.features), name="x")
            self.inputs.append(x)
            self.x = L.Masking(0.0)(x) if self.flip(0.25) else x

    def flip(self, p=0.5):
        return self.r.random() < p

    def pick(self, values):
        return values[int(self.r.integers(len(values)))]

    def size(self):
        return int(self.pick([1, 2, 3, 5, 7, 8, 13, 17]))

    def cell(self):
        kind = self.pick(["LSTMCell", "GRUCell", "SimpleRNNCell"])
        return getattr(L, kind)(self.size(), **self.cell_options(kind))

    def cell_options(self, kind):
        options = {"activation": self.pick(ACTIVATIONS), "use_bias": self.flip(0.8)}
        if "Simple" not in kind:
            options["recurrent_activation"] = self.pick(["sigmoid", "hard_sigmoid", "tanh"])
        if "GRU" in kind:
            options["reset_after"] = self.flip()
        return options

    def recurrent(self, sequences, backwards=False):
        options = {"return_sequences": sequences, "go_backwards": backwards}
        if self.flip(0.3):
            options["zero_output_for_mask"] = True
        if self.flip(0.25):
            return L.RNN([self.cell() for _ in range(int(self.r.integers(1, 4)))], **options)
        kind = self.pick(["LSTM", "GRU", "SimpleRNN"])
        return getattr(L, kind)(self.size(), **options, **self.cell_options(kind))

    def step(self):
        x, width = self.x, self.x.shape[-1]
        choice = int(self.r.integers(0, 19))
        if choice < 5:
            self.x = self.recurrent(True)(x)
        elif choice == 5:
            self.x = L.Dense(self.size(), activation=self.pick(ACTIVATIONS), use_bias=self.flip(0.8))(x)
        elif choice == 6:
            self.x = self.pick([L.LayerNormalization, L.BatchNormalization, L.UnitNormalization, L.RMSNormalization])()(x)
        elif choice == 7:
            self.x = self.pick([lambda: L.LeakyReLU(0.1), lambda: L.ELU(0.7), lambda: L.ReLU(1.5, 0.1), lambda: L.ReLU(threshold=0.3),
                                lambda: L.PReLU(shared_axes=[1]), lambda: L.Softmax(), lambda: L.Activation(self.pick(ACTIVATIONS)),
                                lambda: L.Dropout(0.3), lambda: L.Rescaling(0.5, -0.1)])()(x)
        elif choice == 8:
            y = L.Dense(width)(x)
            merge = self.pick([L.Add, L.Subtract, L.Multiply, L.Average, L.Maximum, L.Minimum, L.Concatenate])
            self.x = merge()([x, y] if self.flip() else [y, x])
        elif choice == 9:
            inner = L.Dense(self.size(), activation=self.pick(ACTIVATIONS))
            if self.flip():
                inner = keras.Sequential([keras.Input((width,)), inner, L.Dropout(0.2), L.Dense(self.size())])
            self.x = L.TimeDistributed(inner)(x)
        elif choice == 10:
            self.x = L.Bidirectional(self.recurrent(True), merge_mode=self.pick(["concat", "sum", "mul", "ave"]))(x)
            self.causal = False
        elif choice == 11:
            self.x = self.recurrent(True, backwards=True)(x)
            self.causal = False
        elif choice == 12:
            self.x = L.Conv1D(self.size(), int(self.r.integers(1, 4)), padding=self.pick(["causal", "same"]),
                              dilation_rate=int(self.r.integers(1, 3)), activation=self.pick(["linear", "relu"]))(x)
            self.causal = False
        elif choice == 13:
            self.x = self.pick([lambda: x * 0.5 + 1, lambda: ops.tanh(x), lambda: 1.0 - x, lambda: x[..., :max(1, width - 1)],
                                lambda: -x, lambda: ops.maximum(x, 0.1), lambda: x / 2.0])()
        elif choice == 14:
            two = self.size()
            inner = keras.Sequential([keras.Input((None, width)), L.Dense(two), self.recurrent(True), L.Dense(two)])
            self.x = inner(x)
        elif choice == 15:
            part = L.Dense(6)(x)
            shaped = L.Permute((1, 3, 2))(L.Reshape((-1, 2, 3))(part))
            self.x = L.TimeDistributed(L.Flatten())(L.Dense(2)(shaped))
        elif choice == 16:
            mean = L.Normalization(mean=[0.1 * k for k in range(width)], variance=[1 + k for k in range(width)])
            self.x = mean(x)
        elif choice == 17:
            shared = L.Dense(width, activation="tanh")
            self.x = shared(shared(x))
        elif self.r.random() < 0.5:
            self.x = L.SpatialDropout1D(0.3)(x)

    def end(self):
        """One output a timestep, or one a chunk, in one of many ways."""
        choice = int(self.r.integers(0, 9))
        if choice < 4:
            outputs = L.Dense(self.size(), activation=self.pick(["linear", "softmax", "sigmoid"]))(self.x)
            return outputs
        self.sequence = False
        if choice == 4:
            x = self.recurrent(False)(self.x)
        elif choice == 5:
            x = self.x[:, -1, :]
        elif choice == 6:
            self.causal = False
            x = self.pick([L.GlobalAveragePooling1D, L.GlobalMaxPooling1D])()(self.x)
        elif choice == 7:
            self.causal = False
            x = L.Bidirectional(self.recurrent(False), merge_mode=self.pick(["concat", "sum", "ave"]))(self.x)
        else:
            self.causal = False
            units = self.size()
            _, h, c = L.LSTM(units, return_state=True)(self.x)
            y = L.RepeatVector(3)(h)
            self.sequence = None
            return L.Dense(2)(L.LSTM(units, return_sequences=True)(y, initial_state=[h, c]))
        return L.Dense(self.size())(x)

    def values(self, length):
        if self.tokens:
            return self.r.integers(0, self.vocabulary, length)
        x = self.r.normal(size=(length, self.features)).astype("float32")
        x[self.r.random(length) < 0.2] = 0
        return x


def random_weights(model, r):
    for weight in model.weights:
        if not np.issubdtype(np.asarray(weight).dtype, np.floating):
            continue
        shape = weight.shape
        low = any(part in weight.path for part in ("variance", "moving_variance"))
        value = r.uniform(0.5, 2, shape) if low else r.normal(0, 0.4, shape)
        weight.assign(value.astype("float32"))


def make(root, name, seed):
    r = np.random.default_rng(seed)
    keras.utils.clear_session()
    built = Model(r)
    for _ in range(int(r.integers(1, 5))):
        built.step()
    output = built.end()
    model = keras.Model(built.inputs, output)
    random_weights(model, r)
    file = "model.h5" if r.random() < 0.1 else "model.keras"
    carry = "always" if built.causal else "never"
    streams = {}
    for stream in ("a", "b"):
        pieces = [built.values(int(n)) for n in r.integers(1, 7, int(r.integers(1, 4)))]
        streams[stream] = (pieces, expected(model, built, pieces))
    write_case(root, name, file, f"random Keras model, seed {seed}", carry, streams)
    model.save(os.path.join(root, name, file))


def expected(model, built, pieces):
    """What each piece gives: what follows what came before, where the model allows it, else by itself."""
    given, before = [], None
    for piece in pieces:
        whole = piece if before is None or not built.causal else np.concatenate([before, piece])
        y = np.asarray(model(whole[None]))[0]
        if built.sequence and built.causal:
            y = y[len(whole) - len(piece):]
        given.append(y if y.ndim > 1 and built.sequence is not False else y[None])
        before = whole
    return given
