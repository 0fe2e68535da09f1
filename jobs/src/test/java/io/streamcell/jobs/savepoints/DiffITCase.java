package io.streamcell.jobs.savepoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.savepoints.StoppedJob.Form;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.execution.SavepointFormatType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Savepoints of two jobs are the same to a bit, or the difference is found. */
class DiffITCase {
    private static final String MODEL = "../models/src/test/golden/lstm-sequences/model.keras";
    private static final int STREAMS = 30;
    private static final Form ON_DISK = new Form("rocksdb", SavepointFormatType.NATIVE);
    private static final Form IN_MEMORY = new Form("hashmap", SavepointFormatType.NATIVE);

    @TempDir private Path work;

    @Test
    void savepointsOfOneInputAreTheSameWhateverTheBackend() throws Exception {
        StoppedJob a = job(ON_DISK, events());
        StoppedJob b = job(IN_MEMORY, events());

        Call diff = Call.of("state", "diff", a.savepoint(), b.savepoint());

        assertThat(diff).isEqualTo(new Call(0, List.of(), ""));
    }

    @Test
    void whatIsNotTheSameIsFound() throws Exception {
        StoppedJob a = job(ON_DISK, events());
        List<String> others = events();
        others.remove(0);
        others.add("{\"stream\":\"new\",\"values\":[[1,2,3,4,5]]}");
        // One bit of one float.
        others.set(6, given(7, Math.nextUp(0.5f)));
        others.add("{\"stream\":\"s-9\",\"event\":\"reset\",\"next\":5}");
        StoppedJob b = job(IN_MEMORY, others);

        Call diff = Call.of("state", "diff", a.savepoint(), b.savepoint());
        Call few = Call.of("state", "diff", a.savepoint(), b.savepoint(), "--limit", "2");

        assertThat(diff.status()).isEqualTo(1);
        assertThat(diff.lines())
                .contains(
                        "{\"stream\":\"s-0\",\"only-in\":\"a\"}",
                        "{\"stream\":\"new\",\"only-in\":\"b\"}",
                        "{\"stream\":\"s-7\",\"floats\":1}")
                .anyMatch(line -> line.startsWith("{\"stream\":\"s-9\",\"next\":[0,5],\"floats\":"))
                .hasSize(4);
        assertThat(few.lines()).hasSize(2).isSubsetOf(diff.lines());
    }

    private StoppedJob job(Form form, List<String> events) throws Exception {
        return StoppedJob.of(work, MODEL, events, form, null);
    }

    private static List<String> events() {
        List<String> events = new ArrayList<>();
        for (int k = 0; k < STREAMS; k++) {
            events.add(given(k, 0.5f));
        }
        events.add("{\"stream\":\"s-1\",\"event\":\"export\"}");
        return events;
    }

    /** A stream with a state whose first float is given. */
    private static String given(int stream, float first) {
        return "{\"stream\":\"s-%d\",\"event\":\"reset\",\"next\":0,\"state\":{\"lstm_6\":[[%s,1,2,3,4,5,6],[7,8,9,10,11,12,%d]]}}"
                .formatted(stream, first, stream);
    }
}
