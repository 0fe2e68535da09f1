package io.streamcell.kernels.cuda;

import io.streamcell.models.Cell;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.Node;
import io.streamcell.models.Recurrent;
import io.streamcell.models.Shape;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.StateLayout;
import io.streamcell.models.Weights;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Adds recurrent layers to a program: their states, weights, kernels and launches. */
final class RecurrentBuilder {
    private static final int NONE = -1;

    private final Program program;
    private final Source source;
    private final Packing packing;
    private final StateLayout layout;
    private final List<Runnable> links;

    RecurrentBuilder(
            Program program,
            Source source,
            Packing packing,
            StateLayout layout,
            List<Runnable> links) {
        this.program = program;
        this.source = source;
        this.packing = packing;
        this.layout = layout;
        this.links = links;
    }

    /**
     * Adds a layer. Each cell of a stack runs over the whole chunk before the one above it, which
     * gives the same values as timestep by timestep.
     */
    void add(Recurrent layer, Node node) {
        int axis = program.tensors.get(node.input()).axis();
        int offset = layout.offset(layer);
        int firstState = program.states.size();
        int x = node.input();
        for (int k = 0; k < layer.cells().size(); k++) {
            Cell cell = layer.cells().get(k);
            boolean top = k == layer.cells().size() - 1;
            boolean sequences = !top || layer.returnSequences();
            int y = top ? node.output() : sequence(axis, cell.units());
            int h = program.states.size();
            for (int state = 0; state < cell.stateSizes().size(); state++) {
                int units = cell.stateSizes().get(state);
                program.states.add(
                        new Program.StateTensor(offset, units, axis, state == 0 ? 2 : 1));
                offset += units;
            }
            Place place = new Place(axis, x, sequences ? y : NONE, sequences ? NONE : y, h);
            add(cell, place);
            x = y;
        }
        for (int k = 1; k < node.outputs().size(); k++) {
            int state = firstState + k - 1;
            int y = node.outputs().get(k);
            program.steps.add(piece -> piece.stateAfter(state, y));
        }
    }

    private int sequence(int axis, int units) {
        program.tensors.add(new Extent(axis, 1, units));
        return program.tensors.size() - 1;
    }

    /**
     * What a cell reads and writes.
     *
     * @param sequence the tensor of all timesteps, or {@link #NONE}
     * @param last the tensor of the last one, or {@link #NONE}
     * @param h the number of its h; other states follow
     */
    private record Place(int axis, int x, int sequence, int last, int h) {}

    private void add(Cell cell, Place place) {
        if (cell instanceof Lstm lstm) {
            int units = lstm.units();
            simple(
                    source.lstm(lstm),
                    weights(
                            units,
                            part(lstm.inputWeights(), (g, c) -> c * units + g),
                            part(lstm.recurrentWeights(), (g, c) -> c * units + g)),
                    bias(units, (k, g, c) -> lstm.bias().values()[c * units + g]),
                    units,
                    place);
        } else if (cell instanceof Gru gru && gru.resetAfter()) {
            resetAfter(gru, place);
        } else if (cell instanceof Gru gru) {
            resetBefore(gru, place);
        } else {
            SimpleRnn rnn = (SimpleRnn) cell;
            int units = rnn.units();
            int groups = (units + 3) / 4;
            simple(
                    source.simpleRnn(rnn),
                    weights(
                            groups,
                            part(rnn.inputWeights(), (g, c) -> below(4 * g + c, units)),
                            part(rnn.recurrentWeights(), (g, c) -> below(4 * g + c, units))),
                    bias(
                            groups,
                            (k, g, c) -> ProgramBuilder.unit(rnn.bias().values(), 0, g, c, units)),
                    groups,
                    place);
        }
    }

    /** z, r, then the input's and the state's part of the candidate, as {@code Gru} has them. */
    private void resetAfter(Gru gru, Place place) {
        int units = gru.units();
        float[] b = gru.bias().values();
        Packing.Part bias =
                (k, g, c) ->
                        switch (c) {
                            case 0 -> b[g] + b[3 * units + g];
                            case 1 -> b[units + g] + b[4 * units + g];
                            case 2 -> b[2 * units + g];
                            default -> b[5 * units + g];
                        };
        simple(
                source.gru(gru),
                weights(
                        units,
                        part(gru.inputWeights(), (g, c) -> c == 3 ? NONE : c * units + g),
                        part(
                                gru.recurrentWeights(),
                                (g, c) -> c == 2 ? NONE : Math.min(c, 2) * units + g)),
                bias(units, bias),
                units,
                place);
    }

