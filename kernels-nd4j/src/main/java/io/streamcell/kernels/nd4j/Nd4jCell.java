package io.streamcell.kernels.nd4j;

import io.streamcell.models.CellType;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A cell that a user adds, with its arithmetic on ND4J arrays. It has a public constructor without
 * arguments and is named in {@code META-INF/services/io.streamcell.models.CellType}. All arrays are
 * float32. {@code docs/own-cells.md} shows one, step by step.
 *
 * <p>Ownership: the weights belong to the kernel, which closes them. The inputs and states of a
 * timestep are the kernel's too, valid until {@link Step#advance} returns and not to be modified.
 * What a step allocates lies in an ND4J workspace that is used again at the next timestep; the
 * kernel copies the results out before, so a step closes nothing, opens no workspace, and keeps no
 * array that it was given or made. Arrays made in {@link #bind} lie outside workspaces, may be
 * kept, and are freed when nothing refers to them any more.
 */
public interface Nd4jCell extends CellType {
    /**
     * Makes the timestep of one saved cell. Called once for every layer of every kernel, and there
     * is a kernel for each thread, so a step may have scratch arrays of its own.
     *
     * @param config the saved configuration, JSON
     * @param features width of an input row
     * @param weights its arrays in the order of saving, each in its saved shape; they may be kept
     *     as long as the step, and are not to be modified
     */
    Step bind(String config, int features, List<INDArray> weights);

    /** One timestep of a cell. Used by one thread at a time, not always the same. */
    @FunctionalInterface
    interface Step {
        /**
         * Advances all rows by one timestep. The rows are those of different streams, so a row's
         * results must depend on that row alone, and on nothing that an earlier call left behind.
         *
         * @param inputs {@code [rows, features]}
         * @param states each {@code [rows, size]}, in the order of the cell's state sizes
         */
        Advanced advance(INDArray inputs, List<INDArray> states);
    }

    /**
     * What a timestep gives.
     *
     * @param output {@code [rows, units]}
     * @param states the next ones, each {@code [rows, size]}; the same array may stand in several
     *     places, the output and the states of before among them
     */
    record Advanced(INDArray output, List<INDArray> states) {
        public Advanced {
            states = List.copyOf(states);
        }
    }
}
