package io.streamcell.models.onnx;

import java.util.ArrayList;
import java.util.List;

/** What is known of an ONNX tensor when the model is read. */
sealed interface Value {
    /** What each of its axes is. */
    List<Axis> axes();

    default int rank() {
        return axes().size();
    }

    /** Its length along each axis, 1 along those of unknown length. */
    default List<Integer> dims() {
        return Axis.rows(axes());
    }

    /**
     * Numbers that are known.
     *
     * @param array 1 long along axes of unknown length, where its values are repeated
     */
    record Constant(Tensor array, List<Axis> axes) implements Value {
        public Constant {
            axes = List.copyOf(axes);
        }

        static Constant of(Tensor array) {
            return new Constant(array, Axis.rows(array.dims()));
        }

        /** Whether its shape is known too. */
        boolean plain() {
            return axes.stream().allMatch(Axis::rowsOnly);
        }
    }

    /** Whole numbers that may depend on lengths: a shape, or one of its dimensions. */
    record Sizes(List<Size> elements, boolean scalar) implements Value {
        public Sizes {
            elements = List.copyOf(elements);
        }

        @Override
        public List<Axis> axes() {
            return scalar ? List.of() : List.of(Axis.row(elements.size()));
        }

        @Override
        public List<Integer> dims() {
            return scalar ? List.of() : List.of(elements.size());
        }
    }

    /**
     * What is computed when a chunk is scored.
     *
     * @param tensor of the network, whose rows hold the axes' values in their order; {@link #NONE}
     *     where it is not computed
     * @param trace while states are looked for: which state's value each element is (see {@link
     *     States}), 1 long along axes of unknown length; else null
     */
    record Data(int tensor, List<Axis> axes, Tensor trace) implements Value {
        /** In place of a tensor. */
        static final int NONE = -1;

        public Data {
            axes = List.copyOf(axes);
        }

        Data(int tensor, List<Axis> axes) {
            this(tensor, axes, null);
        }

        boolean computed() {
            return tensor != NONE;
        }

        /** The same with an axis taken for something else. */
        Data withAxis(int k, Axis axis) {
            List<Axis> changed = new ArrayList<>(axes);
            changed.set(k, axis);
            return new Data(tensor, changed);
        }
    }
}
