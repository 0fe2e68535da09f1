package io.streamcell.benchmarks.scale;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProviders;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkSignature;

/** What the scores must be: the network alone, each stream's timesteps in one go. */
final class Undisturbed {
    private static final int ROWS = 1024;

    private Undisturbed() {}

    /** The digest of each sweep. */
    static long[] digests(Network network, int streams, int sweeps) {
        KernelOptions options = KernelOptions.exact();
        NetworkSignature signature = network.signature(Carry.ALWAYS);
        KernelProviders.Choice choice =
                KernelProviders.choose(KernelProviders.AUTO, network, options);
        SweepEvents events = new SweepEvents();
        Batch batch = new Batch(signature);
        long[] digests = new long[sweeps];
        try (NetworkKernel kernel =
                        KernelProviders.compile(
                                choice.provider(), network, signature.layout(), options);
                StateSlab slab = kernel.newSlab(ROWS)) {
            for (int first = 0; first < streams; first += ROWS) {
                int rows = Math.min(ROWS, streams - first);
                batch.clear();
                for (int row = 0; row < rows; row++) {
                    slab.reset(row);
                    batch.add(row, sweeps);
                    for (int sweep = 0; sweep < sweeps; sweep++) {
                        System.arraycopy(
                                events.values(first + row, sweep),
                                0,
                                batch.input(0),
                                batch.inputStart(0, row) + sweep * SweepEvents.FEATURES,
                                SweepEvents.FEATURES);
                    }
                }
                kernel.advance(slab, batch);
                add(first, batch, digests);
            }
        }
        return digests;
    }

    private static void add(int first, Batch batch, long[] digests) {
        for (int row = 0; row < batch.rows(); row++) {
            for (int sweep = 0; sweep < digests.length; sweep++) {
                float value = batch.output(0)[batch.outputStart(0, row) + sweep];
                digests[sweep] += Scores.digest(first + row, sweep, value);
            }
        }
    }
}