    private void simple(
            List<Source.Named> kernels, long weights, long bias, int groups, Place place) {
        launch(
                kernels,
                groups,
                place,
                1,
                new long[] {weights, bias},
                piece -> new long[] {cells(piece, place.h)});
    }

    /** What a kernel takes between its states and the rows. */
    private interface More {
        long[] arguments(Piece piece);
    }

    /**
     * Adds the launch of a cell's kernel.
     *
     * @param groups of its first product
     * @param products of a timestep, between which and the next its blocks wait for each other
     * @param weights of all products, with their biases
     */
    private void launch(
            List<Source.Named> kernels,
            int groups,
            Place place,
            int products,
            long[] weights,
            More more) {
        Variants variants = new Variants(kernels, program, links);
        program.steps.add(
                piece -> {
                    Piece.Axis axis = piece.axis(place.axis);
                    Variants.Variant variant = variants.fitting(piece, axis.rows(), groups);
                    long[] operands = {
                        piece.at(place.x),
                        program.tensors.get(place.x).pitch(),
                        piece.state(place.h),
                        program.states.get(place.h).pitch(),
                        piece.slots()
                    };
                    long[] rows = {
                        axis.states(),
                        axis.order(),
                        axis.active(),
                        axis.offsets(),
                        axis.steps(),
                        piece.at(place.sequence),
                        piece.at(place.last)
                    };
                    piece.launchInTime(
                            variant.kernel(),
                            variant.product().tiles(axis.rows(), groups),
                            (long) products * axis.steps() - 1,
                            Stream.of(weights, operands, more.arguments(piece), rows)
                                    .flatMapToLong(LongStream::of)
                                    .toArray());
                });
    }

    /** The address of an LSTM's c, which other cells do not look at. */
    private long cells(Piece piece, int h) {
        return h + 1 < program.states.size() ? piece.state(h + 1) : 0;
    }

    private void resetBefore(Gru gru, Place place) {
        int units = gru.units();
        int gateGroups = (units + 1) / 2;
        int groups = (units + 3) / 4;
        float[] b = gru.bias().values();
        Columns gates =
                (g, c) -> {
                    int unit = 2 * g + c / 2;
                    return unit < units ? c % 2 * units + unit : NONE;
                };
        Columns candidates = (g, c) -> 4 * g + c < units ? 2 * units + 4 * g + c : NONE;
        long gateWeights =
                weights(
                        gateGroups,
                        part(gru.inputWeights(), gates),
                        part(gru.recurrentWeights(), gates));
        long gateBias = bias(gateGroups, (k, g, c) -> at(b, 0, gates.column(g, c)));
        long weights =
                weights(
                        groups,
                        part(gru.inputWeights(), candidates),
                        part(gru.recurrentWeights(), candidates));
        long bias = bias(groups, (k, g, c) -> at(b, 0, candidates.column(g, c)));
        int update = scratch(units);
        int heard = scratch(units);
        launch(
                source.gru(gru),
                gateGroups,
                place,
                2,
                new long[] {gateWeights, gateBias, weights, bias},
                piece -> new long[] {piece.at(update), piece.at(heard)});
    }

    /** A tensor of one row of the batch each. */
    private int scratch(int units) {
        program.tensors.add(Extent.of(Shape.perChunk(units)));
        return program.tensors.size() - 1;
    }

    /** Which column of a matrix a column of a group is; {@link #NONE} for none. */
    private interface Columns {
        int column(int group, int column);
    }

    private static int below(int column, int units) {
        return column < units ? column : NONE;
    }

    private static Packing.Sized part(Weights weights, Columns columns) {
        float[] values = weights.values();
        int width = weights.columns();
        return new Packing.Sized(
                weights.rows(), (k, g, c) -> at(values, k * width, columns.column(g, c)));
    }

    private static float at(float[] values, int row, int column) {
        return column == NONE ? 0 : values[row + column];
    }

    private long weights(int groups, Packing.Sized... parts) {
        return program.upload(packing.pack(List.of(parts), groups));
    }

    private long bias(int groups, Packing.Part bias) {
        return program.upload(packing.bias(bias, groups));
    }
}
