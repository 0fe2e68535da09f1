package io.streamcell.models.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.models.Carry;
import io.streamcell.models.Dense;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.Models;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkInput;
import io.streamcell.models.NetworkOutput;
import io.streamcell.models.NetworkSignature;
import io.streamcell.models.Recurrent;
import io.streamcell.models.Shape;
import io.streamcell.models.UnsupportedModelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KerasReaderTest {
    private static final Path GOLDEN = Path.of("src/test/golden");

    @Test
    void aSequentialModelIsReadWithItsWeights() throws IOException {
        Network network = golden("lstm-sequences");
        Recurrent layer = (Recurrent) network.nodes().get(0).layer();
        Lstm cell = (Lstm) layer.cells().get(0);
        Dense head = (Dense) network.nodes().get(1).layer();

        assertThat(layer.returnSequences()).isTrue();
        assertThat(cell.features()).isEqualTo(5);
        assertThat(cell.inputWeights().rows()).isEqualTo(5);
        assertThat(cell.inputWeights().columns()).isEqualTo(4 * cell.units());
        assertThat(head.name()).isEqualTo("head");
        assertThat(network.outputs()).containsExactly(new NetworkOutput("head", Shape.timed(0, 3)));
    }

    @Test
    void aFixedNumberOfTimestepsIsReadAsAnyNumber() throws IOException {
        assertThat(golden("fixed-timesteps").inputs().get(0).shape()).isEqualTo(Shape.timed(0, 8));
    }

    @Test
    void aFixedBatchIsIgnoredAndStatefulIsKnown() throws IOException {
        Network network = golden("guide-stateful-paragraphs");

        assertThat(network.inputs().get(0).shape()).isEqualTo(Shape.timed(0, 50));
        assertThat(network.signature(Carry.AS_SAVED).layout().carriedWidth()).isEqualTo(128);
    }

    @Test
    void aStackOfCellsHasTheStatesOfAllItsCells() throws IOException {
        Recurrent layer = (Recurrent) golden("stacked-cells").nodes().get(0).layer();

        assertThat(layer.cells()).hasSize(3);
        assertThat(layer.stateSizes()).containsExactly(6, 6, 5, 4);
    }

    @Test
    void anInputWithoutATimeAxisIsOneRowAChunk() throws IOException {
        assertThat(golden("static-input").inputs())
                .containsExactly(
                        new NetworkInput("engine", Shape.timed(0, 3), 0),
                        new NetworkInput("site", Shape.perChunk(2), 0));
    }

    @Test
    void severalOutputsAreNamedAndARepeatedNameIsNumbered() throws IOException {
        NetworkSignature states = golden("return-state-outputs").signature(Carry.ALWAYS);
        NetworkSignature dictionary = golden("functional-residual").signature(Carry.ALWAYS);
        NetworkSignature list = golden("one-output-in-a-list").signature(Carry.ALWAYS);

        assertThat(states.outputs())
                .extracting(NetworkOutput::name)
                .containsExactly("lstm", "lstm_1", "lstm_2");
        assertThat(dictionary.outputs())
                .extracting(NetworkOutput::name)
                .containsExactly("mean", "spread");
        assertThat(dictionary.namedOutputs()).isTrue();
        assertThat(list.namedOutputs()).isFalse();
    }

    @Test
    void bfloat16WeightsAreReadExactly() throws IOException {
        Recurrent layer = (Recurrent) golden("types-bfloat16").nodes().get(0).layer();
        float[] values = ((Lstm) layer.cells().get(0)).inputWeights().values();

        for (float value : values) {
            assertThat(Float.floatToIntBits(value) & 0xffff).isZero();
            assertThat(Math.abs(value)).isBetween(1e-6f, 2f);
        }
    }

    @Test
    void bothFormsOfTheGruAreRead() throws IOException {
        assertThat(gru("gru-reset-after").resetAfter()).isTrue();
        assertThat(gru("gru-reset-after").bias().rows()).isEqualTo(2);
        assertThat(gru("gru-reset-before").resetAfter()).isFalse();
    }

    private static Gru gru(String name) throws IOException {
        return (Gru) ((Recurrent) golden(name).nodes().get(0).layer()).cells().get(0);
    }

    @Test
    void theFingerprintStaysFromVersionToVersion() throws IOException {
        assertThat(golden("lstm-sequences").signature(Carry.ALWAYS).fingerprintText())
                .isEqualTo("20455af639a76f5b");
        assertThat(golden("deep-mixed").signature(Carry.NEVER).fingerprintText())
                .isEqualTo("539b5dcf2c6e4549");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "deep-mixed|\"class_name\": \"Dropout\"|\"class_name\": \"Lambda\"|layer dropout: its class must be one of those in docs/layers.md (LSTM, GRU, Dense, ...); got Lambda",
                "variant-mut1|streamcell>MutCell|other>Cell|layer mut_cell: its cell must be LSTMCell, GRUCell, SimpleRNNCell, a stack of them, one of streamcell's, or one added in Java (on the class path: none), got other>Cell",
                "variant-lstm-v|\"variant\": \"V\"|\"variant\": \"W\"|layer lstm_variant_cell: variant must be one of [CIFG, FGR, NFG, NIAF, NIG, NOAF, NOG, NP, V], got W",
                "bidirectional-sum|\"merge_mode\": \"sum\"|\"merge_mode\": \"min\"|layer bidirectional_3: merge_mode must be concat, sum, mul, ave or null, got min",
                "last-timestep|-1, {\"class|\"x\", {\"class|layer get_item: its index must be all of the batch, and a number or a slice of steps forward for other axes, got [{*",
                "variant-clockwork|\"periods\": [1, 2, 4, 8]|\"periods\": [1, 0]|layer clockwork_cell: periods must be at most 12 positive numbers, got [1, 0]",
            })
    void whatCannotBeReadIsRefusedByLayerPropertyAndWhatIsSupported(
            String model, String saved, String changed, String message, @TempDir Path folder)
            throws IOException {
        Path file = changed(model, saved, changed, folder);
        assertThatThrownBy(() -> Models.read(file))
                .isInstanceOf(UnsupportedModelException.class)
                .satisfies(
                        thrown ->
                                assertThat(thrown.getMessage())
                                        .startsWith(message.replaceAll("\\*$", "")));
    }

    /** A judged model with something else in its configuration. */
    private static Path changed(String model, String saved, String changed, Path folder)
            throws IOException {
        Path golden = GOLDEN.resolve(model + "/model.keras");
        String config = new String(entry(golden, "config.json"), StandardCharsets.UTF_8);
        assertThat(config).contains(saved);
        Path file = folder.resolve("changed.keras");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            write(
                    zip,
                    "config.json",
                    config.replace(saved, changed).getBytes(StandardCharsets.UTF_8));
            write(zip, "model.weights.h5", entry(golden, "model.weights.h5"));
        }
        return file;
    }

    @Test
    void whatIsNotAModelIsRefusedInOneLine(@TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("text.keras"), "not a zip");
        Path empty = zip(folder.resolve("empty.keras"), "other", new byte[0]);

        assertThatThrownBy(() -> Models.read(text))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageStartingWith("a .keras file must be a zip archive, got text.keras: ");
        assertThatThrownBy(() -> Models.read(empty))
                .hasMessage(
                        "a .keras file must hold config.json, got none in empty.keras; was it saved by Keras 3?");
        assertThatThrownBy(() -> Models.read(folder.resolve("none.keras")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("a model must be a file, got nothing at ");
        assertThatThrownBy(() -> Models.read(Files.createFile(folder.resolve("m.pb"))))
                .hasMessage("a model must be a .keras, .h5, .onnx or .json file, got m.pb");
    }

    @Test
    void aDamagedFileIsRefusedAndNeverMisread(@TempDir Path folder) throws IOException {
        Path model = GOLDEN.resolve("functional-residual/model.keras");
        byte[] config = entry(model, "config.json");
        byte[] weights = entry(model, "model.weights.h5");
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            byte[] damaged = config.clone();
            for (int k = 0; k < 1 + random.nextInt(4); k++) {
                damaged[random.nextInt(damaged.length)] = (byte) (32 + random.nextInt(95));
            }
            Path file = folder.resolve("damaged.keras");
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
                write(zip, "config.json", damaged);
                write(zip, "model.weights.h5", weights);
            }
            try {
                Models.read(file);
            } catch (UnsupportedModelException e) {
                assertThat(e.getMessage()).doesNotContain("Exception").contains("must");
            }
        }
    }

    @Test
    void bothDirectionsOfABidirectionalAreOneState() throws IOException {
        NetworkSignature signature = golden("bidirectional-carry").signature(Carry.ALWAYS);

        assertThat(signature.layout().part("both").orElseThrow().sizes())
                .containsExactly(4, 4, 4, 4);
        assertThat(signature.needsWholeChunks()).isTrue();
    }

    @Test
    void aModelInsideAModelIsReadOnceHoweverOftenItIsCalled() throws IOException {
        Network network = golden("nested-model");

        assertThat(network.parameters()).isEqualTo(429);
    }

    @Test
    void damagedWeightsAreRefused(@TempDir Path folder) throws IOException {
        Path model = GOLDEN.resolve("functional-residual/model.keras");
        byte[] config = entry(model, "config.json");
        byte[] weights = entry(model, "model.weights.h5");
        Random random = new Random(2);
        Path file = folder.resolve("damaged.keras");
        for (int round = 0; round < 400; round++) {
            byte[] damaged = weights.clone();
            for (int k = 0; k < 8; k++) {
                damaged[random.nextInt(4096)] = (byte) random.nextInt(256);
            }
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
                write(zip, "config.json", config);
                write(zip, "model.weights.h5", damaged);
            }
            try {
                Models.read(file);
            } catch (UnsupportedModelException e) {
                assertThat(e.getMessage()).contains("must");
            }
        }
    }

    private static Network golden(String name) throws IOException {
        return Models.read(GOLDEN.resolve(name).resolve("model.keras"));
    }

    private static byte[] entry(Path file, String name) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.getInputStream(zip.getEntry(name)).readAllBytes();
        }
    }

    private static Path zip(Path file, String name, byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            write(zip, name, bytes);
        }
        return Files.write(file, out.toByteArray());
    }

    private static void write(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }
}
