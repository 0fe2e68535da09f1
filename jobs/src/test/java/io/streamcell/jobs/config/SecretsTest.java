package io.streamcell.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.jobs.avro.RegistryAddress;
import io.streamcell.jobs.kafka.RecordLimit;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said about a configuration says nothing of its passwords. */
class SecretsTest {
    private static final String SECRET = "s3cr3tcanary";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.properties.ssl.key.password: \"" + SECRET + "\n",
                "kafka.properties.ssl.key.password: " + SECRET + ": more\n",
                "kafka.properties.ssl.key.password: *" + SECRET + "\n",
                "kafka.properties.ssl.key.password: !" + SECRET + "!a b\n",
                "kafka.properties.ssl.key.password: \"\\q" + SECRET + "\"\n",
                "- \"" + SECRET + "\"\n",
                SECRET
            })
    void aFileThatIsNotYamlIsNotQuoted(String text, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), text);

        assertThatThrownBy(() -> JobConfiguration.read(file))
                .isInstanceOf(ConfigurationException.class)
                .satisfies(e -> assertThat(trace(e)).doesNotContain(SECRET));
    }

    @Test
    void thePlaceIsSaid(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), "a: b\nc: d: e\n");

        assertThatThrownBy(() -> JobConfiguration.read(file))
                .hasMessage(file + " must be YAML, got something else at line 2, column 5");
    }

    @Test
    void valuesThatHoldPasswordsDoNotSayThem() {
        Properties clients = new Properties();
        clients.put("sasl.jaas.config", SECRET);

        assertThat(new RecordLimit(clients).toString()).doesNotContain(SECRET);
        assertThat(new RegistryAddress("http://localhost", "user:" + SECRET).toString())
                .doesNotContain(SECRET);
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
