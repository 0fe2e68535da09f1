package io.streamcell.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of examples/sql. */
class SqlExampleITCase {
    private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();

    @TempDir private Path work;

    private final StreamTableEnvironment sql =
            StreamTableEnvironment.create(StreamExecutionEnvironment.createLocalEnvironment(1));

    @Test
    void theFunctionForecastsTheMachinesTemperature() throws Exception {
        List<String> statements = statements("function.sql");
        statements.subList(0, statements.size() - 1).forEach(sql::executeSql);
        List<Row> rows = new ArrayList<>();
        try (CloseableIterator<Row> all =
                sql.executeSql(statements.get(statements.size() - 1)).collect()) {
            all.forEachRemaining(rows::add);
        }

        assertThat(rows).hasSize(10);
        assertThat(rows.get(0).<Long>getFieldAs("timestep")).isZero();
        assertThat(rows.get(0).<Double>getFieldAs("in_two_hours")).isEqualTo(74.78);
        assertThat(rows.get(9).<Long>getFieldAs("timestep")).isEqualTo(22_500);
        assertThat(rows.get(9).<Double>getFieldAs("in_two_hours")).isEqualTo(92.09);
    }

    @Test
    void theTablesAreWhatTheOperatorTakes() throws IOException {
        for (String statement : statements("tables.sql")) {
            if (statement.startsWith("INSERT")) {
                sql.getConfig().set("execution.checkpointing.interval", "1 s");
                assertThat(sql.explainSql(statement)).contains("scored_inputs");
            } else if (!statement.startsWith("SELECT")) {
                sql.executeSql(statement);
            }
        }
    }

    /** Those of a script, without the client's own settings and with whole paths. */
    private List<String> statements(String script) throws IOException {
        Path series =
                EXAMPLES.resolve("nab/data/realKnownCause/machine_temperature_system_failure.csv");
        List<String> lines = Files.readAllLines(series);
        Path readings = Files.write(work.resolve("readings.csv"), lines.subList(1, lines.size()));
        String text =
                Files.readString(EXAMPLES.resolve("sql").resolve(script))
                        .replaceAll("(?m)^--.*\n", "")
                        .replace("target/readings.csv", readings.toString())
                        .replace("../nab", EXAMPLES.resolve("nab").toString());
        return new ArrayList<>(
                Arrays.stream(text.split(";\n"))
                        .map(String::strip)
                        .filter(each -> !each.isEmpty() && !each.startsWith("SET"))
                        .toList());
    }
}
