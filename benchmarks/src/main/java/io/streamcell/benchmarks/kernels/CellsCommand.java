package io.streamcell.benchmarks.kernels;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamcell.benchmarks.Measurement;
import io.streamcell.benchmarks.Measurements;
import io.streamcell.benchmarks.Rounds;
import io.streamcell.benchmarks.Table;
import io.streamcell.kernels.Batch;
import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.KernelProviders;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.Carry;
import io.streamcell.models.Cell;
import io.streamcell.models.CellOp;
import io.streamcell.models.ComposedCell;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.Recurrent;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.keras.DescribedLayers;
import io.streamcell.models.keras.LayerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench cells}: every kind of cell beside the LSTM, by what its multiply-adds cost. */
@Command(
        name = "cells",
        mixinStandardHelpOptions = true,
        description = "Measures the cells of Keras and of the literature beside the LSTM.")
public final class CellsCommand implements Callable<Integer> {
    private static final String LSTM = "LSTM";

    /** Features, units, rows. */
    private static final int[][] SIZES = {{8, 32, 256}, {64, 128, 256}, {8, 32, 1}, {64, 128, 1}};

    @Option(names = "--provider", defaultValue = KernelProviders.AUTO)
    private String provider;

    @Option(names = "--rounds", defaultValue = "7", description = "Rounds; the median counts.")
    private int rounds;

    @Option(names = "--round-millis", defaultValue = "60", description = "Length of a round.")
    private int millis;

    @Option(names = "--json", description = "Also write one object per measurement.")
    private Path json;

    /** A cell's class and configuration. */
    private static Map<String, String> cells() {
        Map<String, String> cells = new LinkedHashMap<>();
        cells.put(LSTM, "LSTMCell {}");
        cells.put("GRU", "GRUCell {}");
        cells.put("GRU, reset before", "GRUCell {\"reset_after\": false}");
        cells.put("SimpleRNN", "SimpleRNNCell {}");
        for (String variant :
                List.of("V", "NIG", "NFG", "NOG", "NIAF", "NOAF", "NP", "CIFG", "FGR")) {
            cells.put(variant, "streamcell>LSTMVariantCell {\"variant\": \"" + variant + "\"}");
        }
        for (int variant = 1; variant <= 3; variant++) {
            cells.put("MUT" + variant, "streamcell>MutCell {\"variant\": " + variant + "}");
        }
        cells.put("depth-gated, 2", "streamcell>DepthGatedLSTMCells {\"depth\": 2}");
        cells.put("clockwork, 4", "streamcell>ClockworkCell {\"periods\": [1, 2, 4, 8]}");
        return cells;
    }

    @Override
    public Integer call() throws IOException {
        KernelProvider chosen = KernelProviders.choose(provider).provider();
        List<Measurement> measured = new ArrayList<>();
        Table table = new Table(List.of("case", "cell", "timesteps/s", "GFLOP/s", "of LSTM's"));
        for (int[] size : SIZES) {
            String name =
                    "features=%d units=%d rows=%d timesteps=1".formatted(size[0], size[1], size[2]);
            double lstm = 0;
            List<Run> runs = new ArrayList<>();
            for (Map.Entry<String, String> cell : cells().entrySet()) {
                runs.add(new Run(cell.getKey(), cell.getValue(), size, chosen));
            }
            List<DoubleSupplier> subjects = new ArrayList<>();
            runs.forEach(run -> subjects.add(() -> run.rate(millis)));
            Rounds.run(subjects, 3);
            double[][] rates = Rounds.run(subjects, rounds);
            for (int k = 0; k < runs.size(); k++) {
                Run run = runs.get(k);
                Measurement rate =
                        Measurement.of(
                                run.name() + " " + name,
                                Provider.PREFIX + chosen.name(),
                                "timesteps/s",
                                rates[k]);
                measured.add(rate);
                double flops = rate.rate() * run.flops() / 1e9;
                lstm = run.name().equals(LSTM) ? flops : lstm;
                table.add(
                        List.of(
                                name,
                                run.name(),
                                Table.rate(rate.rate()),
                                String.format(Locale.ROOT, "%.1f", flops),
                                String.format(Locale.ROOT, "%.2f", flops / lstm)));
                run.close();
            }
        }
        System.out.print(table);
        if (json != null) {
            Measurements.write(measured, json);
        }
        return 0;
    }

