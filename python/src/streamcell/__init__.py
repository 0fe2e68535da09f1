# SPDX-License-Identifier: Apache-2.0
"""Recurrent cells of the literature that Keras lacks: train them in Keras, score them with Streamcell.

Each is a cell for `keras.layers.RNN`. Importing this package registers them, so that `keras.saving.load_model` finds
them in a saved `.keras` file by the names `streamcell>LSTMVariantCell` and so on.
"""

from streamcell.clockwork import ClockworkCell
from streamcell.depth_gated import DepthGatedLSTMCells
from streamcell.lstm_variants import LSTMVariantCell
from streamcell.mut import MutCell

__all__ = ["ClockworkCell", "DepthGatedLSTMCells", "LSTMVariantCell", "MutCell"]
