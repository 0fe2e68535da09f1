package io.streamcell.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged and hostile files: each is read, or refused in one line, within seconds. In a JVM of its
 * own with little memory.
 */
class MalformedModelsTest {
    private static final Path GOLDEN = Path.of("src/test/golden");
    private static final Duration MOST = Duration.ofSeconds(5);
    private static final int ROUNDS = Integer.getInteger("streamcell.malformed", 2000);

    private final Map<String, Integer> outcomes = new LinkedHashMap<>();

    @Test
    void damagedModelsEndInOneClearLine(@TempDir Path folder) throws IOException {
        List<Path> models = models();
        Random random = new Random(1);
        for (int round = 0; round < ROUNDS; round++) {
            Path model = models.get(round % models.size());
            String name = model.getFileName().toString();
            Path weights = model.resolveSibling("model.safetensors");
            if (Files.exists(weights)) {
                Files.write(
                        folder.resolve("model.safetensors"),
                        damaged(Files.readAllBytes(weights), random));
            }
            byte[] bytes =
                    name.endsWith(".keras") && random.nextBoolean()
                            ? damagedInside(model, random)
                            : damaged(Files.readAllBytes(model), random);
            Path file = folder.resolve(name);
            Files.write(file, bytes);
            read(file, "round %d, %s".formatted(round, model));
        }
        assertThat(outcomes.get("refused")).isGreaterThan(ROUNDS / 3);
    }

    @Test
    void hostileConfigurationsAreRefusedByNameAndValue(@TempDir Path folder) throws IOException {
        String[][] changes = {
            {"lstm-sequences", "\"units\": 7", "\"units\": 2147483647"},
            {"lstm-sequences", "\"units\": 7", "\"units\": -7"},
            {"lstm-sequences", "\"units\": 7", "\"units\": 1e300"},
            {"lstm-no-bias-relu", "\"units\": 6", "\"units\": 500000000"},
            {"lstm-sequences", "[null, null, 5]", "[null, null, 2147483647]"},
            {"lstm-sequences", "[null, null, 5]", "[null, null, -5]"},
            {"variant-depth-gated", "\"depth\": 3", "\"depth\": 2147483647"},
            {"variant-clockwork", "[1, 2, 4, 8]", "[2147483647, 2147483646, 2147483645]"},
            {
                "nested-model",
                "\"keras_history\": [\"x\", 0, 0]",
                "\"keras_history\": [\"b\", 0, 0]"
            },
            {"embedding-mask", "\"input_dim\": 30", "\"input_dim\": 2147483647"},
            {"last-timestep", "-1, {\"class", "2147483647, {\"class"},
        };
        for (String[] change : changes) {
            Path model = GOLDEN.resolve(change[0] + "/model.keras");
            Path file = folder.resolve("hostile.keras");
            rezip(model, file, change[1], change[2]);
            read(file, String.join(" ", change));
        }
        assertThat(outcomes.getOrDefault("refused", 0)).isEqualTo(changes.length - 1);
    }

    private static void rezip(Path model, Path file, String saved, String put) throws IOException {
        try (ZipFile zip = new ZipFile(model.toFile());
                ZipOutputStream copy = new ZipOutputStream(Files.newOutputStream(file))) {
            byte[] config = zip.getInputStream(zip.getEntry("config.json")).readAllBytes();
            String text = new String(config, StandardCharsets.UTF_8);
            assertThat(text).contains(saved);
            copy.putNextEntry(new ZipEntry("config.json"));
            copy.write(text.replace(saved, put).getBytes(StandardCharsets.UTF_8));
            copy.putNextEntry(new ZipEntry("model.weights.h5"));
            copy.write(zip.getInputStream(zip.getEntry("model.weights.h5")).readAllBytes());
        }
    }

