package io.streamcell.jobs.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.models.Carry;
import io.streamcell.models.Models;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Header;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.Origin;
import io.streamcell.operators.StreamEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonEventReaderTest {
    private static final Path MODEL =
            Path.of("../models/src/test/golden/lstm-sequences/model.keras");
    private static final Origin ORIGIN = new Origin("in", 0, 42);

    private final SimpleCounter unknown = new SimpleCounter();
    private JsonEventReader reader;

    @BeforeEach
    void aReaderForFiveFeatures() throws IOException {
        EventCheck check = new EventCheck(Models.read(MODEL).signature(Carry.ALWAYS), Carry.ALWAYS);
        reader = new JsonEventReader(check, new UnknownFields(unknown));
    }

    @Test
    void aChunkIsReadWithAllItsFields() {
        StreamEvent event =
                good(
                        """
                        {"values":[[1,2,3,4,5],[6,7,8,9,10.5]],"time":[1385990100000,1385990100001],"start":1200,"stream":"m-17"}
                        """);

        assertThat(event.kind()).isEqualTo(StreamEvent.Kind.CHUNK);
        assertThat(event.stream()).isEqualTo("m-17");
        assertThat(event.start()).isEqualTo(1200);
        assertThat(event.times()).containsExactly(1385990100000L, 1385990100001L);
        assertThat(event.inputs().get(0).values()).endsWith(10.5f).hasSize(10);
    }

    @Test
    void theRecordsKeyNamesTheStream() {
        byte[] value = bytes("{\"values\":[[1,2,3,4,5]]}");
        Incoming read = reader.read(bytes("m-17"), value, List.of(), ORIGIN);

        assertThat(read.event().stream()).isEqualTo("m-17");
        assertThat(read.event().start()).isEqualTo(StreamEvent.UNNUMBERED);
    }

    @Test
    void headersAreKept() {
        List<Header> headers = List.of(new Header("trace", new byte[] {7}));
        Incoming read =
                reader.read(bytes("a"), bytes("{\"values\":[[1,2,3,4,5]]}"), headers, ORIGIN);

        assertThat(read.event().headers()).isEqualTo(headers);
    }

    @Test
    void resetsAndExportsAreRead() {
        StreamEvent reset = good("{\"stream\":\"a\",\"event\":\"reset\",\"next\":7}");
        StreamEvent export = good("{\"stream\":\"a\",\"event\":\"export\"}");

        assertThat(reset.kind()).isEqualTo(StreamEvent.Kind.RESET);
        assertThat(reset.next()).isEqualTo(7);
        assertThat(export.kind()).isEqualTo(StreamEvent.Kind.EXPORT);
    }

    @Test
    void aDecimalBecomesTheNearestFloatAndIsNotRoundedTwice() {
        // Just above the middle between 1 and the next float: through float64 it would become 1.
        String decimal = "1.00000005960464477540";
        assertThat((float) Double.parseDouble(decimal)).isEqualTo(1f);

        assertThat(first(decimal)).isEqualTo(1.0000001f);
        Random random = new Random(1);
        for (int k = 0; k < 20_000; k++) {
            double value = Math.exp(random.nextGaussian() * 20) * (random.nextBoolean() ? 1 : -1);
            String text =
                    random.nextBoolean()
                            ? Double.toString(value)
                            : new java.math.BigDecimal(value).toPlainString();
            assertThat(first(text)).as(text).isEqualTo(Float.parseFloat(text));
        }
    }

    @Test
    void integersOfAnyLengthAreRoundedOnce() {
        assertThat(first("16777217")).isEqualTo(16777216f);
        assertThat(first("9007199791611905")).isEqualTo(Float.parseFloat("9007199791611905"));
        assertThat(first("123456789012345678901234567890")).isEqualTo(1.2345679e29f);
    }

    @Test
    void unknownFieldsAreIgnoredAndCounted() {
        good("{\"stream\":\"a\",\"values\":[[1,2,3,4,5]],\"site\":{\"x\":[1]},\"note\":\"n\"}");

        assertThat(unknown.getCount()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"values\":[[1,2,3,4,5]]}|stream|an event must name its stream by the record's key or by stream, got neither",
                "{\"stream\":7,\"values\":[[1,2,3,4,5]]}|stream|stream must be a text, got 7",
                "{\"stream\":\"s\",\"values\":[]}|no-timesteps|a chunk must have a timestep, got none at stream s",
                "{\"stream\":\"s\",\"values\":[[]]}|no-timesteps|a chunk must have a timestep, got none at stream s",
                "{\"stream\":\"s\"}|no-timesteps|a chunk must have values or inputs, got neither at stream s",
                "{\"stream\":\"s\",\"values\":[[1,2,3]]}|feature-count|features must be 5 as in the model's input input_layer_8, got 3 at stream s",
                "{\"stream\":\"s\",\"values\":[[1,2,3,4,5],[1,2]]}|feature-count|every row of values must have equally many numbers, got 5 and 2",
                "{\"stream\":\"s\",\"values\":[[1,2,3,4,1e999]]}|not-finite|values must be finite in float32, got Infinity in row 0 of input input_layer_8 at stream s",
                "{\"stream\":\"s\",\"values\":[[1,2,3,4,3.5e38]]}|not-finite|values must be finite in float32, got Infinity in row 0 of input input_layer_8 at stream s",
                "{\"stream\":\"s\",\"values\":[[1,2,3,4,NaN]]}|not-finite|values must be finite in float32, got NaN in row 0 of input input_layer_8 at stream s",
                "{\"stream\":\"s\",\"values\":[[1,2,3,4,\"NaN\"]]}|not-finite|values must be finite in float32, got NaN",
                "{\"stream\":\"s\",\"values\":[[1,2,3,4,null]]}|format|values must be numbers, got null",
                "{\"stream\":\"s\",\"values\":[[1,2,3,4,[5]]]}|format|values must be numbers, got a list",
                "{\"stream\":\"s\",\"values\":7}|format|values must be a list, got 7",
                "{\"stream\":\"s\",\"values\":[[1,2,3,4,5]],\"inputs\":{}}|format|a chunk must have values or inputs, got both at stream s",
                "{\"stream\":\"s\",\"inputs\":{\"y\":[[1,2,3,4,5]]}}|inputs|inputs must be [input_layer_8] as in the model, each once, got [y] at stream s",
                "{\"stream\":\"s\",\"event\":\"restart\"}|event|event must be reset or export, got restart at stream s",
                "{\"stream\":\"s\",\"event\":\"reset\",\"at\":12}|event|a reset must be for now, got one at timestep 12 at stream s; resets ahead are not supported yet",
                "{\"stream\":\"s\",\"model\":\"v2\",\"values\":[[1,2,3,4,5]]}|model|model must be default, the only one of this job, got v2 at stream s",
                "{\"stream\":\"s\",\"start\":-1,\"values\":[[1,2,3,4,5]]}|number|start must be a whole number from 0 to 10^18, got -1",
                "{\"stream\":\"s\",\"start\":1.5,\"values\":[[1,2,3,4,5]]}|number|start must be a whole number from 0 to 10^18, got 1.5",
                "{\"stream\":\"s\",\"time\":\"now\",\"values\":[[1,2,3,4,5]]}|time|time must be whole milliseconds since 1970, got now",
                "{\"stream\":\"s\",\"time\":[1,2],\"values\":[[1,2,3,4,5]]}|time|time must be one for the chunk or one for each of 1 timesteps, got 2 at stream s",
                "{\"stream\":\"s\",\"event\":\"reset\",\"state\":{\"gru\":[[1]]}}|state-layer|a state's layers must be of [lstm_6], which carry state here, got gru at stream s",
                "{\"stream\":\"s\",\"event\":\"reset\",\"state\":{\"lstm_6\":[[1],[2]]}}|state-shape|the state of layer lstm_6 must have tensors of [7, 7], got [1, 1] at stream s",
                "{\"stream\":\"s\",\"stream\":\"t\"}|format|a record must be JSON, got Duplicate field 'stream'",
                "{\"stream\":\"s\",\"values\":[[1,2,3,4,5]]} {}|format|a record must be one JSON object, got more after it",
                "[1]|format|a record must be a JSON object, got a list",
                "not json|format|a record must be JSON, got Unrecognized token 'not': was expecting (JSON String, Number (or 'NaN'/'+INF'/'-INF'), Array, Object or token 'null', 'true' or 'false')",
            })
    void aBadRecordIsRejectedWithItsReason(String json, String reason, String message) {
        Incoming read = reader.read(null, bytes(json), List.of(), ORIGIN);

        assertThat(read.rejected()).as(json).isNotNull();
        assertThat(read.rejected().message()).isEqualTo(message);
        assertThat(read.rejected().reason()).hasToString(reason);
        assertThat(read.rejected().origin()).isEqualTo(ORIGIN);
        assertThat(read.rejected().bytes()).isEqualTo(bytes(json));
    }

    @Test
    void aTombstoneAndAKeyThatDiffersAreRejected() {
        Incoming tombstone = reader.read(bytes("a"), null, List.of(), ORIGIN);
        Incoming other =
                reader.read(
                        bytes("a"),
                        bytes("{\"stream\":\"b\",\"values\":[[1,2,3,4,5]]}"),
                        List.of(),
                        ORIGIN);
        Incoming notUtf8 = reader.read(new byte[] {(byte) 0xff}, bytes("{}"), List.of(), ORIGIN);

        assertThat(tombstone.rejected().reason()).hasToString("tombstone");
        assertThat(tombstone.rejected().stream()).isEqualTo("a");
        assertThat(other.rejected().message())
                .isEqualTo("the record's key and stream must be the same, got a and b");
        assertThat(notUtf8.rejected().message())
                .isEqualTo("the record's key must be the stream id in UTF-8, got other bytes");
    }

    @Test
    void aLongRecordIsCutAndFlagged() {
        String json = "{\"stream\":\"s\",\"values\":[[" + "1,".repeat(100_000) + "1]]}";
        Incoming read = reader.read(null, bytes(json), List.of(), ORIGIN);

        assertThat(read.rejected().bytes()).hasSize(64 * 1024);
        assertThat(read.rejected().cut()).isTrue();
    }

    @Test
    void anyBytesAreReadOrRejectedAndNeverFail() {
        Random random = new Random(3);
        byte[] good = bytes("{\"stream\":\"s\",\"start\":3,\"time\":5,\"values\":[[1,2,3,4,5.5]]}");
        for (int k = 0; k < 20_000; k++) {
            byte[] value = good.clone();
            for (int n = 0; n <= random.nextInt(4); n++) {
                value[random.nextInt(value.length)] = (byte) random.nextInt(256);
            }
            Incoming read = reader.read(null, value, List.of(), ORIGIN);
            assertThat(read.event() == null).isEqualTo(read.rejected() != null);
        }
    }

    private float first(String number) {
        return good("{\"stream\":\"s\",\"values\":[[" + number + ",0,0,0,0]]}")
                .inputs()
                .get(0)
                .values()[0];
    }

    private StreamEvent good(String json) {
        Incoming read = reader.read(null, bytes(json), List.of(), ORIGIN);
        assertThat(read.rejected()).isNull();
        return read.event();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
