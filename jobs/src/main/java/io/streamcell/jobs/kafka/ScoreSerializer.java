package io.streamcell.jobs.kafka;

import io.streamcell.jobs.json.JsonRecordWriter;
import io.streamcell.jobs.json.ScorePieces;
import io.streamcell.operators.ExportedState;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.Score;
import java.nio.charset.StandardCharsets;
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
    private transient JsonRecordWriter writer;

    /** A time that has passed; the clock is read only for times after it. */
    private transient long past;

    /**
     * @param stateTopic the topic of exported states; the scores' where they stand among them
     * @param maxBytes of a score's value
     */
    public ScoreSerializer(String scoreTopic, String stateTopic, int maxBytes) {
        this.scoreTopic = scoreTopic;
        this.stateTopic = stateTopic;
        this.maxBytes = maxBytes;
    }

    @Override
    public void open(OpenContext context) {
        writer = new JsonRecordWriter();
    }

    @Override
    public void processElement(
            OutputRecord record, Context context, Collector<OutgoingRecord> out) {
        if (record instanceof ExportedState) {
            out.collect(outgoing(stateTopic, record, writer.write(record), context.timestamp()));
        } else {
            write((Score) record, context.timestamp(), out);
        }
    }

    private void write(Score score, Long timestamp, Collector<OutgoingRecord> out) {
        byte[] value = writer.write(score);
        if (value.length > maxBytes && ScorePieces.canCut(score)) {
            ScorePieces.halves(score).forEach(half -> write(half, timestamp, out));
            return;
        }
        out.collect(outgoing(scoreTopic, score, value, timestamp));
    }

    private OutgoingRecord outgoing(
            String topic, OutputRecord record, byte[] value, Long timestamp) {
        byte[] key = record.stream().getBytes(StandardCharsets.UTF_8);
        return new OutgoingRecord(topic, key, value, recordTime(timestamp), record.headers());
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
