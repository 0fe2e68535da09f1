package io.streamcell.kernels.cuda;

import io.streamcell.models.Activation;
import io.streamcell.models.Cell;
import io.streamcell.models.Gru;
import io.streamcell.models.Layer;
import io.streamcell.models.Lstm;
import io.streamcell.models.Recurrent;
import io.streamcell.models.SimpleRnn;
import java.util.List;
import java.util.Optional;

/** Which layers have kernels. */
final class Layers {
    private Layers() {}

    /** Why a layer has none; empty when it has. */
    static Optional<String> refusal(Layer layer) {
        return layer instanceof Recurrent recurrent
                ? recurrent.cells().stream().flatMap(cell -> refusal(cell).stream()).findFirst()
                : Optional.empty();
    }

    private static Optional<String> refusal(Cell cell) {
        List<Activation> activations;
        if (cell instanceof Lstm lstm) {
            activations = List.of(lstm.activation(), lstm.recurrentActivation());
        } else if (cell instanceof Gru gru) {
            activations = List.of(gru.activation(), gru.recurrentActivation());
        } else if (cell instanceof SimpleRnn rnn) {
            activations = List.of(rnn.activation());
        } else {
            return Optional.of(
                    cell.kind() + " has no CUDA kernel, only LSTM, GRU and SimpleRNN do");
        }
        return activations.stream()
                .filter(Activation::rowwise)
                .map(
                        rowwise ->
                                "%s with %s, which needs all units at once, has no CUDA kernel"
                                        .formatted(cell.kind(), rowwise.keras()))
                .findFirst();
    }
}
