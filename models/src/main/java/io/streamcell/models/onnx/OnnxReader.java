package io.streamcell.models.onnx;

import io.streamcell.models.Network;
import io.streamcell.models.UnsupportedModelException;
import io.streamcell.models.onnx.schema.Onnx.ModelProto;
import io.streamcell.models.onnx.schema.Onnx.StringStringEntryProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** Reads an {@code .onnx} file with LSTM, GRU or RNN operators. */
public final class OnnxReader {
    private OnnxReader() {}

    /**
     * The names of the files beside a model that hold its weights.
     *
     * @throws UnsupportedModelException if the file is damaged
     * @throws IOException if it cannot be read
     */
    public static List<String> beside(Path file) throws IOException {
        return ModelFile.parse(file).getGraph().getInitializerList().stream()
                .flatMap(tensor -> tensor.getExternalDataList().stream())
                .filter(entry -> entry.getKey().equals("location"))
                .map(StringStringEntryProto::getValue)
                .distinct()
                .toList();
    }

    /**
     * Reads the network. Graph inputs and outputs that carry recurrent states from call to call are
     * the network's state, and a batch or time axis of fixed length is read as any length.
     *
     * @throws UnsupportedModelException if the file is damaged or holds what cannot be scored
     * @throws IOException if the file, or one beside it that holds its weights, cannot be read
     */
    public static Network read(Path file) throws IOException {
        ModelProto model = ModelFile.parse(file);
        Path folder = file.toAbsolutePath().getParent();
        try {
            TensorReader tensors = new TensorReader(folder);
            return new GraphReader(OnnxGraph.of(model, tensors), tensors).network();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
