package io.streamcell.jobs.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.formats.EventTable;
import io.streamcell.operators.ExportedState;
import io.streamcell.operators.Flags;
import io.streamcell.operators.LayerState;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Reason;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.Score;
import io.streamcell.state.StreamState;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Judged by Avro's own reader. */
class AvroRecordsTest {
    private static final float[] ROWS = {1, Float.NaN, -0f, 4};
    private static final Score SCORE =
            new Score(
                    "größe",
                    1200,
                    new long[] {5, -6},
                    List.of(
                            new OutputValues(null, ROWS, 2, true, List.of(2)),
                            new OutputValues("b", new float[] {3}, 1, false, List.of())),
                    "3f9c.exact1",
                    StreamState.GAP | Flags.OUTPUT_NOT_FINITE,
                    EventTable.headers("trace", "abc"));
    private static final ExportedState STATE =
            new ExportedState(
                    "s",
                    7,
                    "3f9c.exact1",
                    List.of(new LayerState("lstm", List.of(new float[] {1, 2}, new float[] {3}))),
                    StreamState.EXPIRED,
                    List.of());

    @Test
    void aScoreIsReadBackByItsSchema() {
        GenericRecord score =
                AvroBytes.read(Schemas.SCORE, write(AvroRecords.of(null, "a", "b"), SCORE), 0);

        assertThat(score)
                .hasToString(
                        "{\"stream\": \"größe\", \"start\": 1200, \"time\": [5, -6], \"outputs\": ["
                                + "{\"name\": null, \"shape\": [2, 2], \"values\": [1.0, \"NaN\", -0.0, 4.0]}, "
                                + "{\"name\": \"b\", \"shape\": [1], \"values\": [3.0]}], "
                                + "\"model\": \"3f9c.exact1\", \"flags\": [\"gap\", \"not-finite\"]}");
    }

    @Test
    void headersArePassedOn() {
        assertThat(AvroRecords.of(null, "a", "b").write(SCORE).get(0).headers())
                .isEqualTo(SCORE.headers());
    }

    @Test
    void statesAmongTheScoresAreToldApartByTheUnion() {
        AvroRecords records = AvroRecords.of(null, "out", "out");

        assertThat(
                        AvroBytes.read(Schemas.SCORE_OR_STATE, write(records, SCORE), 0)
                                .getSchema()
                                .getName())
                .isEqualTo("Score");
        assertThat(AvroBytes.read(Schemas.SCORE_OR_STATE, write(records, STATE), 0))
                .hasToString(
                        "{\"stream\": \"s\", \"next\": 7, \"model\": \"3f9c.exact1\", \"state\": {\"lstm\": [[1.0, 2.0], [3.0]]}, \"flags\": [\"expired\"]}");
    }

    @Test
    void aRejectedEventIsReadBackByItsSchema() {
        AvroRejected writer = AvroRejected.of(null, "bad");
        Rejected known =
                new Rejected(
                        Reason.FORMAT, "why", EventTable.ORIGIN, "s", new byte[] {0, -1}, true);
        Rejected unknown = new Rejected(Reason.TOMBSTONE, "why", null, null, null, false);

        assertThat(AvroBytes.read(Schemas.REJECTED, writer.write(known), 0))
                .hasToString(
                        "{\"reason\": \"format\", \"message\": \"why\", \"origin\": {\"topic\": \"in\", \"partition\": 0, \"offset\": 42}, \"stream\": \"s\", \"bytes\": \"\\u0000ÿ\", \"cut\": true}");
        assertThat(AvroBytes.read(Schemas.REJECTED, writer.write(unknown), 0))
                .hasToString(
                        "{\"reason\": \"tombstone\", \"message\": \"why\", \"origin\": null, \"stream\": null, \"bytes\": null, \"cut\": false}");
    }

    @Test
    void aValueBeginsWithTheIdThatTheRegistryGives() throws Exception {
        try (RegistryStandIn stand = RegistryStandIn.start("me:secret")) {
            stand.add(SchemaBuilder.builder().intType());
            SchemaRegistry registry = SchemaRegistry.at(stand.address());
            AvroRecords records = AvroRecords.of(registry, "out", "states");

            byte[] score = write(records, SCORE);
            byte[] state = write(records, STATE);

            assertThat(Arrays.copyOf(score, 5)).containsExactly(0, 0, 0, 0, 2);
            assertThat(Arrays.copyOf(state, 5)).containsExactly(0, 0, 0, 0, 3);
            assertThat(stand.latest("out-value")).isEqualTo(Schemas.SCORE);
            assertThat(AvroBytes.read(stand.latest("states-value"), state, 5).get("next"))
                    .isEqualTo(7L);
            assertThat(write(AvroRecords.of(registry, "out", "states"), SCORE)).isEqualTo(score);
        }
    }

    @Test
    void aSubjectWithAnotherSchemaIsAConfigurationError() throws Exception {
        Schema other = SchemaBuilder.record("Other").fields().requiredInt("stream").endRecord();
        try (RegistryStandIn stand = RegistryStandIn.start(null)) {
            SchemaRegistry registry = SchemaRegistry.at(stand.address());
            registry.register("out-value", other);

            assertThatThrownBy(() -> AvroRecords.of(registry, "out", "states"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(
                            "the schema registry at %s must take the schema of out-value, got 409 Schema being registered is incompatible"
                                    .formatted(stand.url()));
        }
    }

    @Test
    void aRegistryIsOnTheWebAndItsPasswordIsNotPrinted() {
        assertThatThrownBy(() -> new RegistryAddress("registry:8081", null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "schema-registry.url must be http://... or https://..., got registry:8081");
        assertThat(new RegistryAddress("http://registry:8081/", "me:secret"))
                .hasToString("http://registry:8081");
    }

    private static byte[] write(AvroRecords records, OutputRecord record) {
        return records.write(record).get(0).value();
    }
}
