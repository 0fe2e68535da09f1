package io.streamcell.kernels.cuda;

import java.util.List;

/**
 * A class of {@code product.cuh} and its kin that computes a product's tiles.
 *
 * @param type as the source names it
 * @param rows of a tile
 * @param groups of a tile
 * @param sharedBytes of one block
 * @param blocks that one multiprocessor is to hold, for the compiler's share of registers
 */
record Product(String type, int rows, int groups, int sharedBytes, int blocks) {
    private static final int DEPTH = 16;
    private static final int TENSOR_ROWS = 128;
    private static final int TENSOR_DEPTH = 32;
    private static final int TENSOR_GROUPS = 64;

    /** The products to choose from by the number of rows, the largest first. */
    static List<Product> of(Precision precision, Device.Properties device) {
        if (precision != Precision.EXACT) {
            return List.of(tensor(precision, device));
        }
        int stages = device.sharedPerMultiprocessor() >= 160 << 10 ? 3 : 2;
        return List.of(exact(8, stages, 2), exact(4, stages, 2), exact(2, stages, 3));
    }

    private static Product exact(int threadRows, int stages, int blocks) {
        int rows = 16 * threadRows;
        int groups = Packing.EXACT.groups;
        int stage = DEPTH * (rows + 4) + DEPTH * groups * 4;
        int pointers = 2 * rows * Long.BYTES;
        return new Product(
                "Exact<%d, %d>".formatted(threadRows, stages),
                rows,
                groups,
                stages * stage * Float.BYTES + pointers,
                blocks);
    }

    private static Product tensor(Precision precision, Device.Properties device) {
        int weights = TENSOR_DEPTH * TENSOR_GROUPS * 4 / (precision == Precision.BF16 ? 2 : 1);
        int stage = (TENSOR_ROWS * TENSOR_DEPTH + weights) * Float.BYTES;
        int stages = Math.min(4, device.sharedPerBlock() / stage);
        String type = precision.usesWarpGroups(device) ? "WarpGroup" : "Tensor";
        return new Product(
                "%s<%s, %d>".formatted(type, precision, stages),
                TENSOR_ROWS,
                TENSOR_GROUPS,
                stages * stage,
                1);
    }

    /** How many tiles cover so many rows and groups. */
    int tiles(long rowCount, int groupCount) {
        return Math.toIntExact((rowCount + rows - 1) / rows * ((groupCount + groups - 1) / groups));
    }
}
