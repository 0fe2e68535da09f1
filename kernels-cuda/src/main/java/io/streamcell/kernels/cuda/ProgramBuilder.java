package io.streamcell.kernels.cuda;

import io.streamcell.kernels.KernelException;
import io.streamcell.models.Activate;
import io.streamcell.models.Activation;
import io.streamcell.models.BatchNormalization;
import io.streamcell.models.Concatenate;
import io.streamcell.models.Dense;
import io.streamcell.models.Embedding;
import io.streamcell.models.Identity;
import io.streamcell.models.Layer;
import io.streamcell.models.LayerNormalization;
import io.streamcell.models.Merge;
import io.streamcell.models.Network;
import io.streamcell.models.Node;
import io.streamcell.models.Recurrent;
import io.streamcell.models.StateLayout;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiles a network: writes the source of its kernels, uploads its weights, lists its launches.
 */
final class ProgramBuilder {
    /** Units up to which a dense layer is computed by a thread for each: a tile would be empty. */
    private static final int NARROW = 8;

    private final Program program;
    private final Source source;
    private final Packing packing;
    private final RecurrentBuilder cells;
    private final List<Runnable> links = new ArrayList<>();

    private ProgramBuilder(
            Device device, Network network, StateLayout layout, Precision precision) {
        this.program = new Program(device);
        this.source = new Source(precision, device.properties());
        this.packing = precision.packing(device.properties());
        network.tensors().forEach(shape -> program.tensors.add(Extent.of(shape)));
        this.cells = new RecurrentBuilder(program, source, packing, layout, links);
    }

    /**
     * Compiles a network of layers that {@link Layers} does not refuse.
     *
     * @throws KernelException if the device cannot hold it
     */
    static Program build(Device device, Network network, StateLayout layout, Precision precision) {
        ProgramBuilder builder = new ProgramBuilder(device, network, layout, precision);
        boolean built = false;
        try {
            network.nodes().forEach(builder::add);
            builder.program.own(device.compile(builder.source.text()));
            builder.links.forEach(Runnable::run);
            built = true;
            return builder.program;
        } finally {
            if (!built) {
                builder.program.close();
            }
        }
    }

    private void add(Node node) {
        Layer layer = node.layer();
        int x = node.input();
        int y = node.output();
        if (layer instanceof Recurrent recurrent) {
            cells.add(recurrent, node);
        } else if (layer instanceof Dense dense) {
            dense(dense, x, y);
        } else if (layer instanceof Embedding embedding) {
            embedding(embedding, x, y);
        } else if (layer instanceof BatchNormalization normalization) {
            long scale = upload(normalization.scale());
            long shift = upload(normalization.shift());
            rows(
                    x,
                    (piece, rows) ->
                            piece.each(
                                    program.kernels.batchNormalization,
                                    rows * features(x),
                                    scale,
                                    shift,
                                    piece.at(x),
                                    features(x),
                                    pitch(x),
                                    rows,
                                    piece.at(y)));
        } else if (layer instanceof LayerNormalization normalization) {
            long gamma = upload(normalization.gamma());
            long beta = upload(normalization.beta());
            long epsilon = upload(Weights.vector(new float[] {normalization.epsilon()}));
            rows(
                    x,
                    (piece, rows) ->
                            piece.each(
                                    program.kernels.layerNormalization,
                                    rows,
                                    gamma,
                                    beta,
                                    epsilon,
                                    piece.at(x),
                                    features(x),
                                    pitch(x),
                                    rows,
                                    piece.at(y)));
        } else if (layer instanceof Activate activate) {
            activate(activate.activation(), x, y);
        } else if (layer instanceof Merge || layer instanceof Concatenate) {
            join(node);
        } else if (layer instanceof Identity) {
            place(x, y, 0, false);
        } else {
            throw new KernelException(Layers.refusal(layer).orElseThrow());
        }
    }

    private interface RowStep {
        void launch(Piece piece, long rows);
    }

    /** Adds a step over all rows of the last dimension of a tensor. */
    private void rows(int x, RowStep step) {
        program.steps.add(piece -> step.launch(piece, piece.rows(x)));
    }

    private void dense(Dense layer, int x, int y) {
        Activation activation = layer.activation();
        if (activation.rowwise()) {
            Extent wide = extent(x).withFeatures(layer.units());
            program.tensors.add(wide);
            int sums = program.tensors.size() - 1;
            dense(
                    new Dense(layer.name(), layer.weights(), layer.bias(), Activation.LINEAR),
                    x,
                    sums);
            activate(activation, sums, y);
        } else if (layer.units() <= NARROW) {
            String name = source.narrowDense(features(x), layer.units(), activation);
            long weights = upload(layer.weights());
            long bias = upload(layer.bias());
            Linked kernel = link(name);
            rows(
                    x,
                    (piece, rows) ->
                            piece.each(
                                    kernel.get(),
                                    rows * layer.units(),
                                    weights,
                                    bias,
                                    piece.at(x),
                                    pitch(x),
                                    rows,
                                    piece.at(y),
                                    pitch(y)));
        } else {
            wideDense(layer, x, y);
        }
    }

