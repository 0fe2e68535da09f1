package io.streamcell.kernels.graph;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.KernelException;
import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.KernelProviders;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.Node;
import io.streamcell.models.Recurrent;
import io.streamcell.models.StateLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Splits a network into steps: parts that a provider computes, and layers between them. */
public final class GraphCompiler {
    private final KernelProvider provider;
    private final Network network;
    private final StateLayout layout;
    private final KernelOptions options;
    private final Tensor[] tensors;
    private final List<Step> steps = new ArrayList<>();
    // nodes that the provider will compute together, and what they give
    private final List<Node> waiting = new ArrayList<>();
    private final Set<Integer> given = new HashSet<>();

    private GraphCompiler(
            KernelProvider provider, Network network, StateLayout layout, KernelOptions options) {
        this.provider = provider;
        this.network = network;
        this.layout = layout;
        this.options = options;
        this.tensors = network.tensors().stream().map(Tensor::new).toArray(Tensor[]::new);
    }

    /**
     * Compiles a network for a provider, which gets it whole where it can compute all of it.
     *
     * @throws io.streamcell.kernels.KernelException if the network holds what cannot be computed
     */
    public static NetworkKernel compile(
            KernelProvider provider, Network network, StateLayout layout, KernelOptions options) {
        if (Plain.network(provider, network)) {
            return provider.compile(network, layout, options);
        }
        refusal(provider, network, options)
                .ifPresent(
                        reason -> {
                            throw new KernelException(reason);
                        });
        return new GraphCompiler(provider, network, layout, options).kernel();
    }

    /** Why a network cannot be compiled for a provider; empty when it can. */
    public static Optional<String> refusal(
            KernelProvider provider, Network network, KernelOptions options) {
        return !provider.wholeNetworks() || options.fallback() || Plain.network(provider, network)
                ? Optional.empty()
                : Optional.of(firstRefusal(provider, network));
    }

    private static String firstRefusal(KernelProvider provider, Network network) {
        for (Node node : network.nodes()) {
            if (!Plain.node(provider, node, network.tensors())) {
                String reason =
                        provider.refusal(node.layer())
                                .orElse(node.layer().kind() + " is computed on the CPU");
                return "kernel.provider %s must compute the whole model, but not layer %s: %s (kernel.fallback cpu computes it there)"
                        .formatted(provider.name(), node.layer().name(), reason);
            }
        }
        return "kernel.provider %s must compute the whole model, but not two calls of a layer that share a state"
                .formatted(provider.name());
    }

    private NetworkKernel kernel() {
        boolean compiled = false;
        try {
            for (Node node : network.nodes()) {
                boolean plain = Plain.node(provider, node, network.tensors());
                boolean reads = node.inputs().stream().anyMatch(given::contains);
                if (sharesState(node) || !plain && reads) {
                    flush();
                }
                if (plain) {
                    waiting.add(node);
                    given.addAll(node.outputs());
                } else {
                    steps.add(step(node));
                }
            }
            flush();
            compiled = true;
            return new GraphKernel(network, layout, tensors, steps);
        } finally {
            if (!compiled) {
                steps.forEach(Step::close);
            }
        }
    }

    /** Whether a waiting node has the state of this one, which must see what the other leaves. */
    private boolean sharesState(Node node) {
        return node.layer() instanceof Recurrent layer
                && waiting.stream().anyMatch(other -> other.layer().name().equals(layer.name()));
    }

    private void flush() {
        if (waiting.isEmpty()) {
            return;
        }
        List<Integer> reads = new ArrayList<>();
        for (Node node : waiting) {
            for (int input : node.inputs()) {
                if (!given.contains(input) && !reads.contains(input)) {
                    reads.add(input);
                }
            }
        }
        List<Integer> gives = new ArrayList<>();
        for (Node node : waiting) {
            node.outputs().stream().filter(this::neededOutside).forEach(gives::add);
        }
        steps.add(
                new EngineStep(
                        provider, layout, options, List.copyOf(waiting), reads, gives, tensors));
        waiting.clear();
        given.clear();
    }

    private boolean neededOutside(int tensor) {
        return network.outputTensors().contains(tensor)
                || network.nodes().stream()
                        .anyMatch(
                                node -> !waiting.contains(node) && node.inputs().contains(tensor));
    }

    private Step step(Node node) {
        Tensor[] inputs = all(node.inputs());
        Tensor[] outputs = all(node.outputs());
        return node.layer() instanceof Recurrent layer
                ? recurrent(layer, inputs, outputs)
                : Steps.of(node.layer(), inputs, outputs, layout);
    }

    private Step recurrent(Recurrent layer, Tensor[] inputs, Tensor[] outputs) {
        NetworkBuilder alone = new NetworkBuilder(layer.name());
        int x = alone.timedInput("x", List.of(inputs[0].shape().features()));
        Recurrent plain =
                new Recurrent(
                        layer.name(), layer.kind(), layer.cells(), true, false, layer.stateful());
        Network part = alone.build(List.of("y"), alone.add(plain, List.of(x)), false);
        return new RecurrentStep(
                layer,
                inputs,
                outputs,
                cellProvider(layer).compile(part, layout, options),
                new Batch(part.signature(Carry.ALWAYS)),
                layout.offset(layer));
    }

    /** The provider of the layer's cells: the network's, or else the fastest that computes them. */
    private KernelProvider cellProvider(Recurrent layer) {
        if (computes(provider, layer)) {
            return provider;
        }
        List<String> reasons = new ArrayList<>();
        for (KernelProvider other : KernelProviders.all()) {
            if (!other.wholeNetworks() && computes(other, layer)) {
                Optional<String> reason = other.unavailable();
                if (reason.isEmpty()) {
                    return other;
                }
                reasons.add(other.name() + ": " + reason.get());
            }
        }
        throw new KernelException(
                "layer %s: a provider must compute its cell, which a user added, got %s; kernels-nd4j and the cell's own jar must be on the class path"
                        .formatted(layer.name(), reasons.isEmpty() ? "none" : reasons));
    }

    private static boolean computes(KernelProvider provider, Recurrent layer) {
        return Plain.cells(provider, layer) && provider.refusal(layer).isEmpty();
    }

    private Tensor[] all(List<Integer> numbers) {
        return numbers.stream().map(number -> tensors[number]).toArray(Tensor[]::new);
    }
}
