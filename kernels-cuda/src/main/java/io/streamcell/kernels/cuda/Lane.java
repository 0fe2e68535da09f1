package io.streamcell.kernels.cuda;

import io.streamcell.kernels.Batch;
import io.streamcell.models.Network;
import io.streamcell.models.Shape;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Advances pieces of batches one after another: stages inputs, launches, stages outputs. Two lanes
 * of a kernel overlap, the copies of one with the launches of the other. Owns its memory.
 */
final class Lane implements AutoCloseable {
    private static final long ALIGNMENT = 256;

    private final Program program;
    private final List<Shape> inputs;
    private final List<Shape> outputs;
    private final List<Integer> outputTensors;
    private final Transfer in;
    private final Memory tensorMemory;
    private final HostMemory out;
    private final long barrier;
    private final Piece piece;
    private final Sorted[] sorted;
    // addresses: of the packed inputs, of every tensor, and of the packed outputs
    private final long[] packedInputs;
    private final long[] tensors;
    private final long[] packedOutputs;

    private Batch batch;
    private int from;
    private int to;
    private long outBytes;

    Lane(Program program, Network network) {
        this.program = program;
        this.inputs = network.inputs().stream().map(input -> input.shape()).toList();
        this.outputs = network.outputs().stream().map(output -> output.shape()).toList();
        this.outputTensors = network.outputTensors();
        Device device = program.device();
        this.in = new Transfer(device);
        this.tensorMemory = new Memory(device);
        this.out = new HostMemory(device);
        this.barrier = device.allocate(ALIGNMENT);
        in.stream().clear(barrier, ALIGNMENT);
        this.piece = new Piece(program, in.stream(), barrier);
        this.sorted = new Sorted[network.axes()];
        for (int axis = 0; axis < sorted.length; axis++) {
            sorted[axis] = new Sorted();
        }
        this.packedInputs = new long[inputs.size()];
        this.tensors = new long[program.tensors.size()];
        this.packedOutputs = new long[outputs.size()];
    }

    /** Whether a piece is under way. */
    boolean busy() {
        return batch != null;
    }

    /**
     * Stages rows of a batch and launches all that they need. The batch must stay as it is until
     * {@link #finish}.
     */
    void begin(CudaSlab slab, Batch rows, int first, int end) {
        batch = rows;
        from = first;
        to = end;
        for (int axis = 0; axis < sorted.length; axis++) {
            sorted[axis].sort(batch, axis, from, to);
        }
        stageInputs(slab);
        placeTensors();
        Piece.Axis[] axes = new Piece.Axis[sorted.length];
        for (int axis = 0; axis < axes.length; axis++) {
            axes[axis] = sorted[axis].on(in.address());
        }
        piece.take(slab, to - from, axes, tensors, wrongToken());
        launch();
        download();
    }

    /** Copies each output back, and nothing of what lies between them, which nobody wrote. */
    private void download() {
        for (int k = 0; k < outputs.size(); k++) {
            long bytes = Float.BYTES * floats(outputs.get(k));
            if (program.checksTokens && k == outputs.size() - 1) {
                bytes += Integer.BYTES;
            }
            if (bytes > 0) {
                long at = packedOutputs[k] - tensorMemory.address();
                in.stream().download(out.memory(), at, packedOutputs[k], bytes);
            }
        }
    }

    private void stageInputs(CudaSlab slab) {
        long bytes = 0;
        for (Sorted axis : sorted) {
            bytes = axis.place(bytes);
        }
        for (int k = 0; k < inputs.size(); k++) {
            packedInputs[k] = aligned(bytes);
            bytes = packedInputs[k] + Float.BYTES * floats(inputs.get(k));
        }
        in.reserve(bytes);
        for (int axis = 0; axis < sorted.length; axis++) {
            sorted[axis].write(in.host(), slab, batch, from, axis);
        }
        for (int k = 0; k < inputs.size(); k++) {
            int count = Math.toIntExact(floats(inputs.get(k)));
            floatsAt(in.host(), packedInputs[k])
                    .put(batch.input(k), batch.inputStart(k, from), count);
            packedInputs[k] += in.address();
        }
        in.upload(bytes);
        for (int axis = 0; axis < sorted.length; axis++) {
            for (int row = from; row < to; row++) {
                slab.advance(batch.slot(row), axis, batch.timesteps(axis, row));
            }
        }
    }

    /** Floats of the piece's values of a shape, without padding. */
    private long floats(Shape shape) {
        return positions(shape.axis()) * shape.width();
    }

    private long positions(int axis) {
        return axis == Shape.STATIC ? to - from : sorted[axis].positions();
    }

