package io.streamcell.benchmarks.kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * What is computed in one case: so many rows, each advanced by so many timesteps.
 *
 * @param features width of an input row; of the embedding where there is one
 * @param units of every recurrent layer
 * @param rows streams advanced together
 * @param timesteps of each row in a call
 */
record Workload(Kind kind, int features, int units, int rows, int timesteps) {
    /** The network of a case. */
    enum Kind {
        LSTM("lstm"),
        GRU("gru"),
        TWO_LAYERS("two-layer-lstm"),
        EMBEDDING("embedding-lstm"),
        /** The matrix product of an LSTM alone: a Dense layer on features + units inputs. */
        PRODUCT("product");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    Workload {
        if (features < 1 || units < 1 || rows < 1 || timesteps < 1) {
            throw new IllegalArgumentException(
                    "every size must be at least 1, got %d, %d, %d, %d"
                            .formatted(features, units, rows, timesteps));
        }
    }

    /** The cases of {@code bench kernels}. */
    static List<Workload> all() {
        List<Workload> all = new ArrayList<>();
        for (int[] widths : new int[][] {{8, 32}, {64, 128}, {128, 512}}) {
            for (int rows : new int[] {1, 64, 256}) {
                for (int timesteps : new int[] {1, 20}) {
                    all.add(new Workload(Kind.LSTM, widths[0], widths[1], rows, timesteps));
                }
            }
        }
        all.add(new Workload(Kind.GRU, 8, 32, 1, 1));
        all.add(new Workload(Kind.GRU, 8, 32, 256, 1));
        for (Kind kind : List.of(Kind.GRU, Kind.TWO_LAYERS, Kind.EMBEDDING)) {
            for (int rows : new int[] {1, 256}) {
                for (int timesteps : new int[] {1, 20}) {
                    all.add(new Workload(kind, 64, 128, rows, timesteps));
                }
            }
        }
        all.add(new Workload(Kind.PRODUCT, 64, 128, 256, 1));
        all.add(new Workload(Kind.PRODUCT, 128, 512, 256, 1));
        return all;
    }

    /** The case's name, in words and sizes. */
    String name() {
        return "%s features=%d units=%d rows=%d timesteps=%d"
                .formatted(kind.text, features, units, rows, timesteps);
    }

    String unit() {
        return isProduct() ? "GFLOP/s" : "timesteps/s";
    }

    /** What one call adds to the figure of {@link #unit}. */
    double workPerCall() {
        return isProduct() ? gigaflopsPerCall() : (double) rows * timesteps;
    }

    /** Billions of float operations in the matrix products of a call; an FMA counts as two. */
    double gigaflopsPerCall() {
        int gates = kind == Kind.GRU ? 3 : 4;
        int inputs = features + units + (kind == Kind.TWO_LAYERS ? 2 * units : 0);
        return 2e-9 * gates * units * inputs * rows * timesteps;
    }

    boolean isProduct() {
        return kind == Kind.PRODUCT;
    }
}
