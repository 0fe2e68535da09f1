package io.streamcell.models;

import java.util.ArrayList;
import java.util.List;

/** A layer that looks at many timesteps of a chunk, or makes some. */
public sealed interface TimeLayer extends Layer {
    /** How many values become one. */
    enum Pooling {
        MAX,
        /** The sum in order of time, divided by how many there are. */
        AVERAGE,
        /** The sum in order of time. */
        SUM
    }

    /**
     * All timesteps of a chunk in one row.
     *
     * @param masked whether a second input is a mask, whose timesteps of 0 do not count
     * @param kept whether one timestep of length 1 stays as a dimension
     */
    record GlobalPool(String name, String kind, Pooling pooling, boolean masked, boolean kept)
            implements TimeLayer {
        @Override
        public List<Shape> outputs(List<Shape> inputs) {
            Shape input = timed(name, inputs.get(0));
            List<Integer> dims = new ArrayList<>(input.dims());
            if (kept) {
                dims.add(0, 1);
            }
            return List.of(new Shape(Shape.STATIC, dims));
        }

        @Override
        public boolean needsWholeChunks() {
            return true;
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("global-pool").text(pooling.name()).number(masked ? 1 : 0);
        }
    }

    /** Windows of timesteps, each in one; a window that reaches beyond the chunk is cut. */
    record WindowPool(String name, String kind, Pooling pooling, Resampling.Windows windows)
            implements TimeLayer {
        @Override
        public Resampling resampling() {
            return windows;
        }

        @Override
        public List<Shape> outputs(List<Shape> inputs) {
            return List.of(new Shape(Shape.NEW, timed(name, inputs.get(0)).dims()));
        }

        @Override
        public boolean needsWholeChunks() {
            return true;
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("window-pool").text(pooling.name());
            form.number(windows.span()).number(windows.stride()).number(windows.padded());
        }
    }

    /** One timestep of a chunk: {@code index} from its start, or from its end where negative. */
    record Timestep(String name, int index) implements TimeLayer {
        @Override
        public String kind() {
            return "GetItem";
        }

        @Override
        public List<Shape> outputs(List<Shape> inputs) {
            return List.of(new Shape(Shape.STATIC, timed(name, inputs.get(0)).dims()));
        }

        @Override
        public boolean needsWholeChunks() {
            return index != -1;
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("timestep").number(index);
        }
    }

    /** Some timesteps of a chunk. */
    record TimeSlice(String name, String kind, Resampling.Slice slice) implements TimeLayer {
        @Override
        public Resampling resampling() {
            return slice;
        }

        @Override
        public List<Shape> outputs(List<Shape> inputs) {
            return List.of(new Shape(Shape.NEW, timed(name, inputs.get(0)).dims()));
        }

        @Override
        public boolean needsWholeChunks() {
            return true;
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("time-slice").number(slice.start()).number(slice.stop()).number(slice.step());
        }
    }

    /** A chunk from its last timestep to its first. */
    record Reverse(String name) implements TimeLayer {
        @Override
        public String kind() {
            return "Reverse";
        }

        @Override
        public List<Shape> outputs(List<Shape> inputs) {
            return List.of(timed(name, inputs.get(0)));
        }

        @Override
        public boolean needsWholeChunks() {
            return true;
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("reverse");
        }
    }

    /**
     * A static row as a sequence.
     *
     * @param timesteps how many
     * @param split whether the row is cut into that many, else it is repeated
     */
    record Unroll(String name, String kind, int timesteps, boolean split, List<Integer> dims)
            implements TimeLayer {
        /** Floats of a sequence that a chunk is to hold. */
        private static final long MOST_FLOATS = 1 << 26;

        public Unroll {
            dims = List.copyOf(dims);
            long floats = timesteps;
            for (int dim : dims) {
                floats = Math.multiplyExact(floats, (long) dim);
            }
            if (timesteps < 1 || floats > MOST_FLOATS) {
                throw new UnsupportedModelException(
                        "layer %s must make at most %d values of a row, got %d timesteps of %s"
                                .formatted(name, MOST_FLOATS, timesteps, dims));
            }
        }

        @Override
        public Resampling resampling() {
            return new Resampling.Fixed(timesteps);
        }

        @Override
        public List<Shape> outputs(List<Shape> inputs) {
            Shape input = inputs.get(0);
            Shape output = new Shape(Shape.NEW, dims);
            if (input.timed() || input.width() != output.width() * (split ? timesteps : 1)) {
                throw new UnsupportedModelException(
                        "layer %s must read one row a chunk of %d values, got %s"
                                .formatted(name, output.width() * (split ? timesteps : 1), input));
            }
            return List.of(output);
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text(split ? "split" : "repeat").number(timesteps).number(dims.size());
            dims.forEach(form::number);
        }
    }

    private static Shape timed(String layer, Shape input) {
        if (!input.timed()) {
            throw new UnsupportedModelException(
                    "layer %s must read a sequence, got %s".formatted(layer, input));
        }
        return input;
    }
}