    @Test
    void archivesThatSwellAreRefusedBeforeTheyAreUnpacked(@TempDir Path folder) throws IOException {
        for (String swollen : List.of("config.json", "model.weights.h5")) {
            Path file = folder.resolve("bomb.keras");
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
                for (String name : List.of("config.json", "model.weights.h5")) {
                    zip.putNextEntry(new ZipEntry(name));
                    byte[] zeros = new byte[1 << 20];
                    for (int k = 0; k < 300 && name.equals(swollen); k++) {
                        zip.write(zeros);
                    }
                    if (!name.equals(swollen)) {
                        zip.write(
                                "{\"class_name\":\"Sequential\",\"config\":{\"layers\":[{\"class_name\":\"LSTM\",\"config\":{}}],\"build_input_shape\":[null,3,3]}}"
                                        .getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
            read(file, swollen);
        }
        assertThat(outcomes).containsEntry("refused", 2);
    }

    @Test
    void deepNestingIsRefused(@TempDir Path folder) throws IOException {
        Path golden = GOLDEN.resolve("lstm-sequences/model.keras");
        Path file = folder.resolve("deep.keras");
        rezip(golden, file, "\"trainable\": true", "\"x\": " + "[".repeat(50_000));
        read(file, "50,000 lists");
        StringBuilder models = new StringBuilder();
        for (int k = 0; k < 300; k++) {
            models.append("{\"class_name\":\"Sequential\",\"config\":{\"layers\":[");
        }
        Path nested = folder.resolve("nested.keras");
        rezip(golden, nested, "\"layers\": [", "\"layers\": [" + models + "]}}".repeat(300) + ",");
        read(nested, "300 models");
        assertThat(outcomes).containsEntry("refused", 2);
    }

    @Test
    void hostileSafetensorsAreRefused(@TempDir Path folder) throws IOException {
        Path golden = GOLDEN.resolve("torch-safetensors-lstm2");
        Path file = folder.resolve("model.json");
        Files.copy(golden.resolve("model.json"), file);
        byte[] whole = Files.readAllBytes(golden.resolve("model.safetensors"));
        String header =
                "{\"rnn.weight_ih_l0\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":%s}}";
        String[][] tensors = {
            {"[2147483647,2147483647]", "[0,16]"},
            {"[-4,5]", "[0,80]"},
            {"[4,5]", "[-80,0]"},
            {"[4,5]", "[0,9223372036854775807]"},
            {"[4,5]", "[80,0]"},
            {"{}", "[]"},
        };
        for (String[] tensor : tensors) {
            byte[] text = header.formatted((Object[]) tensor).getBytes(StandardCharsets.UTF_8);
            ByteBuffer bytes =
                    ByteBuffer.allocate(8 + text.length + 80).order(ByteOrder.LITTLE_ENDIAN);
            bytes.putLong(text.length).put(text);
            Files.write(folder.resolve("model.safetensors"), bytes.array());
            read(file, String.join(" ", tensor));
        }
        byte[] huge = whole.clone();
        Arrays.fill(huge, 0, 8, (byte) 0x7f);
        Files.write(folder.resolve("model.safetensors"), huge);
        read(file, "a header of exabytes");
        assertThat(outcomes).containsEntry("refused", tensors.length + 1);
    }

    private static List<Path> models() throws IOException {
        try (Stream<Path> files = Files.walk(GOLDEN)) {
            return files.filter(file -> file.getFileName().toString().matches("model\\..*"))
                    .filter(file -> !file.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
        }
    }

    private void read(Path file, String what) throws IOException {
        long began = System.nanoTime();
        try {
            Models.beside(file);
            Models.read(file).signature(Carry.ALWAYS);
            outcomes.merge("read", 1, Integer::sum);
        } catch (UnsupportedModelException e) {
            outcomes.merge("refused", 1, Integer::sum);
            assertThat(e.getMessage()).as(what).contains("must").doesNotContain("\n");
            assertThat(e.getMessage().length()).as(what).isLessThan(2000);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).as(what).isLessThan(MOST);
    }

    /** Cut short, some bits turned, some bytes replaced, or a part doubled or left out. */
    private static byte[] damaged(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        int kind = random.nextInt(4);
        if (kind == 0) {
            return Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
        for (int n = 1 + random.nextInt(8); n > 0; n--) {
            // Most of what is not weights stands near the beginning and the end.
            int near = Math.min(bytes.length, 4096);
            int at =
                    random.nextInt(3) == 0
                            ? random.nextInt(bytes.length)
                            : random.nextBoolean()
                                    ? random.nextInt(near)
                                    : bytes.length - 1 - random.nextInt(near);
            if (kind == 1) {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
            } else if (kind == 2) {
                bytes[at] = (byte) random.nextInt(256);
            } else {
                int length = Math.min(random.nextInt(64), bytes.length - at);
                System.arraycopy(bytes, random.nextInt(bytes.length - length), bytes, at, length);
            }
        }
        return bytes;
    }

    /** A .keras file with a damaged configuration or damaged weights, whole as an archive. */
    private static byte[] damagedInside(Path model, Random random) throws IOException {
        boolean config = random.nextBoolean();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipFile zip = new ZipFile(model.toFile());
                ZipOutputStream copy = new ZipOutputStream(out)) {
            for (String name : List.of("config.json", "model.weights.h5")) {
                byte[] bytes = zip.getInputStream(zip.getEntry(name)).readAllBytes();
                boolean chosen = config == name.equals("config.json");
                copy.putNextEntry(new ZipEntry(name));
                copy.write(
                        !chosen ? bytes : config ? changed(bytes, random) : damaged(bytes, random));
            }
        }
        return out.toByteArray();
    }

    /** JSON with some of its numbers and words changed, still JSON most of the time. */
    private static byte[] changed(byte[] json, Random random) {
        String[] numbers = {"-1", "0", "1", "2147483647", "1e30", "null", "true", "\"x\"", "[]"};
        String text = new String(json, StandardCharsets.UTF_8);
        List<Integer> places = new ArrayList<>();
        Matcher values =
                Pattern.compile("(?<=[:\\[] )(-?\\d+(\\.\\d+)?|true|false|null)").matcher(text);
        while (values.find()) {
            places.add(values.start());
        }
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = places.get(random.nextInt(places.size()));
            String put = numbers[random.nextInt(numbers.length)];
            text = text.substring(0, at) + text.substring(at).replaceFirst("[-\\w.]+", put);
            places.removeIf(place -> place >= at);
            if (places.isEmpty()) {
                break;
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
