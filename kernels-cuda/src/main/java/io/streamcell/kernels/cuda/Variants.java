package io.streamcell.kernels.cuda;

import java.util.ArrayList;
import java.util.List;

/**
 * One product compiled for tiles of different sizes. A sum's order does not depend on them, so they
 * are chosen by what fills the device.
 */
final class Variants {
    /** One of them. */
    record Variant(Product product, Device.Kernel kernel) {}

    private final List<Variant> variants = new ArrayList<>();

    /**
     * Takes kernels that will be there once the source is compiled.
     *
     * @param names of the kernel for each product
     * @param links run then
     */
    Variants(List<Source.Named> names, Program program, List<Runnable> links) {
        links.add(
                () ->
                        names.forEach(
                                named ->
                                        variants.add(
                                                new Variant(
                                                        named.product(),
                                                        program.kernel(
                                                                named.kernel(),
                                                                named.product().sharedBytes())))));
    }

    /** The largest tiles of which there are enough for all multiprocessors, else the smallest. */
    Variant fitting(Piece piece, long rows, int groups) {
        for (Variant variant : variants) {
            if (variant.product().tiles(rows, groups) >= piece.multiprocessors()) {
                return variant;
            }
        }
        return variants.get(variants.size() - 1);
    }
}
