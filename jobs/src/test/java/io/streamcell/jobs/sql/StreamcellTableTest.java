package io.streamcell.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a table with {@code 'connector' = 'streamcell'} refuses before the first record. */
class StreamcellTableTest {
    private static final String MODEL =
            Path.of("../models/src/test/golden/lstm-sequences/model.keras")
                    .toAbsolutePath()
                    .toString();

    private final TableEnvironment sql =
            TableEnvironment.create(EnvironmentSettings.inStreamingMode());

    private String refusal(String columns, String options, String statement) {
        sql.executeSql(
                "CREATE TEMPORARY TABLE scores (%s) WITH ('connector' = 'streamcell', 'model.uri' = '%s', 'kafka.bootstrap-servers' = 'localhost:1', %s)"
                        .formatted(columns, MODEL, options));
        Throwable refusal = catchThrowable(() -> sql.explainSql(statement));
        assertThat(refusal).isNotNull();
        return Stream.iterate(refusal, Objects::nonNull, Throwable::getCause)
                .map(each -> String.valueOf(each.getMessage()))
                .collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    stream_id STRING | 'input.start' = 'latest' | option input.topic must be given: the topic of events
                    stream_id STRING | 'input.topic' = 'events', 'output.topic' = 'scores' | got output.topic, which does not belong there
                    stream_id STRING | 'input.topic' = 'events', 'state.backend.type' = 'rocksdb' | got state.backend.type, which does not belong there
                    stream_id STRING | 'input.topik' = 'events' | got input.topik; did you mean input.topic?
                    stream_id STRING | 'input.topic' = 'events', 'input.format' = 'yaml' | option input.format must be one of json, avro, float32, got yaml
                    device STRING | 'input.topic' = 'events' | a column of scores must be one of [stream_id, timestep, event_time, outputs, model, flags, rejected, message], got device
                    outputs ARRAY<FLOAT> | 'input.topic' = 'events' | column outputs must be ARRAY<ARRAY<FLOAT>>, as the model's scores are, got ARRAY<FLOAT>
                    """)
    void aTableThatCannotBeReadIsRefused(String columns, String options, String message) {
        assertThat(refusal(columns, options, "SELECT * FROM scores")).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    device STRING, v ARRAY<FLOAT> | 'input.features' = 'v' | option output.topic must be given: the topic of scores
                    device STRING, v ARRAY<FLOAT> | 'output.topic' = 'scores' | option input.features must be given: the columns of features
                    device STRING, v ARRAY<FLOAT> | 'output.topic' = 'scores', 'input.features' = 'v' | a column must be one of the table's, [device, v], got stream
                    device STRING, v ARRAY<FLOAT> | 'output.topic' = 'scores', 'input.features' = 'v', 'input.stream-field' = 'device', 'input.topic' = 'events' | got input.topic, which does not belong there
                    device STRING, v ARRAY<FLOAT>, w INT | 'output.topic' = 'scores', 'input.features' = 'v', 'input.stream-field' = 'device' | columns of events must be [device, v, time, timestep, resets], got w
                    device STRING, v ARRAY<FLOAT>, t STRING | 'output.topic' = 'scores', 'input.features' = 'v', 'input.stream-field' = 'device', 'input.time-field' = 't' | event time, unless it is BIGINT, must be of a type of the family TIMESTAMP, got STRING of column t
                    """)
    void aTableThatCannotBeWrittenToIsRefused(String columns, String options, String message) {
        String nulls =
                String.join(
                        ", ",
                        columns.lines()
                                .flatMap(line -> java.util.Arrays.stream(line.split(", ")))
                                .map(column -> "CAST(NULL AS %s)".formatted(column.split(" ")[1]))
                                .toList());
        assertThat(refusal(columns, options, "INSERT INTO scores SELECT " + nulls))
                .contains(message);
    }

    @Test
    void withoutCheckpointsThereIsNoExactlyOnce() {
        String refusal =
                refusal(
                        "device STRING, v ARRAY<FLOAT>",
                        "'output.topic' = 'scores', 'input.features' = 'v', 'input.stream-field' = 'device'",
                        "INSERT INTO scores SELECT 'a', ARRAY[CAST(1 AS FLOAT)]");

        assertThat(refusal)
                .contains(
                        "execution.checkpointing.interval must be given with output.delivery=exactly-once");
    }
}
