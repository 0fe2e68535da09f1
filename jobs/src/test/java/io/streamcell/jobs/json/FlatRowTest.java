package io.streamcell.jobs.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.formats.Signatures;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.Origin;
import io.streamcell.operators.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlatRowTest {
    private final SimpleCounter unknown = new SimpleCounter();
    private final FlatRow fields = new FlatRow("sensor", List.of("temp", "load"), "ts");

    @Test
    void aRowIsTheChunkOfOneTimestepWithItsFeaturesInTheirOrder() {
        StreamEvent event =
                read("{'load':0.1,'sensor':'m-17','unit':'K','ts':1385990100000,'temp':73.9}")
                        .event();

        assertThat(event.stream()).isEqualTo("m-17");
        assertThat(event.times()).containsExactly(1385990100000L);
        assertThat(event.inputs().get(0).rows()).isEqualTo(1);
        assertThat(event.inputs().get(0).values()).containsExactly(73.9f, 0.1f);
        assertThat(unknown.getCount()).isEqualTo(1);
    }

    @Test
    void resetsExportsAndChunksStandAmongRows() {
        assertThat(read("{'sensor':'s','event':'reset','next':5}").event().next()).isEqualTo(5);
        assertThat(read("{'sensor':'s','event':'export'}").event().kind())
                .isEqualTo(StreamEvent.Kind.EXPORT);
        assertThat(read("{'sensor':'s','start':7,'values':[[1,2],[3,4]]}").event().start())
                .isEqualTo(7);
    }

    @Test
    void aRowLeavesNothingForTheNext() {
        JsonEventReader reader = reader();

        StreamEvent first = read(reader, "{'sensor':'s','temp':1,'load':2}").event();
        Incoming second = read(reader, "{'sensor':'s','temp':3}");

        assertThat(second.rejected()).isNotNull();
        assertThat(first.inputs().get(0).values()).containsExactly(1, 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {"sensor":"s","temp":1}                          | feature-count | a row must have every field of input.features, got none of [load] at stream s
            {"sensor":"s","temp":1,"load":null}              | feature-count | a row must have every field of input.features, got none of [load] at stream s
            {"sensor":"s","temp":1,"load":"high"}            | format        | load must be a number, got text "high" at stream s
            {"sensor":"s","temp":1,"load":[2]}               | format        | load must be a number, got a list at stream s
            {"sensor":"s","temp":1,"load":"NaN"}             | not-finite    | values must be finite in float32, got NaN in row 0 of input x at stream s
            {"sensor":"s","temp":1,"load":2,"values":[[1,2]]} | inputs       | a row must have its features alone, got values beside them at stream s
            {"sensor":"s","temp":1,"load":2,"event":"reset"} | event         | a reset must not have values: send them as an event of their own at stream s
            {"stream":"s","temp":1,"load":2}                 | stream        | an event must name its stream by the record's key or the field sensor, got neither
            {"sensor":"s","time":3}                          | no-timesteps  | a chunk must have values or inputs, got neither at stream s
            """)
    void isRejected(String json, String reason, String message) {
        Incoming incoming = read(json);

        assertThat(incoming.rejected().message()).isEqualTo(message);
        assertThat(incoming.rejected().reason()).hasToString(reason);
    }

    @Test
    void theOptionsNameTheFields() {
        Configuration all =
                Configuration.fromMap(
                        Map.of(
                                "input.stream-field", "sensor",
                                "input.features", "temp;load",
                                "input.time-field", "ts"));
        Configuration features = Configuration.fromMap(Map.of("input.features", "temp"));

        assertThat(FlatRow.of(all)).isEqualTo(fields);
        assertThat(FlatRow.of(features)).isEqualTo(new FlatRow("stream", List.of("temp"), "time"));
        assertThat(FlatRow.of(new Configuration())).isEqualTo(FlatRow.NONE);
    }

    @Test
    void optionsThatNameNoFeaturesOrAFieldTwiceAreRefused() {
        Configuration alone = Configuration.fromMap(Map.of("input.time-field", "ts"));
        Configuration twice = Configuration.fromMap(Map.of("input.features", "temp;time"));

        assertThatThrownBy(() -> FlatRow.of(alone))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "input.stream-field and input.time-field must stand beside input.features, which is not given");
        assertThatThrownBy(() -> FlatRow.of(twice))
                .hasMessage(
                        "input.features, input.stream-field and input.time-field must name each field once, got [temp, time], stream and time");
    }

    private Incoming read(String json) {
        return read(reader(), json);
    }

    private static Incoming read(JsonEventReader reader, String json) {
        byte[] value = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return reader.read(null, value, List.of(), new Origin("in", 0, 42));
    }

    private JsonEventReader reader() {
        return new JsonEventReader(Signatures.lstm(2), new UnknownFields(unknown), fields);
    }
}
