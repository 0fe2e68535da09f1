package io.streamcell.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.HostSlab;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.Carry;
import io.streamcell.state.StreamState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResidentStreamsTest {
    private static final int SLOTS = 4;

    private final Backend backend = new Backend();
    private final ServedModel model = Harness.served(Harness.lstm(1, 2, 3), Carry.ALWAYS);
    private final StateSlab slab = new HostSlab(model.signature().layout(), SLOTS);

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
        public void write(String stream, StreamState state) {
            writes.add(stream);
            states.put(stream, state);
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
    void atMostMaxDirtyChangedStreamsWait() throws Exception {
        ResidentStreams residents = residents(2);
        for (String stream : List.of("a", "b", "c", "d")) {
            use(residents, stream);
        }
        residents.trickle();

        assertThat(backend.writes).containsExactly("a", "b");
        assertThat(residents.dirty()).isEqualTo(2);
    }

    private ResidentStreams residents(int maxDirty) {
        ModelChange none =
                ModelChange.check(null, model.reference(), SequencePolicy.OnModelChange.FAIL);
        return new ResidentStreams(backend, slab, model, none, maxDirty);
    }

    private static void use(ResidentStreams residents, String stream) throws Exception {
        Resident resident = residents.resident(stream);
        resident.next++;
        residents.touch(resident);
    }
}
