package io.streamcell.jobs.fuzz;

import io.streamcell.jobs.formats.EventReader;
import io.streamcell.jobs.formats.RecordWriter;
import io.streamcell.jobs.formats.RejectedWriter;
import io.streamcell.jobs.json.ControlEventReader;
import io.streamcell.jobs.json.UnknownFields;
import io.streamcell.operators.ControlCheck;
import io.streamcell.operators.ControlEvent;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.ModelChange;
import io.streamcell.operators.ModelReference;
import io.streamcell.operators.Origin;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.RejectedEventException;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.StreamEvent;
import io.streamcell.operators.ValueTypes;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.metrics.SimpleCounter;

/**
 * The way of records in one format through a job of one setting: read, checked, from task to task,
 * scored, written. Every promise is checked for every record.
 */
final class FuzzedJob {
    private static final long RECORD_TIME = 1_385_990_000_000L;

    /** Records after which all begins afresh, so that streams do not pile up. */
    private static final int LONGEST_LIFE = 2000;

    private static final TypeSerializer<Incoming> INCOMING =
            ValueTypes.INCOMING.createSerializer(new SerializerConfigImpl());

    private final Format format;
    private final Setting setting;
    private final ServedModel model;
    private final ScoringOptions options;
    private final EventReader reader;
    private final RecordWriter writer;
    private final RejectedWriter rejectedWriter;
    private final ControlEventReader controlReader =
            new ControlEventReader(new UnknownFields(new SimpleCounter()));
    private final ControlCheck controlCheck;
    private final Map<ModelChange, ModelReference> known = new HashMap<>();
    private final DataOutputSerializer wire = new DataOutputSerializer(1024);
    private final Map<String, Long> counts = new TreeMap<>();
    private Life life;
    private int age;

    FuzzedJob(Format format, Setting setting) {
        this.format = format;
        this.setting = setting;
        this.model = setting.model();
        this.options = setting.options();
        this.reader =
                format.reader(EventCheck.of(model, options.value(ScoringOptions.MODEL_CARRY)));
        this.writer = format.writer();
        this.rejectedWriter = format.rejectedWriter();
        this.controlCheck = new ControlCheck(model, options);
    }

    /** How many records had which outcome so far. */
    Map<String, Long> counts() {
        return counts;
    }

    /**
     * Sends a record.
     *
     * @throws AssertionError if a promise was not kept
     * @throws Exception if the job would have died
     */
    void send(HostileRecord record) throws Exception {
        if (life == null || life.spent() || age == LONGEST_LIFE) {
            if (life != null) {
                life.close();
            }
            life = new Life(model, options);
            age = 0;
        }
        age++;
        String outcome = record.control() ? control(record) : event(record);
        for (Rejected rejected : life.rejected()) {
            outcome += " " + rejected.reason();
            format.checkWritten(rejectedWriter, rejected);
        }
        for (OutputRecord written : life.settle()) {
            format.checkWritten(writer, written);
        }
        counts.merge(outcome, 1L, Long::sum);
    }

    private String event(HostileRecord record) throws Exception {
        Origin origin = new Origin("in", 0, age);
        Incoming incoming = reader.read(record.key(), record.value(), record.headers(), origin);
        incoming = sent(incoming);
        if (incoming.rejected() != null) {
            format.checkWritten(rejectedWriter, incoming.rejected());
            life.calm();
            return Outcome.REJECTED + " " + incoming.rejected().reason();
        }
        StreamEvent event = incoming.event();
        Outcome outcome = life.event(event, event.timed() ? event.lastTime() : RECORD_TIME);
        if (event.timed()) {
            life.time(event.lastTime() - 5000);
        }
        return outcome.toString();
    }

    /** What arrives at the next task. */
    private Incoming sent(Incoming incoming) throws IOException {
        wire.clear();
        INCOMING.serialize(incoming, wire);
        DataInputDeserializer source =
                new DataInputDeserializer(wire.getSharedBuffer(), 0, wire.length());
        Incoming arrived = INCOMING.deserialize(source);
        Promise.kept(source.available() == 0, "a task reads what another wrote, got a rest");
        return arrived;
    }

    private String control(HostileRecord record) throws Exception {
        Outcome outcome;
        try {
            ControlEvent event = controlReader.read(record.value());
            if (event.change() != null && !harmless(event.change().model().uri())) {
                return "LEFT OUT, a model elsewhere";
            }
            outcome = life.control(checked(event));
        } catch (RejectedEventException e) {
            Rejected rejected = Rejected.of(e, new Origin("control", 0, age), null, record.value());
            format.checkWritten(rejectedWriter, rejected);
            life.calm();
            return Outcome.REJECTED + " control " + e.reason();
        }
        life.calm();
        return outcome.toString();
    }

    /** The event, its model pinned; the stored model is read once, since reading takes long. */
    private ControlEvent checked(ControlEvent event) {
        ModelChange change = event.change();
        if (change == null) {
            return controlCheck.check(event);
        }
        ModelChange asked = new ModelChange(change.name(), 0, change.policy(), change.model());
        ModelReference pinned =
                known.computeIfAbsent(asked, a -> controlCheck.check(event).change().model());
        return ControlEvent.model(
                new ModelChange(change.name(), change.time(), change.policy(), pinned));
    }

    /** Whether a test may open it: no file but the stored model's, no device, no other machine. */
    private boolean harmless(String uri) {
        return uri.equals(setting.uri()) || uri.indexOf('/') < 0 && !uri.isBlank();
    }
}
