package io.streamcell.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls and configurations that are wrong: exit status 2 and one line. */
class MainTest {
    private static final String MODEL = "../models/src/test/golden/lstm-sequences/model.keras";
    private static final String EVENTS = "../models/src/test/golden/lstm-sequences/events.jsonl";

    @TempDir private Path work;

    @Test
    void aScoreCallThatIsWrongIsRefusedInOneLine() {
        refused(
                "model.uri must be a file that can be read, got none.keras: none.keras (No such file or directory)",
                score("none.keras"));
        refused(
                "--input must be a readable file, got none.jsonl",
                "score",
                "--model",
                MODEL,
                "--input",
                "none.jsonl",
                "--output",
                out());
        refused(
                "kernel.provider must be one of auto, native, vector, reference, got cuda",
                score(MODEL, "--provider", "cuda"));
        refused(
                "option model.carry must be one of always, as-saved, never, got sometimes",
                score(MODEL, "--carry", "sometimes"));
        refused(
                "every option must be one of Streamcell's or Flink's, got bundle.max-timestep in -D bundle.max-timestep; did you mean bundle.max-timesteps?",
                score(MODEL, "-D", "bundle.max-timestep=1"));
        refused(
                "bundle.max-timesteps must be at least 1, got 0",
                score(MODEL, "-D", "bundle.max-timesteps=0"));
        refused(
                "option bundle.max-delay must be a value of the type in docs/options.md, got soon",
                score(MODEL, "-D", "bundle.max-delay=soon"));
        refused(
                "model %s must be the file with SHA-256 %s as model.sha256 says, got e8b2d632a9873664bfce723bf143a86cf90b0d127da672221cb7d98c0c476949: was it overwritten?"
                        .formatted(MODEL, "0".repeat(64)),
                score(MODEL, "-D", "model.sha256=" + "0".repeat(64)));
        refused("--parallelism must be at least 1, got 0", score(MODEL, "--parallelism", "0"));
    }

    @Test
    void aModelThatCannotBeReadIsRefusedByLayerAndProperty(@TempDir Path folder)
            throws IOException {
        Path golden = Path.of("../models/src/test/golden/torch-safetensors-lstm2");
        Files.copy(golden.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        String description = Files.readString(golden.resolve("model.json"));
        Path changed = folder.resolve("model.json");
        Files.writeString(changed, description.replace("torch.nn.Tanh", "torch.nn.Conv2d"));

        refused(
                "layer Conv2d_2: class must be LSTM, GRU, RNN, their cells, Linear, Embedding, LayerNorm, BatchNorm1d, Dropout, Identity or an activation, got torch.nn.Conv2d",
                score(changed.toString()));
    }

    @Test
    void aJobThatIsWrongIsRefusedInOneLine() throws IOException {
        refused(
                "--config must name a readable file, got none.yaml",
                "run",
                "--config",
                "none.yaml");
        job(
                "option input.topic must be given: the topic of events",
                "model.uri: " + MODEL + "\nkafka.bootstrap-servers: localhost:1\n");
        job("model.uri must name the saved model, got nothing", "input.topic: in\n");
        job(
                "execution.runtime-mode must be STREAMING, got BATCH: streams have no end",
                "execution.runtime-mode: BATCH\n");
        job(
                "execution.checkpointing.mode must be EXACTLY_ONCE with output.delivery=exactly-once, got AT_LEAST_ONCE",
                "execution:\n  checkpointing:\n    mode: AT_LEAST_ONCE\n");
        job(
                "option output.delivery must be one of exactly-once, at-least-once, got twice",
                "output: {delivery: twice}\n");
    }

    @Test
    void latestWithoutAFolderOfCheckpointsIsRefused() throws IOException {
        Path file = Files.writeString(work.resolve("job.yaml"), "input.topic: in\n");
        refused(
                "--from latest needs option execution.checkpointing.dir, the folder of checkpoints; got none",
                "run",
                "--config",
                file.toString(),
                "--from",
                "latest");
    }

    @Test
    void aFolderWithoutASavepointIsRefused() {
        refused(
                "SAVEPOINT must name a completed checkpoint or savepoint, got %s without a file _metadata"
                        .formatted(work),
                "state",
                "list",
                work.toString());
        refused("Missing required subcommand", "state");
    }

    @Test
    void anUnknownCommandAndNoCommandAreRefused() {
        refused("Unmatched argument at index 0: 'frobnicate'", "frobnicate");
        refused(
                "Missing required options: '--model=<model>', '--input=<input>', '--output=<output>'",
                "score");
    }

    private void job(String message, String yaml) throws IOException {
        Path file = Files.writeString(work.resolve("job.yaml"), yaml);
        refused(message, "run", "--config", file.toString());
    }

    private String out() {
        return work.resolve("scores.jsonl").toString();
    }

    private String[] score(String model, String... more) {
        String[] call = {"score", "--model", model, "--input", EVENTS, "--output", out()};
        String[] all = java.util.Arrays.copyOf(call, call.length + more.length);
        System.arraycopy(more, 0, all, call.length, more.length);
        return all;
    }

    private static void refused(String message, String... call) {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        int status;
        try {
            status = Main.run(call);
        } finally {
            System.setErr(before);
        }
        assertThat(said.toString(StandardCharsets.UTF_8))
                .isEqualTo("streamcell: " + message + "\n");
        assertThat(status).isEqualTo(2);
    }
}
