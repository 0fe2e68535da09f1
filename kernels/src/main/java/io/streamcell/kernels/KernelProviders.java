package io.streamcell.kernels;

import io.streamcell.kernels.graph.GraphCompiler;
import io.streamcell.models.Network;
import io.streamcell.models.StateLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;

/** Chooses a provider, and says why. */
public final class KernelProviders {
    /** The value of {@code kernel.provider} that takes the fastest available one. */
    public static final String AUTO = "auto";

    private KernelProviders() {}

    /**
     * A provider and the reason it was taken.
     *
     * @param reason one line, naming the faster providers that are not available and why
     */
    public record Choice(KernelProvider provider, String reason) {}

    /** All providers on the class path, the fastest first. */
    public static List<KernelProvider> all() {
        List<KernelProvider> found = new ArrayList<>();
        ServiceLoader.load(KernelProvider.class, KernelProviders.class.getClassLoader())
                .forEach(found::add);
        found.sort(
                Comparator.comparingInt(KernelProvider::preference)
                        .reversed()
                        .thenComparing(KernelProvider::name));
        return found;
    }

    /**
     * The provider of a name, or the fastest available one for {@link #AUTO}.
     *
     * @throws KernelException if there is no provider of that name, or it is not available here
     */
    public static Choice choose(String name) {
        return choose(name, all(), provider -> Optional.empty());
    }

    /**
     * The provider of a name, or for {@link #AUTO} the fastest that is available and computes the
     * network.
     *
     * @throws KernelException if there is none, or it does not compute the network so
     */
    public static Choice choose(String name, Network network, KernelOptions options) {
        return choose(name, all(), provider -> refusal(provider, network, options));
    }

    /**
     * Checks what can be known of a provider where it need not be available: on a machine that only
     * submits a job.
     *
     * @throws KernelException if the provider of that name does not compute the network so
     */
    public static void check(String name, Network network, KernelOptions options) {
        all().stream()
                .filter(provider -> provider.name().equals(name))
                .flatMap(provider -> refusal(provider, network, options).stream())
                .findFirst()
                .ifPresent(
                        reason -> {
                            throw new KernelException(reason);
                        });
    }

    /** Why a provider does not compute a network so; empty when it does. */
    private static Optional<String> refusal(
            KernelProvider provider, Network network, KernelOptions options) {
        return provider.precisions().contains(options.precision())
                ? GraphCompiler.refusal(provider, network, options)
                : Optional.of(
                        "kernel.precision must be one of %s with kernel.provider %s, got %s"
                                .formatted(
                                        String.join(", ", provider.precisions()),
                                        provider.name(),
                                        options.precision()));
    }

    static Choice choose(
            String name,
            List<KernelProvider> providers,
            Function<KernelProvider, Optional<String>> refusal) {
        return name.equals(AUTO) ? fastest(providers, refusal) : named(name, providers, refusal);
    }

    /**
     * Compiles a network, for as many threads as the options say.
     *
     * @throws KernelException if the network holds what the provider cannot compute
     */
    public static NetworkKernel compile(
            KernelProvider provider, Network network, StateLayout layout, KernelOptions options) {
        refusal(provider, network, options)
                .ifPresent(
                        reason -> {
                            throw new KernelException(reason);
                        });
        if (options.threads() == 1 || provider.wholeNetworks()) {
            return GraphCompiler.compile(provider, network, layout, options);
        }
        List<NetworkKernel> kernels = new ArrayList<>();
        for (int thread = 0; thread < options.threads(); thread++) {
            kernels.add(GraphCompiler.compile(provider, network, layout, options));
        }
        return new SplitKernel(kernels);
    }

    private static Choice named(
            String name,
            List<KernelProvider> providers,
            Function<KernelProvider, Optional<String>> refusal) {
        for (KernelProvider provider : providers) {
            if (provider.name().equals(name)) {
                Optional<String> reason = provider.unavailable();
                if (reason.isPresent()) {
                    throw new KernelException(
                            "kernel.provider must be available, got %s: %s"
                                    .formatted(name, reason.get()));
                }
                refusal.apply(provider)
                        .ifPresent(
                                text -> {
                                    throw new KernelException(text);
                                });
                return new Choice(provider, "as configured");
            }
        }
        List<String> names = new ArrayList<>(List.of(AUTO));
        providers.forEach(provider -> names.add(provider.name()));
        throw new KernelException(
                "kernel.provider must be one of %s, got %s"
                        .formatted(String.join(", ", names), name));
    }

    private static Choice fastest(
            List<KernelProvider> providers, Function<KernelProvider, Optional<String>> refusal) {
        StringBuilder passed = new StringBuilder();
        for (KernelProvider provider : providers) {
            Optional<String> reason = provider.unavailable().or(() -> refusal.apply(provider));
            if (reason.isEmpty()) {
                return new Choice(provider, "the fastest available here" + passed);
            }
            passed.append("; not ").append(provider.name()).append(": ").append(reason.get());
        }
        throw new KernelException("a kernel provider must be available, got none" + passed);
    }
}
