package io.streamcell.jobs.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.formats.Signatures;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.Origin;
import io.streamcell.operators.Rejected;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RejectedEventsTest {
    private static final Origin ORIGIN = new Origin("in", 0, 42);

    private final JsonEventReader reader =
            new JsonEventReader(
                    Signatures.lstm(2), new UnknownFields(new SimpleCounter()), FlatRow.NONE);

    /** Every kind, with its whole message; a stream that stands behind the mistake is found too. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {"values":[[1,2]]}                                          | stream        |   | an event must name its stream by the record's key or the field stream, got neither
            {"stream":"","values":[[1,2]]}                              | stream        |   | an event must name its stream by the record's key or the field stream, got neither
            {"stream":7,"values":[[1,2]]}                               | format        |   | stream must be text, got 7
            {"stream":"s"}                                              | no-timesteps  | s | a chunk must have values or inputs, got neither at stream s
            {"stream":"s","values":[]}                                  | no-timesteps  | s | a chunk must have a timestep, got none at stream s
            {"stream":"s","values":[[]]}                                | feature-count | s | rows of values must have at least one number, got none in row 0 at stream s
            {"stream":"s","values":[[1,2],[1,2,3]]}                     | feature-count | s | rows of values must be equally wide, got 2 and then 3 in row 1 at stream s
            {"stream":"s","values":[[1,2,3]]}                           | feature-count | s | features must be 2 as in the model's input x, got 3 at stream s
            {"stream":"s","values":[1,2]}                               | feature-count | s | features must be 2 as in the model's input x, got 1 at stream s
            {"stream":"s","values":[[1,1e999]]}                         | not-finite    | s | values must be finite in float32, got Infinity in row 0 of input x at stream s
            {"stream":"s","values":[[1,2],[3.5e38,0]]}                  | not-finite    | s | values must be finite in float32, got Infinity in row 1 of input x at stream s
            {"stream":"s","values":[[1,"NaN"]]}                         | not-finite    | s | values must be finite in float32, got NaN in row 0 of input x at stream s
            {"stream":"s","values":[[1,-Infinity]]}                     | not-finite    | s | values must be finite in float32, got -Infinity in row 0 of input x at stream s
            {"values":[[1,null]],"stream":"s"}                          | format        | s | values must be lists of numbers, got null among them at stream s
            {"values":[[1,"two"]],"stream":"s"}                         | format        | s | values must be lists of numbers, got text "two" among them at stream s
            {"stream":"s","values":[[1,2],3]}                           | format        | s | values must be a list of numbers or of rows, got 3 at stream s
            {"stream":"s","values":7}                                   | format        | s | values must be a list of numbers or of rows, got 7 at stream s
            {"stream":"s","values":[[1,2]],"inputs":{"x":[[1,2]]}}      | inputs        | s | a chunk must have values or inputs, got both at stream s
            {"stream":"s","inputs":{"z":[[1,2]]}}                       | inputs        | s | inputs must be [x] as in the model, each once, got [z] at stream s
            {"stream":"s","inputs":[[1,2]]}                             | format        | s | inputs must be an object of lists by the inputs' names, got a list at stream s
            {"stream":"s","model":"v2","values":[[1,2]]}                | model         | s | model must be default, the only one of this job, got v2 at stream s
            {"stream":"s","event":"reset","model":"0123456789abcdef.exact1"} | model    | s | model must be default, the only one of this job, got 0123456789abcdef.exact1 at stream s
            {"stream":"s","event":"restart"}                            | event         | s | event must be reset or export, or absent for a chunk, got restart at stream s
            {"stream":"s","event":"export","at":1200}                   | event         | s | an event must not have at: it belongs to event reset at stream s
            {"stream":"s","event":"reset","at":1200,"next":5}           | event         | s | a reset before a timestep to come must not have next: the numbers go on at stream s
            {"stream":"s","event":"reset","at":12,"state":{"lstm":[[1,2],[3,4]]}} | event | s | a reset before a timestep to come must not have state: it is to the initial state at stream s
            {"stream":"s","event":"reset","values":[[1,2]]}             | event         | s | a reset must not have values: send them as an event of their own at stream s
            {"stream":"s","event":"export","next":5}                    | event         | s | an export must not have next: it belongs to event reset at stream s
            {"stream":"s","values":[[1,2]],"state":{}}                  | event         | s | a chunk must not have state: it belongs to event reset at stream s
            {"stream":"s","event":"reset","state":{"gru":[[1,2]]}}      | state-layer   | s | a state's layers must be of [lstm], which carry state here, got gru at stream s
            {"stream":"s","event":"reset","state":{"lstm":[[1,2]]}}     | state-shape   | s | the state of layer lstm must have tensors of [2, 2], got [2] at stream s
            {"stream":"s","event":"reset","state":{"lstm":[1,2]}}       | state-shape   | s | the state of layer lstm must be a list of lists of numbers, got 1 at stream s
            {"stream":"s","event":"reset","state":{"lstm":5}}           | state-shape   | s | the state of layer lstm must be a list of lists of numbers, got 5 at stream s
            {"stream":"s","time":[1,2,3],"values":[[1,2],[3,4]]}        | time          | s | time must be one for the chunk or one for each of 2 timesteps, got 3 at stream s
            {"stream":"s","time":[],"values":[[1,2]]}                   | time          | s | time must be one for the chunk or one for each timestep, got an empty list at stream s
            {"stream":"s","time":1.5,"values":[[1,2]]}                  | time          | s | time must be whole milliseconds since 1970, at most 8640000000000000 of them, got 1.5 at stream s
            {"stream":"s","time":1385990100000000000,"values":[[1,2]]}  | time          | s | time must be whole milliseconds since 1970, at most 8640000000000000 of them, got 1385990100000000000 at stream s
            {"stream":"s","time":"now","values":[[1,2]]}                | time          | s | time must be whole milliseconds since 1970, at most 8640000000000000 of them, got text "now" at stream s
            {"stream":"s","start":-1,"values":[[1,2]]}                  | number        | s | start must be a whole number from 0 to 2^53, got -1 at stream s
            {"stream":"s","start":0.5,"values":[[1,2]]}                 | number        | s | start must be a whole number from 0 to 2^53, got 0.5 at stream s
            {"stream":"s","event":"reset","next":9007199254740993}      | number        | s | next must be a whole number from 0 to 2^53, got 9007199254740993 at stream s
            [1,2]                                                       | format        |   | an event must be a JSON object, got a list
            ` `                                                         | format        |   | an event must be a JSON object, got nothing
            {"stream":"s","values":[[1,2]]} {}                          | format        | s | an event must be one JSON object, got an object after it at stream s
            {"stream":"s","values":[[1,2]],"values":[[1,2]]}            | format        | s | an event must be JSON, got at line 1, column 40: Duplicate field 'values' at stream s
            {"stream":"s","values":[[1,2]                               | format        | s | an event must be JSON, got at line 1, column 30: Unexpected end-of-input: expected close marker for Array at stream s
            {"stream":"\\ud800","values":[[1,2]]}                       | format        |   | stream must be Unicode text, got half a surrogate pair
            """)
    void isRejected(String json, String reason, String stream, String message) {
        Rejected rejected = rejected(null, json.getBytes(StandardCharsets.UTF_8));

        assertThat(rejected.message()).isEqualTo(message);
        assertThat(rejected.reason()).hasToString(reason);
        assertThat(rejected.stream()).isEqualTo(stream);
        assertThat(rejected.origin()).isEqualTo(ORIGIN);
        assertThat(rejected.bytes()).isEqualTo(json.getBytes(StandardCharsets.UTF_8));
        assertThat(new JsonRecordWriter().write(rejected)).isNotEmpty();
    }

    @Test
    void aTombstoneIsRejected() {
        Rejected rejected = rejected(bytes("m-17"), null);

        assertThat(rejected.message())
                .isEqualTo("a record must have a value, got a tombstone at stream m-17");
        assertThat(rejected.reason()).hasToString("tombstone");
        assertThat(rejected.bytes()).isNull();
    }

    @Test
    void aKeyThatIsNotTheStreamIsRejected() {
        Rejected rejected = rejected(bytes("a"), bytes("{\"stream\":\"b\",\"values\":[[1,2]]}"));

        assertThat(rejected.message())
                .isEqualTo(
                        "stream must be the record's key where it has one, got stream b at stream a");
        assertThat(rejected.reason()).hasToString("stream");
    }

    @Test
    void bytesThatAreNotUtf8AreRejected() {
        byte[] overlong = bytes("{\"stream\":\"s??\",\"values\":[[1,2]]}");
        overlong[12] = (byte) 0xC0;
        overlong[13] = (byte) 0x80;

        assertThat(rejected(null, overlong).message())
                .isEqualTo("an event must be UTF-8, got other bytes");
        assertThat(rejected(new byte[] {(byte) 0xFF}, bytes("{\"values\":[[1,2]]}")).message())
                .isEqualTo("a key must be the stream's id in UTF-8, got other bytes");
        byte[] utf16 = "{\"stream\":\"s\",\"values\":[[1,2]]}".getBytes(StandardCharsets.UTF_16LE);
        assertThat(rejected(null, utf16).reason()).hasToString("format");
    }

    @Test
    void listsWithoutEndAreRejected() {
        String deep = "{\"stream\":\"s\",\"values\":" + "[".repeat(100_000);

        assertThat(rejected(null, bytes(deep)).message())
                .contains("nesting depth (65) exceeds the maximum allowed (64");
        assertThat(rejected(null, bytes(deep)).cut()).isTrue();
    }

    @Test
    void everyMessageCanBePrinted() {
        Rejected rejected =
                rejected(
                        null,
                        bytes("{\"\\ud800\":1,\"\\ud800\":1,\"stream\":\"s\",\"values\":[1]}"));

        assertThat(new String(new JsonRecordWriter().write(rejected), StandardCharsets.UTF_8))
                .contains("Duplicate field '?'");
    }

    private Rejected rejected(byte[] key, byte[] value) {
        Incoming incoming = reader.read(key, value, List.of(), ORIGIN);
        assertThat(incoming.event()).isNull();
        return incoming.rejected();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void anIdThatWouldFillRecordsIsRejectedAndNotRepeated() {
        String longest = "\u00e9".repeat(16 * 1024);
        byte[] value = "{\"values\":[[1,2]]}".getBytes(StandardCharsets.UTF_8);
        assertThat(reader.read(utf8(longest), value, List.of(), ORIGIN).rejected()).isNull();

        byte[] key = utf8(longest + "x");
        Rejected byKey = reader.read(key, value, List.of(), ORIGIN).rejected();
        byte[] named = utf8("{\"stream\":\"" + longest + "x\",\"values\":[[1,2]]}");
        Rejected byField = reader.read(null, named, List.of(), ORIGIN).rejected();
        for (Rejected rejected : List.of(byKey, byField)) {
            assertThat(rejected.reason()).hasToString("stream");
            assertThat(rejected.stream()).isNull();
            assertThat(rejected.message())
                    .isEqualTo("a stream's id must have at most 32768 bytes in UTF-8, got 32769");
        }
    }

    @Test
    void aMessageIsShortWhateverTheRecordHolds() {
        byte[] value = utf8("{\"model\":\"" + "m".repeat(500_000) + "\",\"values\":[[1,2]]}");
        Rejected rejected = reader.read(utf8("s"), value, List.of(), ORIGIN).rejected();
        assertThat(rejected.message())
                .startsWith("model must be default, the only one of this job, got mmm")
                .endsWith("...")
                .hasSize(1003);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
