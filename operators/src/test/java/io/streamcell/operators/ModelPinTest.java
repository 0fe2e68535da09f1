package io.streamcell.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model file that the options pin by SHA-256 is that file or none. */
class ModelPinTest {
    private static final Path GOLDEN = Path.of("../models/src/test/golden");
    private static final Path MODEL = GOLDEN.resolve("lstm-sequences/model.keras");
    private static final String ZERO = "0".repeat(64);

    @TempDir private Path work;

    private static String sha256(Path... files) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (Path file : files) {
            digest.update(Files.readAllBytes(file));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static ScoringOptions pinned(Path model, String sha256) {
        return ScoringOptions.forModel(model.toString()).with(ScoringOptions.MODEL_SHA256, sha256);
    }

    private static ScoringOptions of(String... options) {
        Configuration configuration = new Configuration();
        configuration.set(ScoringOptions.MODEL_URI, MODEL.toString());
        for (String option : options) {
            int end = option.indexOf('=');
            configuration.setString(option.substring(0, end), option.substring(end + 1));
        }
        return ScoringOptions.of(configuration);
    }

    @Test
    void theFileThatIsPinnedIsServed() throws Exception {
        String sha256 = sha256(MODEL);

        assertThat(ServedModel.of(pinned(MODEL, sha256)).reference().sha256()).isEqualTo(sha256);
        ServedModel.of(pinned(MODEL, sha256.toUpperCase(Locale.ROOT)));
    }

    @Test
    void anotherFileIsRefusedAndNoReaderSeesIt() throws IOException {
        Path noModel = Files.writeString(work.resolve("model.keras"), "no model");

        assertThatThrownBy(() -> ServedModel.of(pinned(noModel, ZERO)))
                .isInstanceOf(OtherModelException.class)
                .hasMessageMatching(
                        "model .*model.keras must be the file with SHA-256 0{64} as model.sha256 says, got [0-9a-f]{64}: was it overwritten\\?");
    }

    @Test
    void weightsBesideTheFileArePinnedWithIt() throws Exception {
        for (String name : new String[] {"model.json", "model.safetensors"}) {
            Files.copy(GOLDEN.resolve("torch-safetensors-lstm2").resolve(name), work.resolve(name));
        }
        Path model = work.resolve("model.json");
        Path weights = work.resolve("model.safetensors");
        ScoringOptions options = pinned(model, sha256(model, weights));
        ServedModel.of(options);

        byte[] changed = Files.readAllBytes(weights);
        changed[changed.length - 1]++;
        Files.write(weights, changed);
        assertThatThrownBy(() -> ServedModel.of(options)).isInstanceOf(OtherModelException.class);
    }

    @Test
    void aModelBesideTheMainOneHasAPinOfItsOwn() throws Exception {
        Path other = GOLDEN.resolve("lstm-dropout/model.keras");
        String uri = "models.v2.uri=" + other;

        ServedModel.of(of(uri, "models.v2.sha256=" + sha256(other)));
        assertThatThrownBy(() -> ServedModel.of(of(uri, "models.v2.sha256=" + ZERO)))
                .isInstanceOf(OtherModelException.class)
                .hasMessageContaining("as models.v2.sha256 says");
    }

    @Test
    void whatPinsNothingIsRefused() {
        assertThatThrownBy(() -> of("model.sha256=00ff"))
                .hasMessage("model.sha256 must be 64 hexadecimal digits, got 00ff");
        assertThatThrownBy(() -> of("models.v2.uri=m.keras", "models.v2.sha256= "))
                .hasMessage("models.v2.sha256 must be 64 hexadecimal digits, got  ");
        assertThatThrownBy(() -> of("models.v2.sha256=" + ZERO))
                .hasMessage(
                        "models.v2.uri must name the saved model that models.v2.sha256 is of, got nothing");
    }
}
