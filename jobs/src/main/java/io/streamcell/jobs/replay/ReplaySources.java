package io.streamcell.jobs.replay;

import io.streamcell.jobs.formats.OutputTimes;
import io.streamcell.operators.ControlEvent;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.OutputRecord;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.connector.source.Source;

/** Where a replay reads. All sources end. */
public interface ReplaySources {
    /** What was recorded, as far as the replay must know it before the events. */
    Source<Incoming, ?, ?> before(RecordedScan scan);

    /** The states that streams begin with, as resets to them; nothing where there are none. */
    Optional<Source<Incoming, ?, ?>> states(EventCheck check);

    /** The events of the range. */
    Source<Incoming, ?, ?> events(EventCheck check);

    /** What was recorded, in full. */
    Source<OutputRecord, ?, ?> recorded(OutputTimes times);

    /** The control events that could concern the range; the models that they name are not read. */
    List<ControlEvent> controlEvents() throws IOException;

    /** What names the model in a score that was recorded; nothing where there is none. */
    Optional<String> label() throws IOException;

    /** Whether there are events outside of the range. */
    boolean beginsLater();

    /** Whether there are events behind the range. */
    boolean endsEarlier();
}