    private void wideDense(Dense layer, int x, int y) {
        int groups = (layer.units() + 3) / 4;
        Weights w = layer.weights();
        float[] b = layer.bias().values();
        int units = layer.units();
        long weights =
                program.upload(
                        packing.pack(
                                List.of(
                                        new Packing.Sized(
                                                w.rows(),
                                                (k, group, column) ->
                                                        unit(
                                                                w.values(),
                                                                k * units,
                                                                group,
                                                                column,
                                                                units))),
                                groups));
        long bias =
                program.upload(
                        packing.bias(
                                (k, group, column) -> unit(b, 0, group, column, units), groups));
        Variants variants =
                new Variants(source.dense(features(x), units, layer.activation()), program, links);
        rows(
                x,
                (piece, rows) -> {
                    Variants.Variant variant = variants.fitting(piece, rows, groups);
                    piece.stream()
                            .launch(
                                    variant.kernel(),
                                    variant.product().tiles(rows, groups),
                                    1,
                                    weights,
                                    bias,
                                    piece.at(x),
                                    pitch(x),
                                    rows,
                                    piece.at(y),
                                    pitch(y));
                });
    }

    /** Value {@code 4*group + column} of a row of {@code units} values, 0 beyond its end. */
    static float unit(float[] values, int row, int group, int column, int units) {
        int unit = 4 * group + column;
        return unit < units ? values[row + unit] : 0;
    }

    private void embedding(Embedding layer, int x, int y) {
        program.checksTokens = true;
        long table = upload(layer.table());
        int width = layer.table().columns();
        rows(
                x,
                (piece, rows) ->
                        piece.each(
                                program.kernels.embedding,
                                rows * features(x) * width,
                                table,
                                layer.vocabulary(),
                                width,
                                piece.at(x),
                                features(x),
                                pitch(x),
                                rows,
                                piece.at(y),
                                pitch(y),
                                piece.wrongToken()));
    }

    private void activate(Activation activation, int x, int y) {
        switch (activation) {
            case SOFTMAX, LOG_SOFTMAX, SPARSEMAX ->
                    rows(
                            x,
                            (piece, rows) ->
                                    piece.each(
                                            program.kernels.rowwise(activation),
                                            rows,
                                            piece.at(x),
                                            features(x),
                                            pitch(x),
                                            rows,
                                            piece.at(y)));
            case GLU ->
                    rows(
                            x,
                            (piece, rows) ->
                                    piece.each(
                                            program.kernels.glu,
                                            rows * features(y),
                                            piece.at(x),
                                            features(x),
                                            pitch(x),
                                            rows,
                                            piece.at(y),
                                            pitch(y)));
            default -> {
                Linked kernel = link(source.activation(activation));
                rows(
                        x,
                        (piece, rows) ->
                                piece.each(
                                        kernel.get(),
                                        rows * features(x),
                                        piece.at(x),
                                        features(x),
                                        pitch(x),
                                        rows,
                                        piece.at(y)));
            }
        }
    }

    private void join(Node node) {
        int column = 0;
        for (int k = 0; k < node.inputs().size(); k++) {
            boolean sum = node.layer() instanceof Merge;
            place(node.inputs().get(k), node.output(), column, sum && k > 0);
            column += sum ? 0 : features(node.inputs().get(k));
        }
    }

    /** Copies the values of a tensor into columns of another, or adds them. */
    private void place(int x, int y, int column, boolean sum) {
        long adds = sum ? 1 : 0;
        if (extent(x).timed() || !extent(y).timed()) {
            rows(
                    x,
                    (piece, rows) ->
                            piece.each(
                                    program.kernels.place,
                                    rows * features(x),
                                    piece.at(x),
                                    features(x),
                                    pitch(x),
                                    rows,
                                    piece.at(y),
                                    pitch(y),
                                    column,
                                    adds));
            return;
        }
        program.steps.add(
                piece -> {
                    Piece.Axis axis = piece.axis(extent(y).axis());
                    piece.eachInTime(
                            program.kernels.placeAtAllTimes,
                            axis,
                            extent(x).width(),
                            piece.at(x),
                            extent(x).inner(),
                            features(x),
                            pitch(x),
                            axis.order(),
                            axis.active(),
                            axis.offsets(),
                            axis.steps(),
                            piece.at(y),
                            pitch(y),
                            column,
                            adds);
                });
    }

    /** A kernel that is there once the source is compiled. */
    private static final class Linked {
        private Device.Kernel kernel;

        Device.Kernel get() {
            return kernel;
        }
    }

    private Linked link(String name) {
        Linked linked = new Linked();
        links.add(() -> linked.kernel = program.kernel(name, 0));
        return linked;
    }

    private long upload(Weights weights) {
        return program.upload(words(weights.values()));
    }

    private static int[] words(float[] values) {
        int[] words = new int[values.length];
        for (int k = 0; k < words.length; k++) {
            words[k] = Float.floatToRawIntBits(values[k]);
        }
        return words;
    }

    private Extent extent(int tensor) {
        return program.tensors.get(tensor);
    }

    private int features(int tensor) {
        return extent(tensor).features();
    }

    private int pitch(int tensor) {
        return extent(tensor).pitch();
    }
}
