package io.streamcell.operators;

import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProviders;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkSignature;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the versions of one model and compiles them as the options say. */
final class ModelCompiler implements ModelVersions.Compiler {
    private static final Logger LOG = LoggerFactory.getLogger(ModelCompiler.class);

    private final NetworkSource source;
    private final ScoringOptions options;
    private final StreamTable table;
    private final StreamStates states;
    private final ScoringMetrics metrics;

    /**
     * @param table where streams without a slot are taken out of
     * @param states where those that changed are written
     */
    ModelCompiler(
            NetworkSource source,
            ScoringOptions options,
            StreamTable table,
            StreamStates states,
            ScoringMetrics metrics) {
        this.source = source;
        this.options = options;
        this.table = table;
        this.states = states;
        this.metrics = metrics;
    }

    @Override
    public Engine compile(ModelReference reference) throws IOException {
        Network network = source.network(reference);
        NetworkSignature signature = network.signature(options.value(ScoringOptions.MODEL_CARRY));
        ServedModel model = ServedModel.of(reference, signature, options);
        KernelOptions kernelOptions = options.kernelOptions();
        KernelProviders.Choice choice =
                KernelProviders.choose(
                        options.value(ScoringOptions.KERNEL_PROVIDER), network, kernelOptions);
        LOG.info("kernel provider {}: {}", choice.provider().name(), choice.reason());
        NetworkKernel kernel =
                KernelProviders.compile(
                        choice.provider(), network, signature.layout(), kernelOptions);
        StateSlab slab = kernel.newSlab(options.value(ScoringOptions.SLAB_MAX_STREAMS));
        int maxDirty = options.value(ScoringOptions.SLAB_MAX_DIRTY);
        Slots slots = new Slots(slab, model, table, states, maxDirty, metrics.evictions());
        return new Engine(model, kernel, slab, slots);
    }
}
