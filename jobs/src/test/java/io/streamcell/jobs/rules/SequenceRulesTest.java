package io.streamcell.jobs.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamcell.jobs.formats.EventReader;
import io.streamcell.jobs.json.ControlEventReader;
import io.streamcell.jobs.json.UnknownFields;
import io.streamcell.operators.ControlCheck;
import io.streamcell.operators.ControlEvent;
import io.streamcell.operators.Harness;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.StreamEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of the table of sequence rules, through the operator. */
class SequenceRulesTest {
    private static final long LATER = 1_000_000_000;
    private static final int[] PARALLELISMS = {1, 3, 2};

    private final ExpectedRecords expected = new ExpectedRecords();
    private final List<String> records = new ArrayList<>();
    private final List<String> rejected = new ArrayList<>();
    private ServedModel model;
    private Harness harness;
    private Harness.Checkpoint checkpoint;

    static List<SequenceRow> rows() throws IOException {
        return SequenceRow.all();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyRowHolds(SequenceRow row) throws Exception {
        run(row, false);

        check(row);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyRowHoldsThroughARestoreBeforeEachEvent(SequenceRow row) throws Exception {
        run(row, true);

        check(row);
    }

    private void check(SequenceRow row) throws Exception {
        List<String> wanted = new ArrayList<>();
        for (String record : row.records()) {
            wanted.add(expected.expected(record));
        }
        assertThat(records).isEqualTo(wanted);
        assertThat(rejected).isEqualTo(row.rejected());
    }

    private void run(SequenceRow row, boolean restores) throws Exception {
        ScoringOptions options = ScoringOptions.of(row.setting().configuration());
        EventReader reader = ExpectedRecords.reader(options);
        model = ServedModel.of(options);
        restore(options, 0);
        ControlCheck check = new ControlCheck(model, options);
        ControlEventReader control = new ControlEventReader(new UnknownFields(new SimpleCounter()));
        for (byte[] event : row.setting().controlEvents()) {
            ControlEvent read = control.read(event);
            harness.control(check.check(read));
        }
        int count = 0;
        for (byte[] event : row.eventsOf("a")) {
            if (restores) {
                restore(options, ++count);
            }
            Incoming incoming = reader.read(null, event, List.of(), null);
            if (incoming.event() == null) {
                rejected.add(incoming.rejected().reason().toString());
            } else {
                send(incoming.event());
            }
        }
        // Streams have timers from the checkpoint on that first holds them.
        restore(options, ++count);
        harness.watermark(LATER);
        harness.end();
        collect();
    }

    /** With its last time as its timestamp, as a source gives it. */
    private void send(StreamEvent event) throws Exception {
        if (event.timed()) {
            harness.send(event, event.lastTime());
        } else {
            harness.send(event);
        }
    }

    /** Goes on in another operator from a checkpoint of the one before. */
    private void restore(ScoringOptions options, int count) throws Exception {
        if (harness != null) {
            checkpoint = harness.checkpoint(count);
            collect();
        }
        harness =
                Harness.ofFiles(
                        model, options, PARALLELISMS[count % PARALLELISMS.length], checkpoint);
    }

    private void collect() throws Exception {
        for (OutputRecord record : harness.records) {
            JsonNode tree = ExpectedRecords.tree(record);
            records.add(ExpectedRecords.found(tree));
        }
        for (Rejected each : harness.rejected) {
            rejected.add(each.reason().toString());
        }
        harness.close();
    }
}
