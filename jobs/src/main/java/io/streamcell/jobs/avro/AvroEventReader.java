package io.streamcell.jobs.avro;

import io.streamcell.jobs.formats.EventDraft;
import io.streamcell.jobs.formats.EventReader;
import io.streamcell.jobs.formats.Excerpts;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Header;
import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.ResolvingDecoder;

/**
 * Makes events of Avro records: of the schema in the jar, or of any schema in a registry that can
 * be read as it. Not for use by several threads.
 */
public final class AvroEventReader extends EventReader {
    /** The schema of bare values, in the place of an id. */
    private static final int BARE = -1;

    private final SchemaRegistry registry;
    private final Map<Integer, ResolvingDecoder> decoders = new HashMap<>();
    private final BytesDecoder bytes = new BytesDecoder();
    private final AvroFields fields = new AvroFields();
    private final Schema written;
    private final Schema read;
    private EventDraft draft = new EventDraft();

    /**
     * @param registry or null, where values are bare
     */
    public AvroEventReader(EventCheck check, SchemaRegistry registry) {
        this(check, registry, Schemas.EVENT, Schemas.EVENT);
    }

    private AvroEventReader(
            EventCheck check, SchemaRegistry registry, Schema written, Schema read) {
        super(check);
        this.registry = registry;
        this.written = written;
        this.read = read;
    }

    /** Reads what {@link AvroRecords} writes of states to a topic of theirs. */
    public static AvroEventReader ofStates(EventCheck check, SchemaRegistry registry) {
        return new AvroEventReader(check, registry, Schemas.STATE, Schemas.SENT_BACK);
    }

    /** Reads what {@link AvroRecords} writes of states among scores. */
    public static AvroEventReader ofStatesAmongScores(EventCheck check, SchemaRegistry registry) {
        return new AvroEventReader(check, registry, Schemas.SCORE_OR_STATE, Schemas.SENT_BACK);
    }

    /**
     * @throws java.io.UncheckedIOException if the registry cannot be asked; that is not the
     *     record's fault, so the job must not go on without it
     */
    @Override
    protected EventDraft draft(byte[] value, List<Header> headers) {
        draft = new EventDraft();
        try {
            ResolvingDecoder decoder = decoder(registry == null ? BARE : Frame.id(value));
            bytes.begin(value, registry == null ? 0 : Frame.LENGTH);
            decoder.configure(bytes);
            fields.read(decoder, draft);
            decoder.drain();
        } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
            // Avro looks up the branch of a union or the symbol of an enum unchecked.
            throw malformed(e.getMessage());
        }
        if (bytes.remaining() > 0) {
            throw malformed(bytes.remaining() + " bytes after it");
        }
        return draft;
    }

    private ResolvingDecoder decoder(int id) throws IOException {
        ResolvingDecoder known = decoders.get(id);
        if (known != null) {
            return known;
        }
        Schema writer = registry == null ? written : registry.schema(id);
        ResolvingDecoder made = DecoderFactory.get().resolvingDecoder(writer, read, bytes);
        decoders.put(id, made);
        return made;
    }

    private static RejectedEventException malformed(String found) {
        return new RejectedEventException(
                Reason.FORMAT,
                "an event must be an Avro record that can be read as io.streamcell.Event, got: %s"
                        .formatted(Excerpts.line(String.valueOf(found))));
    }

    /** It is the schema's first field. */
    @Override
    protected String streamIn(byte[] value, List<Header> headers) {
        return draft.stream;
    }
}
