package io.streamcell.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code SCORE} in Flink's own SQL: what rows become, and what is refused before the first one. */
class ScoreFunctionTest {
    private static final String MODEL =
            Path.of("../models/src/test/golden/lstm-sequences/model.keras")
                    .toAbsolutePath()
                    .toString();
    private static final String FEATURES = "features => DESCRIPTOR(a, b, c, d, e)";

    private final TableEnvironment sql = environment();

    private static TableEnvironment environment() {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1);
        StreamTableEnvironment sql = StreamTableEnvironment.create(environment);
        sql.executeSql("CREATE FUNCTION SCORE AS 'io.streamcell.jobs.sql.ScoreFunction'");
        DataStream<Row> events =
                environment.fromData(
                        Types.ROW_NAMED(
                                new String[] {"device", "n", "a", "b", "c", "d", "e", "r"},
                                Types.STRING,
                                Types.INT,
                                Types.DOUBLE,
                                Types.DOUBLE,
                                Types.DOUBLE,
                                Types.DOUBLE,
                                Types.DOUBLE,
                                Types.BOOLEAN),
                        row(0, 1.0, false),
                        row(1, 1.0, false),
                        row(1, 1.0, false),
                        row(2, null, true),
                        row(2, 1.0, true),
                        row(3, 1.0, false),
                        Row.of("m-17", null, null, null, null, null, null, true),
                        row(4, 1.0, false),
                        row(6, 1.0, false));
        sql.createTemporaryView("events", events);
        sql.executeSql(
                """
                CREATE TEMPORARY VIEW chunks AS SELECT device, ARRAY[ARRAY[a, b, c, d, e],
                  ARRAY[a, b, c, d, e]] AS chunk, ARRAY[a, b, c, d, e] AS timestep
                FROM events WHERE n = 0""");
        return sql;
    }

    private static Row row(int n, Double a, boolean resets) {
        return Row.of("m-17", n, a, 0.5, 0.25, 2.0, 3.0, resets);
    }

    private List<Row> rows(String query) throws Exception {
        List<Row> rows = new ArrayList<>();
        try (CloseableIterator<Row> all = sql.executeSql(query).collect()) {
            all.forEachRemaining(rows::add);
        }
        return rows;
    }

    private static String call(String arguments) {
        return call("TABLE events PARTITION BY device", arguments);
    }

    private static String call(String table, String arguments) {
        return "SELECT * FROM SCORE(input => %s, model => '%s', %s)"
                .formatted(table, MODEL, arguments);
    }

    /** Number, what happened before, and whether the outputs are those of a stream's beginning. */
    private static List<List<Object>> told(List<Row> rows) {
        Float[][] first = rows.get(0).getFieldAs("outputs");
        List<List<Object>> told = new ArrayList<>();
        for (Row row : rows) {
            assertThat(row.<String>getFieldAs("device")).isEqualTo("m-17");
            Float[][] outputs = row.getFieldAs("outputs");
            String[] flags = row.getFieldAs("flags");
            told.add(
                    outputs == null
                            ? List.of(row.<String>getFieldAs("rejected"))
                            : List.of(
                                    row.getFieldAs("timestep"),
                                    List.of(flags),
                                    Arrays.deepEquals(outputs, first)));
        }
        return told;
    }

    @Test
    void rowsAreScoredInTheirStreamsOrderAndResetAndRejectedByTheRulesOfEvents() throws Exception {
        List<Row> rows =
                rows(
                        call(
                                FEATURES
                                        + ", timestep => DESCRIPTOR(n), resets => DESCRIPTOR(r), options => MAP['sequence.on-gap', 'reject']"));

        assertThat(told(rows))
                .containsExactly(
                        List.of(0L, List.of(), true),
                        List.of(1L, List.of(), false),
                        List.of("format"),
                        List.of(2L, List.of("reset"), true),
                        List.of(3L, List.of(), false),
                        List.of(4L, List.of("reset"), true),
                        List.of("gap"));
        assertThat(rows.get(2).<String>getFieldAs("message"))
                .isEqualTo("features must be numbers, got NULL in column a");
    }

    @Test
    void theRowsColumnsStandBesideItsScore() throws Exception {
        List<Row> rows = rows(call(FEATURES));

        assertThat(rows.get(0).getFieldNames(true))
                .containsExactly(
                        "device",
                        "n",
                        "a",
                        "b",
                        "c",
                        "d",
                        "e",
                        "r",
                        "timestep",
                        "event_time",
                        "outputs",
                        "model",
                        "flags",
                        "rejected",
                        "message");
        assertThat(rows.get(3).<Integer>getFieldAs("n")).isEqualTo(2);
        assertThat(rows.get(3).<String>getFieldAs("rejected")).isEqualTo("format");
    }

    @Test
    void arraysAreTimestepsAndArraysOfArraysAreChunks() throws Exception {
        Float[][] chunk =
                rows(call("TABLE chunks PARTITION BY device", "features => DESCRIPTOR(chunk)"))
                        .get(0)
                        .getFieldAs("outputs");
        Float[][] timestep =
                rows(call("TABLE chunks PARTITION BY device", "features => DESCRIPTOR(timestep)"))
                        .get(0)
                        .getFieldAs("outputs");

        assertThat(chunk).hasDimensions(2, 3);
        assertThat(timestep).hasDimensions(1, 3);
        assertThat(chunk[0]).isEqualTo(timestep[0]);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    features => DESCRIPTOR(a, b) | columns of features must be 5 as in the model's input input_layer_8, got [a, b]
                    features => DESCRIPTOR(a, b, c, d, f) | a column must be one of the table's, [device, n, a, b, c, d, e, r], got f
                    features => DESCRIPTOR(device) | a column of features must be a number, an array of numbers, or an array of arrays of numbers, got STRING
                    features => DESCRIPTOR(a, b, c, d, e), resets => DESCRIPTOR(n) | a reset must be BOOLEAN, got INT
                    features => DESCRIPTOR(a, b, c, d, e), timestep => DESCRIPTOR(a) | the number of a timestep must be of a type of the family INTEGER_NUMERIC, got
                    features => DESCRIPTOR(a, b, c, d, e), options => MAP['sequence.on-gab', 'reset'] | options in options of SCORE must be known, got sequence.on-gab; did you mean sequence.on-gap?
                    features => DESCRIPTOR(a, b, c, d, e), options => MAP['sequence.on-gap', 'never'] | option sequence.on-gap must be one of carry, reset, reject, got never
                    features => DESCRIPTOR(a, b, c, d, e), options => MAP['sequence.max-wait', '1 s'] | sequence.max-wait must be left out where streams are scored one event at a time
                    features => DESCRIPTOR(a, b, c, d, e), options => MAP['input.topic', 'events'] | got input.topic, which does not belong there
                    """)
    void aWrongArgumentIsRefusedWhileTheQueryIsPlanned(String arguments, String message) {
        assertThat(refusal(call(arguments))).contains(message);
    }

    @Test
    void aTableThatIsNotPartitionedByTheStreamIsRefused() {
        assertThat(refusal(call("TABLE events PARTITION BY (device, n)", FEATURES)))
                .contains(
                        "PARTITION BY must name one column, whose stream a row is of, got 2 columns");
        assertThat(refusal(call("TABLE events PARTITION BY n", FEATURES)))
                .contains("the stream must be of a type of the family CHARACTER_STRING, got INT");
    }

    @Test
    void aModelThatIsNotThereIsRefused() {
        assertThat(refusal(call(FEATURES).replace("model.keras", "nothing.keras")))
                .contains("model must be a file that can be read, got")
                .contains("nothing.keras");
    }

    private String refusal(String query) {
        Throwable refusal = catchThrowable(() -> sql.explainSql(query));
        assertThat(refusal).isNotNull();
        return Stream.iterate(refusal, Objects::nonNull, Throwable::getCause)
                .map(each -> String.valueOf(each.getMessage()))
                .collect(Collectors.joining("\n"));
    }
}
