package io.streamcell.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamcell.jobs.kafka.RejectedLog;
import io.streamcell.operators.Reason;
import io.streamcell.operators.Rejected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a process writes on standard error, by the environment's {@code STREAMCELL_LOG_FORMAT}. */
class LogFormatITCase {
    private static final String MODEL = "../models/src/test/golden/lstm-sequences/model.keras";
    private static final String STREAM = "a\"b'\\\n</script>{\"stream\":1}\u2028\u0000\ud83d";

    @TempDir private Path work;
    private Path events;

    /** Logs what is hard to write, then runs a command. */
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            RejectedLog<Object> log = new RejectedLog<>("a topic keeps them");
            log.open(null);
            log.flatMap(
                    new Rejected(Reason.FORMAT, "at stream " + STREAM, null, STREAM, null, false),
                    null);
            LoggerFactory.getLogger(Program.class)
                    .error(
                            "a task failed",
                            new IllegalStateException(
                                    "outer " + STREAM, new IOException("inner\nsecond line")));
            System.exit(Main.run(arguments));
        }
    }

    @BeforeEach
    void anEventWithAFieldThatForgesALine() throws IOException {
        events =
                Files.writeString(
                        work.resolve("events.jsonl"),
                        "{\"stream\":\"s\",\"values\":[[1,2,3,4,5]],\"x\\n12:00:00 ERROR forged\":1}\n");
    }

    @Test
    void asJsonEveryLineIsAnObject() throws Exception {
        List<JsonNode> said = new ArrayList<>();
        for (String line : run("json", "-Dstreamcell.log=info", score(MODEL))) {
            said.add(new ObjectMapper().readTree(line));
        }

        assertThat(said).hasSizeGreaterThan(50).allMatch(one -> one.hasNonNull("@timestamp"));
        // An unpaired surrogate is no character, and is written as another.
        assertThat(messages(said, "RejectedLog"))
                .singleElement()
                .asString()
                .contains("at stream " + STREAM.substring(0, STREAM.length() - 1));
        JsonNode failure =
                said.stream().filter(one -> one.has("error.type")).findFirst().orElseThrow();
        assertThat(failure.get("log.level").asText()).isEqualTo("ERROR");
        assertThat(failure.get("error.type").asText()).isEqualTo("java.lang.IllegalStateException");
        assertThat(failure.get("error.stack_trace").asText())
                .contains("Caused by: java.io.IOException: inner\nsecond line", "\tat ");
        assertThat(messages(said, "UnknownFields")).hasSize(1);
    }

    @Test
    void asJsonARefusalIsAnErrorOfTheCommand() throws Exception {
        List<String> said = run("json", "-Dstreamcell.log=off", score("none.keras"));

        JsonNode refusal = new ObjectMapper().readTree(said.get(said.size() - 1));
        assertThat(said).hasSize(1);
        assertThat(refusal.get("log.logger").asText()).isEqualTo("streamcell");
        assertThat(refusal.get("log.level").asText()).isEqualTo("ERROR");
        assertThat(refusal.get("message").asText())
                .startsWith("model.uri must be a file that can be read, got none.keras");
    }

    @Test
    void asTextAnEventForgesNoLine() throws Exception {
        List<String> said = run("text", "-Dstreamcell.log=warn", score(MODEL));

        assertThat(said)
                .anyMatch(line -> line.endsWith("not read: x?12:00:00 ERROR forged"))
                .anyMatch(line -> line.contains("at stream a\"b'\\\\n</script>"))
                .noneMatch(line -> line.startsWith("12:00:00"));
    }

    @Test
    void anotherFormatIsRefused() throws Exception {
        assertThat(run("xml", "-Dstreamcell.log=off", score(MODEL)))
                .containsExactly(
                        "streamcell: STREAMCELL_LOG_FORMAT must be text or json, got 'xml'");
    }

    private List<String> score(String model) {
        return List.of(
                "score",
                "--model",
                model,
                "--input",
                events.toString(),
                "--output",
                work.resolve("scores.jsonl").toString());
    }

    /** The lines of standard error but for the JVM's own. */
    private List<String> run(String format, String option, List<String> command) throws Exception {
        Path said = work.resolve("said");
        List<String> call =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "--add-modules",
                                "jdk.incubator.vector",
                                "--add-opens",
                                "java.base/java.util=ALL-UNNAMED",
                                "--add-opens",
                                "java.base/java.lang=ALL-UNNAMED",
                                // Tests have a configuration of their own, which would win.
                                "-Dlog4j.configurationFile=target/classes/log4j2.properties",
                                option,
                                "-cp",
                                System.getProperty("java.class.path"),
                                Program.class.getName()));
        call.addAll(command);
        ProcessBuilder process = new ProcessBuilder(call).redirectError(said.toFile());
        process.environment().put(LogFormat.VARIABLE, format);
        process.start().waitFor();
        try (Stream<String> lines = Files.lines(said)) {
            return lines.filter(line -> !line.startsWith("WARNING: ")).toList();
        }
    }

    private static List<String> messages(List<JsonNode> said, String logger) {
        return said.stream()
                .filter(one -> one.get("log.logger").asText().endsWith(logger))
                .map(one -> one.get("message").asText())
                .toList();
    }
}
