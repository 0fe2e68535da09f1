package io.streamcell.models;

import java.io.Serializable;
import java.util.List;

/**
 * All that is known of a network without its weights: what goes in, what comes out, and which state
 * a stream carries.
 *
 * @param axes how many independent time axes the inputs have
 * @param madeAxes the time axes that layers make, numbered on from those
 * @param equalAxes pairs of axes whose chunks must be equally long
 * @param countedInput the input whose timesteps number a stream: the first with a time axis
 * @param needsWholeChunks whether a chunk must be computed in one piece
 * @param namedOutputs whether outputs are printed by name rather than as one list
 */
public record NetworkSignature(
        long fingerprint,
        List<NetworkInput> inputs,
        List<NetworkOutput> outputs,
        int axes,
        List<TimeAxis> madeAxes,
        List<List<Integer>> equalAxes,
        int countedInput,
        boolean needsWholeChunks,
        boolean namedOutputs,
        StateLayout layout)
        implements Serializable {
    private static final long serialVersionUID = 1;

    public NetworkSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        madeAxes = List.copyOf(madeAxes);
        equalAxes = List.copyOf(equalAxes);
    }

    /**
     * Whether consecutive chunks of a stream may be computed as one: nothing in them depends on
     * where they end.
     */
    public boolean chunksMayJoin() {
        return axes == 1
                && !needsWholeChunks
                && !layout.restartsEveryChunk()
                && inputs.stream().allMatch(input -> input.shape().timed())
                && outputs.stream().allMatch(output -> output.shape().axis() == 0);
    }

    /** Whether a long chunk may be computed piece by piece. */
    public boolean chunksMayBeCut() {
        return axes == 1 && !needsWholeChunks;
    }

    /**
     * Whether every chunk for the other network is one for this: inputs of the same kinds and
     * lengths, in the same order and, where there are several, of the same names.
     */
    public boolean takesInputsOf(NetworkSignature other) {
        boolean takes =
                inputs.size() == other.inputs.size()
                        && axes == other.axes
                        && madeAxes.equals(other.madeAxes)
                        && equalAxes.equals(other.equalAxes)
                        && countedInput == other.countedInput
                        && chunksMayBeCut() == other.chunksMayBeCut();
        for (int k = 0; takes && k < inputs.size(); k++) {
            NetworkInput own = inputs.get(k);
            NetworkInput others = other.inputs.get(k);
            takes =
                    own.takesValuesOf(others)
                            && (inputs.size() == 1 || own.name().equals(others.name()));
        }
        return takes;
    }

    /**
     * Timesteps on an axis of a chunk.
     *
     * @param given on the inputs' axes
     */
    public int timesteps(int axis, int[] given) {
        if (axis < axes) {
            return given[axis];
        }
        TimeAxis made = madeAxes.get(axis - axes);
        int source = made.source() == Shape.STATIC ? 0 : timesteps(made.source(), given);
        return made.resampling().length(source);
    }

    /** The fingerprint as sixteen hexadecimal digits. */
    public String fingerprintText() {
        return "%016x".formatted(fingerprint);
    }
}
