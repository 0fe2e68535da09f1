package io.streamcell.jobs.avro;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.formats.EventTable;
import io.streamcell.jobs.formats.Signatures;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Score;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The same as with the stand-in, with a registry that is running: {@code mvn test
 * -Dtest=RealRegistryTest -Dstreamcell.registry=http://localhost:8081}. Of Apicurio's the address
 * ends with {@code /apis/ccompat/v7}.
 */
@EnabledIfSystemProperty(named = "streamcell.registry", matches = "http.*")
class RealRegistryTest {
    private final SchemaRegistry registry =
            SchemaRegistry.at(new RegistryAddress(System.getProperty("streamcell.registry"), null));
    private final String topic = "streamcell-" + UUID.randomUUID();

    @Test
    void aScoreIsReadByTheSchemaThatItsIdNames() {
        OutputValues output = new OutputValues(null, new float[] {1.5f}, 1, true, List.of(1));
        Score score = new Score("s", 3, new long[] {7}, List.of(output), "m", 0, List.of());

        byte[] value = AvroRecords.of(registry, topic, topic).write(score).get(0).value();
        byte[] again = AvroRecords.of(registry, topic, topic).write(score).get(0).value();

        assertThat(again).isEqualTo(value);
        Schema theirs = registry.schema(ByteBuffer.wrap(value).getInt(1));
        assertThat(theirs).isEqualTo(Schemas.SCORE_OR_STATE);
        GenericRecord read = AvroBytes.read(theirs, value, Frame.LENGTH);
        assertThat(read.get("start")).isEqualTo(3L);
    }

    @Test
    void anEventOfAnotherSchemaIsRead() {
        Schema theirs =
                SchemaBuilder.record("Reading")
                        .namespace("org.example")
                        .fields()
                        .requiredLong("time")
                        .requiredString("stream")
                        .name("values")
                        .type(Schemas.EVENT.getField("values").schema().getTypes().get(1))
                        .noDefault()
                        .endRecord();
        int id = registry.register(topic + "-value", theirs);
        Map<String, Object> fields =
                Map.of("stream", "s", "time", 7L, "values", List.of(List.of(1f, 2f)));

        Incoming incoming = read(AvroBytes.framed(id, AvroBytes.write(theirs, fields)));

        assertThat(EventTable.event(incoming).stream()).isEqualTo("s");
        assertThat(incoming.event().times()).containsExactly(7);
    }

    @Test
    void anIdThatIsNotThereIsRejected() {
        assertThat(read(AvroBytes.framed(Integer.MAX_VALUE, new byte[9])).rejected().message())
                .startsWith(
                        "schema id 2147483647 must be that of an Avro schema, got: the registry says 404");
    }

    private Incoming read(byte[] value) {
        return new AvroEventReader(Signatures.lstm(2), registry)
                .read(null, value, List.of(), EventTable.ORIGIN);
    }
}
