package io.streamcell.jobs.kafka;

import io.streamcell.jobs.formats.RecordWriter;
import io.streamcell.jobs.formats.RecordWriter.Payload;
import io.streamcell.jobs.formats.ScorePieces;
import io.streamcell.operators.ExportedState;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.Score;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Makes Kafka records of scores and exported states; a score that is too large for one becomes
 * several.
 */
public final class ScoreSerializer extends ProcessFunction<OutputRecord, OutgoingRecord> {
    private static final long serialVersionUID = 1;

    private final String scoreTopic;
    private final String stateTopic;
    private final int maxBytes;
    private final RecordFormats formats;
    private transient RecordWriter writer;

    /** A time that has passed; the clock is read only for times after it. */
    private transient long past;

    /**
     * @param stateTopic the topic of exported states; the scores' where they stand among them
     * @param maxBytes of a score's value
     */
    public ScoreSerializer(
            String scoreTopic, String stateTopic, int maxBytes, RecordFormats formats) {
        this.scoreTopic = scoreTopic;
        this.stateTopic = stateTopic;
        this.maxBytes = maxBytes;
        this.formats = formats;
    }

    @Override
    public void open(OpenContext context) {
        writer = formats.writer(scoreTopic, stateTopic);
    }

    @Override
    public void processElement(
            OutputRecord record, Context context, Collector<OutgoingRecord> out) {
        if (record instanceof ExportedState) {
            collect(stateTopic, record.stream(), writer.write(record), context.timestamp(), out);
        } else {
            write((Score) record, context.timestamp(), out);
        }
    }

    private void write(Score score, Long timestamp, Collector<OutgoingRecord> out) {
        List<Payload> payloads = writer.write(score);
        if (tooLarge(payloads) && ScorePieces.canCut(score)) {
            ScorePieces.halves(score).forEach(half -> write(half, timestamp, out));
            return;
        }
        collect(scoreTopic, score.stream(), payloads, timestamp, out);
    }

    private boolean tooLarge(List<Payload> payloads) {
        for (Payload payload : payloads) {
            if (payload.value().length > maxBytes) {
                return true;
            }
        }
        return false;
    }

    private void collect(
            String topic,
            String stream,
            List<Payload> payloads,
            Long timestamp,
            Collector<OutgoingRecord> out) {
        byte[] key = stream.getBytes(StandardCharsets.UTF_8);
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
