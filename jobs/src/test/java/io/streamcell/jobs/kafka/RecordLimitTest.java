package io.streamcell.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.jobs.ScoringJob;
import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.config.JobOptions;
import io.streamcell.operators.Header;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import java.util.List;
import java.util.Properties;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.RecordBatch;
import org.junit.jupiter.api.Test;

class RecordLimitTest {
    @Test
    void aRecordIsTakenToBeAtLeastAsLargeAsTheProducerTakesIt() {
        for (int length : new int[] {0, 1, 63, 64, 8191, 8192, 1_048_575, 1_048_576}) {
            byte[] bytes = new byte[length];
            var header = new org.apache.kafka.common.header.Header[] {new RecordHeader("k", bytes)};
            long estimated =
                    AbstractRecords.estimateSizeInBytesUpperBound(
                            RecordBatch.CURRENT_MAGIC_VALUE,
                            CompressionType.NONE,
                            bytes,
                            bytes,
                            header);
            assertThat(RecordLimit.bytes(bytes, bytes, List.of(new Header("k", bytes))))
                    .isBetween(estimated, estimated + 32);
        }
    }

    @Test
    void theProducersLimitIsKafkasOwnUnlessItIsSet() {
        Properties clients = new Properties();
        assertThat(new RecordLimit(clients).ofRequest()).isEqualTo(1_048_576);
        clients.put("max.request.size", "5000000");
        assertThat(new RecordLimit(clients).ofRequest()).isEqualTo(5_000_000);
    }

    @Test
    void scoresThatTheProducerWouldRefuseAreNotConfigured() throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(
                ScoringOptions.MODEL_URI, "../models/src/test/golden/lstm-sequences/model.keras");
        configuration.set(JobOptions.BOOTSTRAP_SERVERS, "localhost:1");
        configuration.set(JobOptions.INPUT_TOPIC, "in");
        configuration.set(JobOptions.OUTPUT_TOPIC, "out");
        configuration.set(JobOptions.OUTPUT_MAX_BYTES, MemorySize.parse("2 mb"));
        ScoringOptions scoring = ScoringOptions.of(configuration);
        ScoringJob job = new ScoringJob(configuration, ServedModel.of(scoring), scoring);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        assertThatThrownBy(() -> job.build(environment))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "output.max-bytes must be at most kafka.properties.max.request.size, 1048576 bytes, got 2097152");
    }
}
