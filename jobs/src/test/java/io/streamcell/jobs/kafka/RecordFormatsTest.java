package io.streamcell.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.config.JobConfiguration;
import io.streamcell.jobs.config.JobOptions.Format;
import io.streamcell.jobs.json.FlatRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordFormatsTest {
    @Test
    void recordsAreJsonWhereNothingIsSaid() {
        assertThat(RecordFormats.of(new Configuration()))
                .isEqualTo(new RecordFormats(Format.JSON, Format.JSON, FlatRow.NONE, null));
    }

    @Test
    void aFileOfOptionsNamesFormatsRegistryAndRows(@TempDir Path folder) throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("job.yaml"),
                        """
                        input:
                          features: [temp, load]
                          stream-field: sensor
                        output.format: avro
                        schema-registry.url: http://registry:8081
                        """);

        RecordFormats formats = RecordFormats.of(JobConfiguration.read(file));

        assertThat(formats.fields())
                .isEqualTo(new FlatRow("sensor", List.of("temp", "load"), "time"));
        assertThat(formats.output()).isEqualTo(Format.AVRO);
        assertThat(formats.registry()).hasToString("http://registry:8081");
    }

    @Test
    void rowsOfAnotherFormatThanJsonAreRefused() {
        Configuration avro =
                Configuration.fromMap(Map.of("input.features", "temp", "input.format", "avro"));

        assertThatThrownBy(() -> RecordFormats.of(avro))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "input.format must be json where input.features name the fields of a row, got avro");
    }
}
