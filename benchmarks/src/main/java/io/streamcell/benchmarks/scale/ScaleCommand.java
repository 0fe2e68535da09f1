package io.streamcell.benchmarks.scale;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamcell.benchmarks.ChildJvm;
import io.streamcell.benchmarks.Folders;
import io.streamcell.benchmarks.Table;
import io.streamcell.benchmarks.pipeline.SavedLstm;
import io.streamcell.jobs.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./streamcell bench scale}. */
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        description =
                "What streams cost in time, memory and disk: scored, checkpointed, restored and rescaled on RocksDB.")
public final class ScaleCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--streams",
            split = ",",
            defaultValue = "1000,10000,100000,1000000",
            description = "How many, from 1000 to 10,000,000 and more (${DEFAULT-VALUE}).")
    private List<Integer> streams;

    @Option(
            names = "--units",
            defaultValue = "32",
            description = "Width of the LSTM (${DEFAULT-VALUE}).")
    private int units;

    @Option(
            names = "--heap",
            defaultValue = "2g",
            description = "The job's, as in -Xmx (${DEFAULT-VALUE}).")
    private String heap;

    @Option(
            names = "--managed",
            defaultValue = "1g",
            description = "Memory for RocksDB (${DEFAULT-VALUE}).")
    private String managed;

    @Option(
            names = "--folder",
            description = "Where state and checkpoints lie; else the system's temporary folder.")
    private Path folder;

    @Option(names = "--json", description = "Where every figure is written too.")
    private Path json;

    @Override
    public Integer call() throws Exception {
        if (streams.stream().anyMatch(each -> each < SweepSplit.COUNT * 10) || units < 1) {
            throw new ConfigurationException(
                    "--streams must be at least %d, and --units 1"
                            .formatted(SweepSplit.COUNT * 10));
        }
        Path root = folder == null ? Files.createTempDirectory("streamcell-scale") : folder;
        Files.createDirectories(root);
        Path model = SavedLstm.save(SweepEvents.FEATURES, units, root);
        List<ScaleFigures> all = new ArrayList<>();
        Table table = new Table(HEADINGS);
        for (int each : streams) {
            ScaleFigures figures = run(each, model, root.resolve("scale-" + each));
            all.add(figures);
            table.add(row(figures));
            System.err.println(String.join("  ", row(figures)));
            if (json != null) {
                JSON.writeValue(json.toFile(), all);
            }
        }
        System.out.print(table);
        return 0;
    }

    private ScaleFigures run(int count, Path model, Path work) throws IOException {
        Files.createDirectories(work);
        Path errors = work.resolve("errors");
        try (ChildJvm job =
                ChildJvm.start(
                        ScaleRun.class,
                        heap,
                        errors,
                        String.valueOf(count),
                        model.toString(),
                        work.toString(),
                        managed)) {
            String line = job.line();
            if (line == null) {
                throw new IllegalStateException(
                        "%,d streams must be scored, saved and restored, but the job ended: %s"
                                .formatted(count, Files.readString(errors)));
            }
            return JSON.readValue(line, ScaleFigures.class);
        } finally {
            Folders.delete(work);
        }
    }

    private static final List<String> HEADINGS =
            List.of(
                    "Streams",
                    "first/s",
                    "cold/s",
                    "backend B/stream",
                    "checkpoint MB",
                    "s",
                    "of a tenth MB",
                    "s",
                    "restore s",
                    "savepoint MB",
                    "s",
                    "2 to 1 s",
                    "1 to 2 s",
                    "process MB");

    private static List<String> row(ScaleFigures figures) {
        return List.of(
                "%,d".formatted(figures.streams()),
                Table.rate(figures.firstRate()),
                Table.rate(figures.coldRate()),
                number((double) figures.backendBytes() / figures.streams()),
                megabytes(figures.full().written()),
                seconds(figures.full().seconds()),
                megabytes(figures.tenth().written()),
                seconds(figures.tenth().seconds()),
                seconds(figures.restoreSeconds()),
                megabytes(figures.savepoint().written()),
                seconds(figures.savepoint().seconds()),
                seconds(figures.toOneSeconds()),
                seconds(figures.toTwoSeconds()),
                megabytes(figures.peakBytes()));
    }

    private static String megabytes(long bytes) {
        return number(bytes / 1e6);
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f", seconds);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%,.0f", value);
    }
}
