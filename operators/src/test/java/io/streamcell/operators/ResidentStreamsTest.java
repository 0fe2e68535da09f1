package io.streamcell.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.HostSlab;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.Carry;
import io.streamcell.state.StreamState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.Test;

class ResidentStreamsTest {
    private static final int SLOTS = 4;

    private final Backend backend = new Backend();
    private final SimpleCounter evictions = new SimpleCounter();
    private final ServedModel model = Harness.served(Harness.lstm(1, 2, 3), Carry.ALWAYS);

    /** Keyed state that counts. */
    private static final class Backend implements StreamStates {
        private final Map<String, StreamState> states = new HashMap<>();
        private final List<String> reads = new ArrayList<>();
        private final List<String> writes = new ArrayList<>();

        @Override
        public StreamState read(String stream) {
            reads.add(stream);
            return states.get(stream);
        }

        @Override
        public NavigableMap<Long, Long> heldChunks(String stream) {
            return null;
        }

        @Override
        public RecordedScores recorded(String stream) {
            return null;
        }

        @Override
        public float[] kept(String stream) {
            return null;
        }

        @Override
        public void write(Resident resident, List<StreamState.Vector> vectors) {
            writes.add(resident.stream);
            states.put(resident.stream, resident.state(vectors));
        }
    }

    /** A slab that counts what is read at a time, and from which no state is read alone. */
    private record CountingSlab(StateSlab states, List<Integer> bulks) implements StateSlab {
        CountingSlab(StateSlab states) {
            this(states, new ArrayList<>());
        }

        @Override
        public int slots() {
            return states.slots();
        }

        @Override
        public void reset(int slot) {
            states.reset(slot);
        }

        @Override
        public void startChunk(int slot) {
            states.startChunk(slot);
        }

        @Override
        public void read(int slot, float[] state) {
            throw new AssertionError("states must be read many at a time");
        }

        @Override
        public void read(int[] slots, int count, float[] floats) {
            bulks.add(count);
            states.read(slots, count, floats);
        }

        @Override
        public void write(int slot, float[] state) {
            states.write(slot, state);
        }

        @Override
        public void close() {
            states.close();
        }
    }

    @Test
    void aStreamAtHandIsReadOnceAndWrittenOnceForACheckpoint() throws Exception {
        ResidentStreams residents = residents(SLOTS);
        for (int k = 0; k < 1000; k++) {
            use(residents, "abcd".substring(k % 4, k % 4 + 1));
        }
        assertThat(backend.reads).containsExactly("a", "b", "c", "d");
        assertThat(backend.writes).isEmpty();

        residents.writeAll();
        assertThat(backend.writes).containsExactly("a", "b", "c", "d");
        assertThat(backend.states.get("a").next()).isEqualTo(250);
    }

    @Test
    void aStreamThatDidNotChangeIsDroppedWithoutAWrite() throws Exception {
        ResidentStreams residents = residents(SLOTS);
        use(residents, "a");
        residents.writeAll();
        for (String stream : List.of("b", "c", "d", "e", "f", "g", "h")) {
            residents.resident(stream);
        }

        residents.writeAll();
        assertThat(backend.writes).containsExactly("a");
        assertThat(residents.size()).isEqualTo(SLOTS);
    }

    @Test
    void aChangedStreamIsWrittenWhenItMakesRoomAndReadWhenItComesBack() throws Exception {
        ResidentStreams residents = residents(SLOTS);
        for (String stream : List.of("a", "b", "c", "d", "e")) {
            use(residents, stream);
        }
        assertThat(backend.writes).containsExactly("a");

        assertThat(residents.resident("a").next).isEqualTo(1);
        assertThat(backend.reads).containsExactly("a", "b", "c", "d", "e", "a");
    }

    @Test
    void aCheckpointReadsTheStatesOf1024StreamsAtATime() throws Exception {
        for (int dirty : new int[] {1, 1023, 1024, 1025, 3000}) {
            CountingSlab slab = slab(4000);
            ResidentStreams residents = residents(slab, 4000);
            backend.states.clear();
            for (int k = 0; k < dirty; k++) {
                Resident resident = use(residents, "stream-" + k);
                slab.write(resident.slot, state(k));
            }
            residents.writeAll();
            residents.writeAll();

            assertThat(slab.bulks).hasSize((dirty + 1023) / 1024);
            assertThat(slab.bulks.stream().mapToInt(count -> count).sum()).isEqualTo(dirty);
            assertThat(backend.states).hasSize(dirty);
            for (int k = 0; k < dirty; k++) {
                StreamState written = backend.states.get("stream-" + k);
                assertThat(written.next()).isEqualTo(1);
                assertThat(written.vectors().get(0).floats()).containsExactly(state(k));
            }
        }
    }

    @Test
    void anEvictionWritesWithItsStreamThoseThatAreEvictedNext() throws Exception {
        CountingSlab slab = slab(64);
        ResidentStreams residents = residents(slab, 64);
        for (int k = 0; k < 64 + 9; k++) {
            Resident resident = use(residents, "stream-" + k);
            slab.write(resident.slot, state(k));
        }

        // A sixteenth of the slots at a time, so three reads for nine evictions.
        assertThat(slab.bulks).containsExactly(4, 4, 4);
        assertThat(backend.writes)
                .containsExactlyElementsOf(
                        IntStream.range(0, 12).mapToObj(k -> "stream-" + k).toList());
        assertThat(backend.states.get("stream-8").vectors().get(0).floats())
                .containsExactly(state(8));
    }

    @Test
    void aStreamThatChangesAfterItWasWrittenAheadIsWrittenAgain() throws Exception {
        CountingSlab slab = slab(64);
        ResidentStreams residents = residents(slab, 64);
        for (int k = 0; k < 65; k++) {
            use(residents, "stream-" + k);
        }
        assertThat(backend.writes).contains("stream-1");

        use(residents, "stream-1");
        residents.writeAll();
        assertThat(backend.states.get("stream-1").next()).isEqualTo(2);
        assertThat(backend.states.values()).hasSize(65);
    }

    @Test
    void atMostMaxDirtyChangedStreamsWait() throws Exception {
        ResidentStreams residents = residents(2);
        for (String stream : List.of("a", "b", "c", "d")) {
            use(residents, stream);
        }
        residents.trickle();

        assertThat(backend.writes).containsExactly("a", "b");
        assertThat(residents.dirty()).isEqualTo(2);
    }

    private ResidentStreams residents(int maxDirty) throws Exception {
        return residents(slab(SLOTS), maxDirty);
    }

    private ResidentStreams residents(StateSlab slab, int maxDirty) throws Exception {
        StreamTable table = new StreamTable();
        Slots slots = new Slots(slab, model, table, backend, maxDirty, evictions);
        ModelVersions versions =
                new ModelVersions(reference -> new Engine(model, null, slab, slots));
        versions.set(model.reference(), new TreeMap<>());
        return new ResidentStreams(backend, table, versions);
    }

    private CountingSlab slab(int slots) {
        return new CountingSlab(new HostSlab(model.signature().layout(), slots));
    }

    /** A state that is not any other number's. */
    private float[] state(int number) {
        float[] state = new float[model.signature().layout().carriedWidth()];
        Arrays.fill(state, number);
        return state;
    }

    private static Resident use(ResidentStreams residents, String stream) throws Exception {
        Resident resident = residents.resident(stream);
        resident.next++;
        residents.touch(resident);
        return resident;
    }
}
