package io.streamcell.jobs.kafka;

import io.streamcell.jobs.formats.RecordWriter;
import io.streamcell.jobs.formats.RecordWriter.Payload;
import io.streamcell.jobs.formats.ScorePieces;
import io.streamcell.operators.ExportedState;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.Reason;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.RejectedEventException;
import io.streamcell.operators.Score;
import io.streamcell.operators.ValueTypes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Makes Kafka records of scores and exported states. A score that is too large for one becomes
 * several; what cannot be cut and is larger than Kafka takes is put aside.
 */
public final class ScoreSerializer extends ProcessFunction<OutputRecord, OutgoingRecord> {
    /** What Kafka does not take. */
    public static final OutputTag<Rejected> TOO_LARGE =
            new OutputTag<>("too-large", ValueTypes.REJECTED);

    private static final long serialVersionUID = 1;

    private final String scoreTopic;
    private final String stateTopic;
    private final int maxBytes;
    private final RecordLimit limit;
    private final RecordFormats formats;
    private transient RecordWriter writer;
    private transient int scoreLimit;
    private transient int stateLimit;

    /** A time that has passed; the clock is read only for times after it. */
    private transient long past;

    /**
     * @param stateTopic the topic of exported states; the scores' where they stand among them
     * @param maxBytes of a score's value
     * @param limit of what Kafka takes
     */
    public ScoreSerializer(
            String scoreTopic,
            String stateTopic,
            int maxBytes,
            RecordLimit limit,
            RecordFormats formats) {
        this.scoreTopic = scoreTopic;
        this.stateTopic = stateTopic;
        this.maxBytes = maxBytes;
        this.limit = limit;
        this.formats = formats;
    }

    @Override
    public void open(OpenContext context) throws InterruptedException {
        writer = formats.writer(scoreTopic, stateTopic);
        scoreLimit = limit.ofTopic(scoreTopic);
        stateLimit = stateTopic.equals(scoreTopic) ? scoreLimit : limit.ofTopic(stateTopic);
    }

    @Override
    public void processElement(
            OutputRecord record, Context context, Collector<OutgoingRecord> out) {
        if (record instanceof Score score) {
            write(score, context, out);
            return;
        }
        List<Payload> payloads = writer.write(record);
        byte[] key = key(record);
        long bytes = largest(key, payloads);
        if (bytes > stateLimit) {
            String what = "the state before timestep " + ((ExportedState) record).next();
            putAside(record, what, bytes, stateTopic, stateLimit, context);
        } else {
            collect(stateTopic, key, payloads, context.timestamp(), out);
        }
    }

    private void write(Score score, Context context, Collector<OutgoingRecord> out) {
        List<Payload> payloads = writer.write(score);
        byte[] key = key(score);
        long bytes = largest(key, payloads);
        boolean tooLarge = bytes > scoreLimit;
        if ((tooLarge || exceedsMaxBytes(payloads)) && ScorePieces.canCut(score)) {
            ScorePieces.halves(score).forEach(half -> write(half, context, out));
        } else if (tooLarge) {
            String what = "the score from timestep %d on".formatted(score.start());
            putAside(score, what, bytes, scoreTopic, scoreLimit, context);
        } else {
            collect(scoreTopic, key, payloads, context.timestamp(), out);
        }
    }

    private static byte[] key(OutputRecord record) {
        return record.stream().getBytes(StandardCharsets.UTF_8);
    }

    private boolean exceedsMaxBytes(List<Payload> payloads) {
        for (Payload payload : payloads) {
            if (payload.value().length > maxBytes) {
                return true;
            }
        }
        return false;
    }

    private static long largest(byte[] key, List<Payload> payloads) {
        long largest = 0;
        for (Payload payload : payloads) {
            largest = Math.max(largest, RecordLimit.bytes(key, payload.value(), payload.headers()));
        }
        return largest;
    }

    private static void putAside(
            OutputRecord record, String what, long bytes, String topic, int most, Context context) {
        RejectedEventException why =
                new RejectedEventException(
                        Reason.TOO_LARGE,
                        "a record must have at most %d bytes with its key and headers, got %d for %s at stream %s: raise max.message.bytes of topic %s and kafka.properties.max.request.size"
                                .formatted(most, bytes, what, record.stream(), topic));
        context.output(TOO_LARGE, Rejected.of(why, null, record.stream(), null));
    }

    private void collect(
            String topic,
            byte[] key,
            List<Payload> payloads,
            Long timestamp,
            Collector<OutgoingRecord> out) {
        Long time = recordTime(timestamp);
        for (Payload payload : payloads) {
            out.collect(new OutgoingRecord(topic, key, payload.value(), time, payload.headers()));
        }
    }

    /**
     * The event's time where Kafka takes it. It refuses negative ones, and by default a batch with
     * one that lies more than an hour ahead, which would stop the job for ever.
     */
    private Long recordTime(Long eventTime) {
        if (eventTime == null || eventTime < 0) {
            return null;
        }
        if (eventTime > past) {
            past = System.currentTimeMillis();
        }
        return eventTime <= past ? eventTime : Long.valueOf(past);
    }
}
