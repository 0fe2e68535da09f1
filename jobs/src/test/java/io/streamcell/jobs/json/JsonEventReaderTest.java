package io.streamcell.jobs.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.formats.Signatures;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Header;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.InputValues;
import io.streamcell.operators.Origin;
import io.streamcell.operators.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.Test;

class JsonEventReaderTest {
    private static final Origin ORIGIN = new Origin("in", 0, 42);

    private final SimpleCounter unknown = new SimpleCounter();

    @Test
    void aChunkHasRowsOfFeatures() {
        InputValues values =
                event(Signatures.lstm(2), "{'stream':'m-17','values':[[73.9,0.1],[74.9,0.2]]}")
                        .inputs()
                        .get(0);

        assertThat(values.rows()).isEqualTo(2);
        assertThat(values.values()).containsExactly(73.9f, 0.1f, 74.9f, 0.2f);
    }

    @Test
    void aPlainListHasOneFeaturePerTimestep() {
        StreamEvent event = event(Signatures.lstm(1), "{'stream':'m-17','values':[73.9,74.9]}");

        assertThat(event.inputs().get(0).rows()).isEqualTo(2);
        assertThat(event.start()).isEqualTo(StreamEvent.UNNUMBERED);
        assertThat(event.timed()).isFalse();
    }

    @Test
    void deeperListsAreFlattenedIntoTheirRow() {
        InputValues values =
                event(Signatures.lstm(4), "{'stream':'s','values':[[[1,2],[3,4]],[[5,6],[7,8]]]}")
                        .inputs()
                        .get(0);

        assertThat(values.rows()).isEqualTo(2);
        assertThat(values.values()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void numbersAndTimesAreRead() {
        StreamEvent one =
                event(
                        Signatures.lstm(1),
                        "{'stream':'m-17','start':1200,'time':1385990100000,'values':[1,2]}");
        StreamEvent each =
                event(Signatures.lstm(1), "{'stream':'m-17','time':[-7,8.0,9e0],'values':[1,2,3]}");

        assertThat(one.start()).isEqualTo(1200);
        assertThat(one.times()).containsExactly(1385990100000L);
        assertThat(each.times()).containsExactly(-7, 8, 9);
    }

    @Test
    void inputsAreReadByName() {
        StreamEvent event =
                event(
                        Signatures.twoInputs(),
                        "{'stream':'s','inputs':{'site':[1,2,3],'engine':[[4,5],[6,7]]}}");

        assertThat(event.inputs()).extracting(InputValues::name).containsExactly("engine", "site");
        assertThat(event.inputs().get(1).rows()).isEqualTo(1);
    }

    @Test
    void aResetBringsAStateWhoseNumbersNeedNotBeFinite() {
        StreamEvent event =
                event(
                        Signatures.lstm(1),
                        "{'stream':'s','event':'reset','state':{'lstm':[[-0.0,'NaN'],['Infinity','-Infinity']]},'next':1547}");

        assertThat(event.kind()).isEqualTo(StreamEvent.Kind.RESET);
        assertThat(event.next()).isEqualTo(1547);
        assertThat(event.state().get(0).tensors().get(0)).containsExactly(-0f, Float.NaN);
        assertThat(event.state().get(0).tensors().get(1))
                .containsExactly(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
    }

    @Test
    void aStateRecordComesBackWithTheLabelOfItsModel() {
        StreamEvent event =
                event(
                        Signatures.lstm(1),
                        "{'stream':'other','event':'reset','next':3,'model':'3f9c2a5e7b1d0c44.exact1','state':{'lstm':[[1,2],[3,4]]}}");

        assertThat(event.model()).isEqualTo(StreamEvent.DEFAULT_MODEL);
        assertThat(event.state()).hasSize(1);
    }

    @Test
    void anExportAndAPlainResetNameOnlyTheirStream() {
        assertThat(event(Signatures.lstm(1), "{'stream':'s','event':'export'}").kind())
                .isEqualTo(StreamEvent.Kind.EXPORT);
        assertThat(
                        event(
                                        Signatures.lstm(1),
                                        "{'stream':'s','event':'reset','at':1200,'start':3}")
                                .start())
                .isEqualTo(1200);
        assertThat(event(Signatures.lstm(1), "{'stream':'s','event':'reset'}").state()).isEmpty();
    }

    @Test
    void theKeyNamesTheStreamAndHeadersArePassedOn() {
        Header header = new Header("trace", new byte[] {1});
        byte[] value = "{\"values\":[1]}".getBytes(StandardCharsets.UTF_8);
        byte[] key = "größe".getBytes(StandardCharsets.UTF_8);

        StreamEvent event =
                reader(Signatures.lstm(1)).read(key, value, List.of(header), ORIGIN).event();

        assertThat(event.stream()).isEqualTo("größe");
        assertThat(event.headers()).containsExactly(header);
    }

    @Test
    void fieldsWithoutAValueCountAsAbsent() {
        StreamEvent event =
                event(
                        Signatures.lstm(1),
                        "{'stream':'s','start':null,'time':null,'event':null,'model':null,'inputs':null,'values':[1]}");

        assertThat(event.kind()).isEqualTo(StreamEvent.Kind.CHUNK);
        assertThat(event.start()).isEqualTo(StreamEvent.UNNUMBERED);
    }

    @Test
    void unknownFieldsAreIgnoredAndCounted() {
        event(Signatures.lstm(1), "{'stream':'s','unit':'K','values':[1],'tags':{'a':[1,{}]}}");

        assertThat(unknown.getCount()).isEqualTo(2);
    }

    @Test
    void aVeryLongChunkIsRead() {
        StringBuilder text = new StringBuilder("{'stream':'s','values':[0");
        for (int k = 1; k < 1_000_000; k++) {
            text.append(',').append(k);
        }

        StreamEvent event = event(Signatures.lstm(1), text.append("]}").toString());

        assertThat(event.inputs().get(0).rows()).isEqualTo(1_000_000);
        assertThat(event.inputs().get(0).values()[999_999]).isEqualTo(999_999f);
    }

    private StreamEvent event(EventCheck check, String json) {
        byte[] value = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        Incoming incoming = reader(check).read(null, value, List.of(), ORIGIN);
        assertThat(incoming.rejected()).isNull();
        return incoming.event();
    }

    private JsonEventReader reader(EventCheck check) {
        return new JsonEventReader(check, new UnknownFields(unknown), FlatRow.NONE);
    }
}
