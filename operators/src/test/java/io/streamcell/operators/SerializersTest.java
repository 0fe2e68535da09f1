package io.streamcell.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.operators.SequencePolicy.OnModelChange;
import io.streamcell.state.StreamState;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SerializersTest {
    private static final StreamEvent CHUNK =
            StreamEvent.chunk("m-17", new float[][] {{1, -0f}, {Float.MIN_VALUE, 3}});

    @ParameterizedTest
    @ValueSource(strings = {"m-17", "", "größe", "日本", "😀", "\ud800", "\ud801"})
    void aStreamKeepsItsIdWhateverItIs(String stream) throws Exception {
        assertThat(sent(StreamEvent.export(stream)).stream()).isEqualTo(stream);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16, 17, 127, 128, 16_384, 20_000})
    void aChunkKeepsItsValues(int count) throws Exception {
        float[] values = new float[count];
        for (int k = 0; k < count; k++) {
            values[k] = (float) Math.sin(k);
        }
        InputValues input = new InputValues("x", values, count, 1);

        InputValues found = sent(StreamEvent.chunk("s", List.of(input))).inputs().get(0);
        assertThat(found.values()).isEqualTo(values);
        assertThat(found.rows()).isEqualTo(count);
        assertThat(found.name()).isEqualTo("x");
    }

    @Test
    void anEventKeepsAllThatItHas() throws Exception {
        StreamEvent plain = sent(CHUNK);
        assertThat(plain).usingRecursiveComparison().isEqualTo(CHUNK);

        StreamEvent timed = CHUNK.withStart(1L << 40).withTimes(-7, Long.MAX_VALUE).withModel("v2");
        assertThat(sent(timed)).usingRecursiveComparison().isEqualTo(timed);

        List<LayerState> state = List.of(new LayerState("rnn", List.of(new float[7])));
        StreamEvent reset = StreamEvent.reset("s", state, 0);
        assertThat(sent(reset)).usingRecursiveComparison().isEqualTo(reset);

        InputValues flat = InputValues.flat(null, new float[] {1, 2, 3});
        StreamEvent unshaped = StreamEvent.chunk("s", List.of(flat, flat));
        assertThat(sent(unshaped)).usingRecursiveComparison().isEqualTo(unshaped);
    }

    @Test
    void aCopyOfAScoreDoesNotChangeWithIt() throws Exception {
        float[] values = {1, 2};
        Score score =
                new Score(
                        "s",
                        5,
                        new long[] {9},
                        List.of(new OutputValues(null, values, 2, true, List.of(1))),
                        "m",
                        StreamState.GAP,
                        List.of(new Header("trace", new byte[] {1})));
        OutputRecordSerializer serializer = new OutputRecordSerializer();
        Score copy = (Score) serializer.copy(score);
        assertThat(copy).usingRecursiveComparison().isEqualTo(score);
        assertThat(sent(score, serializer)).usingRecursiveComparison().isEqualTo(score);

        values[0] = 3;
        score.set("t", 6, new long[0], 0, List.of());
        assertThat(copy.stream()).isEqualTo("s");
        assertThat(copy.outputs().get(0).values()).containsExactly(1, 2);
    }

    @Test
    void aHeldChunkKeepsItsTimes() throws Exception {
        HeldChunk chunk = new HeldChunk(CHUNK.withStart(7), -5, Long.MAX_VALUE);
        assertThat(sent(chunk, new HeldChunk.Serializer()))
                .usingRecursiveComparison()
                .isEqualTo(chunk);
    }

    @Test
    void aControlEventKeepsItsModel() throws Exception {
        ModelReference model = new ModelReference("s3://m", "ab", -1, List.of(7, 7));
        for (ControlEvent event :
                List.of(
                        ControlEvent.resetAll(-5),
                        ControlEvent.model(new ModelChange("v2", 9, OnModelChange.WARM, model)))) {
            assertThat(sent(event, new ControlEventSerializer())).isEqualTo(event);
        }
    }

    private static StreamEvent sent(StreamEvent event) throws Exception {
        return sent(event, new StreamEventSerializer());
    }

    private static <T> T sent(T value, TypeSerializer<T> serializer) throws Exception {
        DataOutputSerializer target = new DataOutputSerializer(16);
        serializer.serialize(value, target);
        DataInputDeserializer source = new DataInputDeserializer(target.getCopyOfBuffer());
        T read = serializer.deserialize(source);
        assertThat(source.available()).isZero();
        return read;
    }
}