    /**
     * Gives every tensor its place. The packed outputs come first, behind them a word that a wrong
     * token sets; an input or output that lies as it is packed needs no place of its own.
     */
    private void placeTensors() {
        long bytes = 0;
        for (int k = 0; k < outputs.size(); k++) {
            packedOutputs[k] = aligned(bytes);
            bytes = packedOutputs[k] + Float.BYTES * floats(outputs.get(k));
        }
        outBytes = bytes + Integer.BYTES;
        bytes = aligned(outBytes);
        for (int t = 0; t < tensors.length; t++) {
            int output = outputTensors.indexOf(t);
            if (t < inputs.size() && liesPacked(t)) {
                tensors[t] = packedInputs[t];
            } else if (t >= inputs.size() && output >= 0 && liesPacked(t)) {
                tensors[t] = packedOutputs[output];
            } else {
                tensors[t] = bytes;
                Extent extent = program.tensors.get(t);
                bytes = aligned(bytes + Float.BYTES * extent.floats(positions(extent.axis())));
            }
        }
        tensorMemory.reserve(bytes);
        out.reserve(outBytes);
        for (int k = 0; k < outputs.size(); k++) {
            packedOutputs[k] += tensorMemory.address();
        }
        for (int t = 0; t < tensors.length; t++) {
            if (t >= inputs.size() || !liesPacked(t)) {
                tensors[t] += tensorMemory.address();
            }
        }
    }

    /** Whether a tensor's positions lie as a batch packs them: in order and without padding. */
    private boolean liesPacked(int tensor) {
        Extent extent = program.tensors.get(tensor);
        return extent.dense() && (!extent.timed() || sorted[extent.axis()].steps() == 1);
    }

    private long wrongToken() {
        return tensorMemory.address() + outBytes - Integer.BYTES;
    }

    /** Launches all that the staged rows need; again, for who measures it. */
    void launch() {
        if (program.checksTokens) {
            in.stream().clear(wrongToken(), Integer.BYTES);
        }
        for (int k = 0; k < inputs.size(); k++) {
            if (tensors[k] != packedInputs[k]) {
                unpack(k, packedInputs[k]);
            }
        }
        program.steps.forEach(step -> step.launch(piece));
        for (int k = 0; k < outputs.size(); k++) {
            int tensor = outputTensors.get(k);
            if (tensors[tensor] != packedOutputs[k]) {
                pack(tensor, packedOutputs[k]);
            }
        }
    }

    /** Brings packed values to a tensor's place. */
    private void unpack(int tensor, long packed) {
        move(tensor, program.kernels.intoTime, program.kernels.pad, packed, tensors[tensor]);
    }

    /** Brings a tensor's values to where they are packed. */
    private void pack(int tensor, long packed) {
        move(tensor, program.kernels.outOfTime, program.kernels.unpad, tensors[tensor], packed);
    }

    private void move(
            int tensor, Device.Kernel inTime, Device.Kernel still, long origin, long target) {
        Extent extent = program.tensors.get(tensor);
        if (!extent.timed()) {
            piece.each(
                    still,
                    piece.rows(tensor) * extent.features(),
                    origin,
                    extent.features(),
                    extent.pitch(),
                    piece.rows(tensor),
                    target);
            return;
        }
        Piece.Axis axis = piece.axis(extent.axis());
        piece.eachInTime(
                inTime,
                axis,
                extent.width(),
                origin,
                extent.inner(),
                extent.features(),
                extent.pitch(),
                axis.order(),
                axis.starts(),
                axis.active(),
                axis.offsets(),
                axis.steps(),
                target);
    }

    /** Whether its piece is still being computed. */
    boolean underway() {
        return busy() && !in.stream().done();
    }

    /** Waits for what was launched. */
    void await() {
        in.stream().await();
    }

    /** Waits for the piece, and writes its outputs into the batch. */
    void finish() {
        Batch done = batch;
        batch = null;
        await();
        int wrong = Math.toIntExact(outBytes - Integer.BYTES);
        if (program.checksTokens && out.buffer().getInt(wrong) != 0) {
            throw new IllegalArgumentException(
                    "a token id must be in its embedding's table, got one outside");
        }
        for (int k = 0; k < outputs.size(); k++) {
            floatsAt(out.buffer(), packedOutputs[k] - tensorMemory.address())
                    .get(
                            done.output(k),
                            done.outputStart(k, from),
                            Math.toIntExact(floats(outputs.get(k))));
        }
    }

    private static FloatBuffer floatsAt(ByteBuffer buffer, long at) {
        ByteBuffer part = buffer.duplicate();
        part.position(Math.toIntExact(at));
        return part.slice().order(buffer.order()).asFloatBuffer();
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    @Override
    public void close() {
        in.close();
        out.close();
        tensorMemory.close();
        program.device().release(barrier);
    }
}
