package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.kernels.KernelProviders;
import io.streamcell.models.Carry;
import io.streamcell.models.Models;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkInput;
import io.streamcell.models.NetworkSignature;
import io.streamcell.models.Node;
import io.streamcell.models.StateLayout;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Parameters;

/** {@code inspect}: what a saved model is, and what it costs a stream. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Shows a model's layers, parameters, and the state that a stream carries.")
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
        out.printf("Model %s, fingerprint %s%n%n", network.name(), signature.fingerprintText());
        ColorScheme plain = new ColorScheme.Builder(Ansi.OFF).build();
        TextTable table =
                TextTable.forColumns(
                        plain,
                        new Column(38, 0, Overflow.SPAN),
                        new Column(26, 2, Overflow.SPAN),
                        new Column(12, 2, Overflow.SPAN),
                        new Column(20, 2, Overflow.SPAN));
        table.addRowValues("Layer (type)", "Output shape", "Parameters", "State of a stream");
        for (NetworkInput input : network.inputs()) {
            String kind = input.tokens() ? " (Input, tokens)" : " (Input)";
            table.addRowValues(input.name() + kind, input.shape().toString(), "0", "");
        }
        for (Node node : network.nodes()) {
            String state =
                    signature
                            .layout()
                            .part(node.layer().name())
                            .map(part -> tensors(part))
                            .orElse("");
            table.addRowValues(
                    "%s (%s)".formatted(node.layer().name(), node.layer().kind()),
                    network.tensors().get(node.output()).toString(),
                    "%,d".formatted(node.layer().parameters()),
                    state);
        }
        out.println(table);
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
        KernelProviders.Choice choice = KernelProviders.choose(KernelProviders.AUTO);
        out.printf("Provider         %s: %s%n", choice.provider().name(), choice.reason());
        out.printf("Chunks           %s%n", chunks(signature));
    }

    private static String tensors(StateLayout.Part part) {
        return part.sizes().stream().map(String::valueOf).collect(Collectors.joining(" + "));
    }

    private static String chunks(NetworkSignature signature) {
        if (signature.needsWholeChunks()) {
            return "outputs depend on where chunks end";
        }
        boolean perChunk = signature.outputs().stream().anyMatch(o -> !o.shape().timed());
        return perChunk
                ? "an output a chunk, that of its last timestep; states do not depend on where chunks end"
                : "outputs and states do not depend on where chunks end";
    }
}
