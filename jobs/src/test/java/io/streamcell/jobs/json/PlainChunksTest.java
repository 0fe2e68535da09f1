package io.streamcell.jobs.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.formats.EventDraft;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainChunksTest {
    private static final int CASES = 200_000;
    private static final String[] RECORDS = {
        "{'stream':'m-17','values':[[73.9,0.1],[74.9,-2e-5]]}",
        "{'values':[73.9,74.9] , 'start' : 1200,'time':1385990100000}",
        "{ 'time': [5,6,7],\n'values':[[1],[2.50],[0.30000001192092896]],'stream':'s'}"
    };

    private final PlainChunks chunks = new PlainChunks();
    private final JsonObjects objects =
            new JsonObjects(new UnknownFields(new SimpleCounter()), FlatRow.NONE);

    @Test
    void plainRecordsAreRead() {
        for (String record : RECORDS) {
            assertThat(same(bytes(record))).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'values':[1],'unit':'K'}",
                "{'values':[1],'values':[1]}",
                "{'values':[1],'stream':'a\\u0041'}",
                "{'values':[1],'stream':'größe'}",
                "{'values':[1],'start':-0}",
                "{'values':[1],'start':01}",
                "{'values':[1],'start':1e3}",
                "{'values':[1],'time':[]}",
                "{'values':[1],'time':null}",
                "{'values':[[1],[1,2]]}",
                "{'values':[[1],[]]}",
                "{'values':[[[1]]]}",
                "{'values':[NaN]}",
                "{'values':[1,]}",
                "{'values':[1]},",
                "{'values':[1]",
                "{}",
                ""
            })
    void whatIsNotPlainIsLeftToTheParser(String record) {
        assertThat(chunks.read(bytes(record))).isNull();
    }

    /**
     * Records with bytes changed, taken out, put in: most are damaged, and some are plain still.
     */
    @Test
    void whatIsReadIsReadAsTheParserReadsIt() {
        Random random = new Random(1);
        String alphabet = "{}[]',:.eE+-0123456789 nulvstarimodh\\\t\n";
        int read = 0;
        for (int k = 0; k < CASES; k++) {
            StringBuilder text = new StringBuilder(RECORDS[random.nextInt(RECORDS.length)]);
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                int at = random.nextInt(text.length());
                String put = String.valueOf(alphabet.charAt(random.nextInt(alphabet.length())));
                text.replace(at, at + random.nextInt(2), random.nextInt(3) == 0 ? "" : put);
            }
            read += same(bytes(text.toString())) ? 1 : 0;
        }
        assertThat(read).isBetween(CASES / 20, CASES / 2);
    }

    /** Whether the record is plain; if so, the parser has read the same. */
    private boolean same(byte[] record) {
        EventDraft plain = chunks.read(record);
        if (plain == null) {
            return false;
        }
        EventDraft parsed = objects.read(record);
        String what = new String(record, StandardCharsets.UTF_8);
        assertThat(plain.stream).as(what).isEqualTo(parsed.stream);
        assertThat(plain.start).as(what).isEqualTo(parsed.start);
        assertThat(plain.times).as(what).isEqualTo(parsed.times);
        assertThat(plain.values == null).as(what).isEqualTo(parsed.values == null);
        if (plain.values != null) {
            assertThat(plain.values.values()).as(what).isEqualTo(parsed.values.values());
            assertThat(plain.values.rows()).as(what).isEqualTo(parsed.values.rows());
            assertThat(plain.values.columns()).as(what).isEqualTo(parsed.values.columns());
        }
        return true;
    }

    private static byte[] bytes(String record) {
        return record.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
