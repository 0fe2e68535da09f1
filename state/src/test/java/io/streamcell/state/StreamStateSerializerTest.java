package io.streamcell.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamStateSerializerTest {
    private final StreamStateSerializer serializer = StreamStateSerializer.INSTANCE;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 7, 17, 64, 257, 16_384, 16_385, 100_000})
    void everyBitOfEveryFloatComesBack(int width) throws IOException {
        Random random = new Random(width);
        float[] floats = new float[width];
        for (int k = 0; k < width; k++) {
            floats[k] = Float.intBitsToFloat(random.nextInt());
        }
        StreamState state = state(floats);

        StreamState back = serializer.deserialize(new DataInputDeserializer(bytes(state)));

        assertThat(back.next()).isEqualTo(state.next());
        assertThat(back.lastTime()).isEqualTo(state.lastTime());
        assertThat(back.pendingFlags()).isEqualTo(state.pendingFlags());
        float[] read = back.vectors().get(0).floats();
        for (int k = 0; k < width; k++) {
            assertThat(Float.floatToRawIntBits(read[k]))
                    .isEqualTo(Float.floatToRawIntBits(floats[k]));
        }
    }

    @Test
    void aValueIsAtMost32BytesLargerThanItsFloats() throws IOException {
        assertThat(bytes(state(new float[64])).length - 64 * Float.BYTES).isLessThanOrEqualTo(32);
    }

    @Test
    void whatVersion1WroteIsRead() throws IOException {
        DataInputDeserializer source = new DataInputDeserializer(stored("stream-state-v1.bin"));

        assertThat(serializer.deserialize(source)).isEqualTo(StreamState.NEW);
        assertThat(serializer.deserialize(source))
                .isEqualTo(
                        new StreamState(
                                1547,
                                1385990100000L,
                                StreamState.RESET,
                                List.of(
                                        new StreamState.Vector(
                                                0x3f9c2a5e7b1d0c44L,
                                                new float[] {
                                                    0f,
                                                    -0f,
                                                    1.5f,
                                                    -2.25f,
                                                    Float.MIN_VALUE,
                                                    Float.MAX_VALUE
                                                }))));
        assertThat(serializer.deserialize(source))
                .isEqualTo(
                        new StreamState(
                                1L << 40,
                                -1,
                                StreamState.GAP | StreamState.NOT_FINITE,
                                List.of(
                                        new StreamState.Vector(-1, new float[0]),
                                        new StreamState.Vector(
                                                1,
                                                new float[] {
                                                    0.1f, Float.POSITIVE_INFINITY, Float.NaN
                                                }))));
        assertThat(source.available()).isZero();
    }

    @Test
    void whatIsWrittenIsWhatVersion1Wrote() throws IOException {
        byte[] stored = stored("stream-state-v1.bin");
        DataInputDeserializer source = new DataInputDeserializer(stored);
        DataOutputSerializer target = new DataOutputSerializer(stored.length);
        while (source.available() > 0) {
            serializer.serialize(serializer.deserialize(source), target);
        }

        assertThat(target.getCopyOfBuffer()).isEqualTo(stored);
    }

    @Test
    void resetsToComeAreWrittenInVersion2() throws IOException {
        StreamState state =
                new StreamState(
                        3,
                        4,
                        StreamState.IDLE,
                        Ahead.resets(new long[] {7, 1L << 50}, new long[] {-3, 1385990100000L}, 9),
                        List.of(new StreamState.Vector(5, new float[] {1, 2})));
        byte[] written = bytes(state);

        assertThat(written[0]).isEqualTo((byte) 2);
        StreamState back = serializer.deserialize(new DataInputDeserializer(written));
        assertThat(back).isEqualTo(state);
        assertThat(back.ahead().resets()).containsExactly(7, 1L << 50);
    }

    @Test
    void whatElseIsAheadIsWrittenInVersion3() throws IOException {
        Ahead ahead = new Ahead(new long[] {7}, new long[0], 9, 2, 1385990100000L, 5);
        StreamState state = new StreamState(3, 4, StreamState.EXPIRED, ahead, List.of());
        byte[] written = bytes(state);

        assertThat(written[0]).isEqualTo((byte) 3);
        assertThat(serializer.deserialize(new DataInputDeserializer(written))).isEqualTo(state);
    }

    @Test
    void aNewerVersionIsRefused() throws IOException {
        byte[] newer = bytes(state(new float[1]));
        newer[0] = 4;

        assertThatThrownBy(() -> serializer.deserialize(new DataInputDeserializer(newer)))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "a stream's state must have version 3 or older, got 4: it was written by a newer Streamcell");
    }

    @Test
    void aSnapshotOfThisVersionOrAnOlderOneIsCompatibleAndAnyOtherIsNot() throws IOException {
        TypeSerializerSnapshot<StreamState> now = serializer.snapshotConfiguration();

        assertThat(now.resolveSchemaCompatibility(written(1)).isCompatibleAsIs()).isTrue();
        assertThat(now.resolveSchemaCompatibility(written(2)).isCompatibleAsIs()).isTrue();
        assertThat(now.resolveSchemaCompatibility(written(3)).isCompatibleAsIs()).isTrue();
        assertThat(now.resolveSchemaCompatibility(written(4)).isIncompatible()).isTrue();
        @SuppressWarnings("unchecked")
        TypeSerializerSnapshot<StreamState> foreign =
                (TypeSerializerSnapshot<StreamState>)
                        (TypeSerializerSnapshot<?>) IntSerializer.INSTANCE.snapshotConfiguration();
        assertThat(now.resolveSchemaCompatibility(foreign).isIncompatible()).isTrue();
    }

    private static StreamStateSerializerSnapshot written(int version) throws IOException {
        DataOutputSerializer target = new DataOutputSerializer(4);
        target.writeInt(version);
        StreamStateSerializerSnapshot snapshot = new StreamStateSerializerSnapshot();
        snapshot.readSnapshot(
                1,
                new DataInputDeserializer(target.getCopyOfBuffer()),
                StreamStateSerializerTest.class.getClassLoader());
        return snapshot;
    }

    private static StreamState state(float[] floats) {
        return new StreamState(
                1547,
                1385990100000L,
                3,
                List.of(new StreamState.Vector(0xfeedfacecafebeefL, floats)));
    }

    private byte[] bytes(StreamState state) throws IOException {
        DataOutputSerializer target = new DataOutputSerializer(64);
        serializer.serialize(state, target);
        return target.getCopyOfBuffer();
    }

    private static byte[] stored(String name) throws IOException {
        try (InputStream stream = StreamStateSerializerTest.class.getResourceAsStream(name)) {
            return stream.readAllBytes();
        }
    }
}