    /** A cell with random weights, a timestep at a time. */
    private static final class Run implements AutoCloseable {
        private final String name;
        private final int rows;
        private final long flops;
        private final NetworkKernel kernel;
        private final StateSlab slab;
        private final Batch batch;

        Run(String name, String saved, int[] size, KernelProvider provider) throws IOException {
            this.name = name;
            this.rows = size[2];
            Network network = network(saved, size[0], size[1]);
            this.flops = 2 * multiplyAdds(network);
            var signature = network.signature(Carry.ALWAYS);
            kernel =
                    KernelProviders.compile(
                            provider, network, signature.layout(), KernelOptions.exact());
            slab = kernel.newSlab(rows);
            batch = new Batch(signature);
            Random random = new Random(1);
            for (int row = 0; row < rows; row++) {
                slab.reset(row);
                batch.add(row, 1);
            }
            for (int k = 0; k < rows * size[0]; k++) {
                batch.input(0)[k] = (float) random.nextGaussian();
            }
        }

        private static Network network(String saved, int features, int units) throws IOException {
            String kind = saved.substring(0, saved.indexOf(' '));
            ObjectMapper mapper = new ObjectMapper();
            ObjectNode cell = (ObjectNode) mapper.readTree(saved.substring(kind.length() + 1));
            cell.put("units", units).put("activation", "tanh");
            cell.put("recurrent_activation", "sigmoid");
            ObjectNode config = mapper.createObjectNode().put("return_sequences", true);
            ObjectNode object = config.putObject("cell");
            object.put("class_name", kind).put("registered_name", kind).set("config", cell);
            NetworkBuilder builder = new NetworkBuilder(kind);
            int x = builder.timedInput("x", List.of(features));
            int y =
                    DescribedLayers.add(
                            builder,
                            new LayerConfig("RNN", "rnn", config),
                            new RandomWeights("rnn", new Random(7), 1 / Math.sqrt(units)),
                            x);
            return builder.build(List.of("y"), List.of(y), false);
        }

        private static long multiplyAdds(Network network) {
            Cell cell = ((Recurrent) network.nodes().get(0).layer()).cells().get(0);
            if (cell instanceof Lstm lstm) {
                return (long) lstm.inputWeights().count() + lstm.recurrentWeights().count();
            } else if (cell instanceof Gru gru) {
                return (long) gru.inputWeights().count() + gru.recurrentWeights().count();
            } else if (cell instanceof SimpleRnn rnn) {
                return (long) rnn.inputWeights().count() + rnn.recurrentWeights().count();
            }
            long count = 0;
            for (CellOp op : ((ComposedCell) cell).ops()) {
                if (op instanceof CellOp.Affine affine) {
                    for (CellOp.Term term : affine.terms()) {
                        count += term.weights().count();
                    }
                }
            }
            return count;
        }

        String name() {
            return name;
        }

        /** Of one row and timestep. */
        long flops() {
            return flops;
        }

        /** Timesteps a second over about so many milliseconds. */
        double rate(int millis) {
            long began = System.nanoTime();
            long end = began + millis * 1_000_000L;
            long calls = 0;
            long now = began;
            while (now < end) {
                for (int k = 0; k < 16; k++) {
                    kernel.advance(slab, batch);
                }
                calls += 16;
                now = System.nanoTime();
            }
            return calls * rows * 1e9 / (now - began);
        }

        @Override
        public void close() {
            slab.close();
            kernel.close();
        }
    }
}
