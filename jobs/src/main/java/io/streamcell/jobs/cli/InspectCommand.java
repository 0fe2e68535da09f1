package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.KernelProviders;
import io.streamcell.kernels.graph.Paths;
import io.streamcell.models.Carry;
import io.streamcell.models.Models;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkInput;
import io.streamcell.models.NetworkSignature;
import io.streamcell.models.Node;
import io.streamcell.models.StateLayout;
import io.streamcell.models.Stateful;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Parameters;

/** {@code inspect}: what a saved model is, what it costs a stream, and how it is computed. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Shows a model's graph, parameters, states, and how each layer is computed.")
final class InspectCommand implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = "The saved model.")
    private Path file;

    @Override
    public Integer call() {
        Network network;
        try {
            network = Models.read(file);
        } catch (IOException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
        print(network, System.out);
        return 0;
    }

    private static void print(Network network, PrintStream out) {
        NetworkSignature signature = network.signature(Carry.ALWAYS);
        KernelProviders.Choice choice =
                KernelProviders.choose(KernelProviders.AUTO, network, KernelOptions.exact());
        out.printf("Model %s, fingerprint %s%n%n", network.name(), signature.fingerprintText());
        out.println(layers(network, signature.layout()));
        out.printf("Parameters       %,d%n", network.parameters());
        out.printf(
                "Outputs          %s%n",
                signature.outputs().stream()
                        .map(output -> output.name() + " " + output.shape())
                        .collect(Collectors.joining(", ")));
        int carried = network.signature(Carry.AS_SAVED).layout().carriedWidth();
        out.printf(
                "State            %,d bytes a stream (model.carry=always), %,d (as-saved)%n",
                (long) signature.layout().carriedWidth() * Float.BYTES,
                (long) carried * Float.BYTES);
        out.printf("Chunks           %s%n", chunks(network, signature));
        out.printf("Provider         %s: %s%n", choice.provider().name(), choice.reason());
        network.notes().forEach(note -> out.printf("Note             %s%n", note));
        out.println();
        out.println(paths(network, choice.provider()));
    }

    private static TextTable table(int... widths) {
        List<Column> columns = new ArrayList<>();
        for (int width : widths) {
            columns.add(new Column(width, columns.isEmpty() ? 0 : 2, Overflow.WRAP));
        }
        return TextTable.forColumns(
                new ColorScheme.Builder(Ansi.OFF).build(), columns.toArray(Column[]::new));
    }

    private static TextTable layers(Network network, StateLayout layout) {
        TextTable table = table(36, 30, 24, 12, 22);
        table.addRowValues("Layer (type)", "Reads", "Output shape", "Parameters", "State");
        String[] names = new String[network.tensors().size()];
        for (int k = 0; k < network.inputs().size(); k++) {
            NetworkInput input = network.inputs().get(k);
            names[k] = input.name();
            String kind = input.tokens() ? " (Input, tokens)" : " (Input)";
            table.addRowValues(input.name() + kind, "", input.shape().toString(), "0", "");
        }
        for (Node node : network.nodes()) {
            String name = node.layer().name();
            for (int k = 0; k < node.outputs().size(); k++) {
                names[node.outputs().get(k)] = k == 0 ? name : name + "[" + k + "]";
            }
            table.addRowValues(
                    "%s (%s)".formatted(name, node.layer().kind()),
                    node.inputs().stream()
                            .map(input -> names[input])
                            .collect(Collectors.joining(", ")),
                    network.tensors().get(node.output()).toString(),
                    "%,d".formatted(node.layer().parameters()),
                    state(node, layout));
        }
        return table;
    }

    private static String state(Node node, StateLayout layout) {
        if (!(node.layer() instanceof Stateful layer) || layer.stateSizes().isEmpty()) {
            return "";
        }
        String sizes =
                layer.stateSizes().stream().map(String::valueOf).collect(Collectors.joining(" + "));
        boolean carried = layout.part(layer.part()).map(StateLayout.Part::carried).orElse(false);
        String part = layer.part().equals(layer.name()) ? "" : " of " + layer.part();
        return carried ? sizes + part : sizes + ", given in every chunk";
    }

    private static TextTable paths(Network network, KernelProvider provider) {
        TextTable table = table(36, 88);
        table.addRowValues("Layer", "Computed by");
        for (Node node : network.nodes()) {
            table.addRowValues(node.layer().name(), Paths.of(provider, network, node));
        }
        return table;
    }

    private static String chunks(Network network, NetworkSignature signature) {
        if (signature.needsWholeChunks()) {
            String layers =
                    network.nodes().stream()
                            .map(Node::layer)
                            .filter(layer -> layer.needsWholeChunks() || layer.resampling() != null)
                            .map(layer -> layer.name())
                            .distinct()
                            .collect(Collectors.joining(", "));
            return layers.isEmpty()
                    ? "outputs depend on where chunks end"
                    : "outputs depend on where chunks begin and end: " + layers;
        }
        boolean perChunk = signature.outputs().stream().anyMatch(o -> !o.shape().timed());
        return perChunk
                ? "an output a chunk, that of its last timestep; states do not depend on where chunks end"
                : "outputs and states do not depend on where chunks end";
    }
}
