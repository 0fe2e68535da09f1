package io.streamcell.jobs.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.formats.Signatures;
import io.streamcell.operators.ExportedState;
import io.streamcell.operators.Flags;
import io.streamcell.operators.LayerState;
import io.streamcell.operators.Origin;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Reason;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.Score;
import io.streamcell.operators.StreamEvent;
import io.streamcell.state.StreamState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.Test;

class JsonRecordWriterTest {
    private static final String MODEL = "3f9c2a5e7b1d0c44.exact1";

    private final JsonRecordWriter writer = new JsonRecordWriter();

    @Test
    void oneOutputIsAListOfRows() {
        OutputValues output = values(null, List.of(2), 1, 2, 3, 4);

        assertThat(written(score(1200, new long[] {1385990100000L}, 0, output)))
                .isEqualTo(
                        "{'stream':'m-17','start':1200,'time':1385990100000,'outputs':[[1.0,2.0],[3.0,4.0]],'model':'3f9c2a5e7b1d0c44.exact1'}");
    }

    @Test
    void aListOfTimesStaysAList() {
        OutputValues output = values(null, List.of(1), 1, 2);

        assertThat(written(score(0, new long[] {5, 6}, 0, output)))
                .contains("'start':0,'time':[5,6],'outputs'");
        assertThat(written(score(0, new long[0], 0, output))).contains("'start':0,'outputs'");
    }

    @Test
    void dimensionsAreNestedAndScalarsAreNot() {
        OutputValues deep = values(null, List.of(2, 1), 1, 2, 3, 4);
        OutputValues scalars = values(null, List.of(), 1, 2);

        assertThat(written(score(0, new long[0], 0, deep)))
                .contains("'outputs':[[[1.0],[2.0]],[[3.0],[4.0]]],");
        assertThat(written(score(0, new long[0], 0, scalars))).contains("'outputs':[1.0,2.0],");
    }

    @Test
    void namedOutputsAreAnObjectAndFlagsAreNamed() {
        int flags = StreamState.GAP | StreamState.RESET | Flags.OUTPUT_NOT_FINITE;
        OutputValues a = values("lstm", List.of(2), Float.NaN, -0f);
        OutputValues b =
                values("lstm_1", List.of(2), Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);

        assertThat(written(score(0, new long[0], flags, a, b)))
                .contains("'outputs':{'lstm':[['NaN',-0.0]],'lstm_1':[['Infinity','-Infinity']]},")
                .endsWith("'flags':['gap','reset','not-finite']}");
    }

    /** The shortest decimal that reads back, as text, so that no Java version changes it. */
    @Test
    void floatsArePrintedAsEver() {
        float[] values = {
            0.1f,
            1f / 3,
            1e10f,
            1.0E-5f,
            123456.7f,
            16777216f,
            1.4E-45f,
            Float.MIN_VALUE,
            Float.MIN_NORMAL,
            Float.MAX_VALUE,
            9999999f,
            0.001f,
            9.999E-4f,
            2.24E-44f,
            3.3554432e7f,
            8.41e21f,
            5.877472E-39f,
            1.0000001f
        };

        assertThat(written(score(0, new long[0], 0, values(null, List.of(), values))))
                .contains(
                        "[0.1,0.33333334,1.0E10,1.0E-5,123456.7,1.6777216E7,1.4E-45,1.4E-45,"
                                + "1.1754944E-38,3.4028235E38,9999999.0,0.001,9.999E-4,2.2E-44,"
                                + "3.3554432E7,8.41E21,5.877472E-39,1.0000001]");
    }

    @Test
    void aStateComesBackBitForBitAndUnderAnotherName() {
        Random random = new Random(3);
        float[] h = new float[2];
        float[] c = new float[2];
        for (int k = 0; k < 20_000; k++) {
            for (float[] tensor : List.of(h, c)) {
                tensor[0] = Float.intBitsToFloat(random.nextInt());
                tensor[1] = (float) random.nextGaussian();
            }
            ExportedState state =
                    new ExportedState(
                            "a",
                            1547,
                            MODEL,
                            List.of(new LayerState("lstm", List.of(h, c))),
                            StreamState.EXPIRED,
                            List.of());
            String sent = text(state).replace("\"event\":\"state\"", "\"event\":\"reset\"");
            StreamEvent event = read(sent.replace("\"stream\":\"a\"", "\"stream\":\"b\""));

            assertThat(event.stream()).isEqualTo("b");
            assertThat(event.next()).isEqualTo(1547);
            assertBits(event.state().get(0).tensors().get(0), h);
            assertBits(event.state().get(0).tensors().get(1), c);
        }
    }

    @Test
    void aStateIsPrintedByLayer() {
        ExportedState state =
                new ExportedState(
                        "m-17",
                        1547,
                        MODEL,
                        List.of(new LayerState("gru", List.of(new float[] {0.5f}))),
                        StreamState.EXPIRED,
                        List.of());

        assertThat(written(state))
                .isEqualTo(
                        "{'stream':'m-17','event':'state','next':1547,'model':'3f9c2a5e7b1d0c44.exact1','state':{'gru':[[0.5]]},'flags':['expired']}");
    }

    @Test
    void aRejectedRecordShowsWhatWasReadAndWhere() {
        byte[] bytes = "{}".getBytes(StandardCharsets.UTF_8);
        Origin topic = new Origin("in", 0, 42);
        Origin file = new Origin("e.jsonl", Origin.NO_PARTITION, 7);

        assertThat(rejected(new Rejected(Reason.FEATURE_COUNT, "why", topic, "m-17", bytes, true)))
                .isEqualTo(
                        "{'reason':'feature-count','message':'why','origin':{'topic':'in','partition':0,'offset':42},'stream':'m-17','bytes':'e30=','cut':true}");
        assertThat(rejected(new Rejected(Reason.TOMBSTONE, "why", file, null, null, false)))
                .isEqualTo(
                        "{'reason':'tombstone','message':'why','origin':{'file':'e.jsonl','line':7}}");
    }

    private String rejected(Rejected rejected) {
        return new String(writer.write(rejected), StandardCharsets.UTF_8).replace('"', '\'');
    }

    private String written(OutputRecord record) {
        return text(record).replace('"', '\'');
    }

    private String text(OutputRecord record) {
        return new String(writer.write(record), StandardCharsets.UTF_8);
    }

    private static StreamEvent read(String json) {
        JsonEventReader reader =
                new JsonEventReader(
                        Signatures.lstm(1), new UnknownFields(new SimpleCounter()), FlatRow.NONE);
        return reader.read(null, json.getBytes(StandardCharsets.UTF_8), List.of(), null).event();
    }

    /** NaN payloads apart, which JSON has no words for. */
    private static void assertBits(float[] found, float[] expected) {
        for (int k = 0; k < expected.length; k++) {
            assertThat(Float.floatToIntBits(found[k])).isEqualTo(Float.floatToIntBits(expected[k]));
        }
    }

    private static Score score(long start, long[] times, int flags, OutputValues... outputs) {
        return new Score("m-17", start, times, List.of(outputs), MODEL, flags, List.of());
    }

    private static OutputValues values(String name, List<Integer> dims, float... values) {
        int width = dims.stream().reduce(1, (a, b) -> a * b);
        return new OutputValues(name, values, values.length / width, true, dims);
    }
}
