package io.streamcell.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.models.Carry;
import io.streamcell.models.Dense;
import io.streamcell.models.Embedding;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.NetworkSignature;
import io.streamcell.models.Weights;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventCheckTest {
    private final EventCheck lstm = check(Harness.lstm(1, 2, 3), Carry.ALWAYS);
    private final EventCheck stateless = check(Harness.lstm(1, 2, 3), Carry.NEVER);
    private final EventCheck tokens = check(tokens(), Carry.ALWAYS);
    private final EventCheck two = check(twoInputs(), Carry.ALWAYS);

    @Test
    void labelOfAModelNamesThePrecision() {
        NetworkSignature signature = Harness.lstm(1, 2, 3).signature(Carry.ALWAYS);
        String fingerprint = signature.fingerprintText();
        assertThat(ServedModel.label(signature, "exact")).isEqualTo(fingerprint + ".exact1");
        assertThat(ServedModel.label(signature, "tf32")).isEqualTo(fingerprint + ".tf32-1");
    }

    @Test
    void aGoodChunkPasses() {
        StreamEvent event = StreamEvent.chunk("s7", new float[][] {{1, 2}, {3, 4}});

        assertThat(lstm.check(event).inputs().get(0).values()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void aPlainListIsOneTokenOrFeaturePerTimestep() {
        InputValues checked =
                tokens.check(chunk(InputValues.flat(null, of(4, 0, 2)))).inputs().get(0);

        assertThat(checked.rows()).isEqualTo(3);
        assertThat(checked.columns()).isEqualTo(1);
    }

    @Test
    void inputsComeInTheNetworksOrderAndStaticOnesAsOneRow() {
        List<InputValues> checked =
                two.check(
                                chunk(
                                        InputValues.flat("site", of(1, 2, 3)),
                                        new InputValues("engine", of(1, 2, 3, 4), 2, 2)))
                        .inputs();

        assertThat(checked).extracting(InputValues::name).containsExactly("engine", "site");
        assertThat(checked.get(1).rows()).isEqualTo(1);
        assertThat(checked.get(1).columns()).isEqualTo(3);
    }

    @Test
    void aStateRecordOfTheSameModelComesBackAsItIs() {
        String label = ServedModel.label(Harness.lstm(1, 2, 3).signature(Carry.ALWAYS), "exact");
        StreamEvent sentBack = StreamEvent.reset("s7", List.of(), 5).withModel(label);

        assertThat(lstm.check(sentBack).model()).isEqualTo(StreamEvent.DEFAULT_MODEL);
    }

    @Test
    void aChunkWithoutATimestepIsRejected() {
        rejects(
                lstm,
                chunk(InputValues.flat(null, of())),
                Reason.NO_TIMESTEPS,
                "a chunk must have a timestep, got none at stream s7");
    }

    @Test
    void aWrongNumberOfFeaturesIsRejected() {
        rejects(
                lstm,
                StreamEvent.chunk("s7", new float[][] {{1, 2, 3}}),
                Reason.FEATURE_COUNT,
                "features must be 2 as in the model's input x, got 3 at stream s7");
        rejects(
                lstm,
                chunk(InputValues.flat(null, of(1, 2))),
                Reason.FEATURE_COUNT,
                "features must be 2 as in the model's input x, got 1 at stream s7");
        rejects(
                two,
                chunk(
                        InputValues.flat("site", of(1, 2)),
                        new InputValues("engine", of(1, 2), 1, 2)),
                Reason.FEATURE_COUNT,
                "features must be 3 as in the model's input site, got 2 at stream s7");
    }

    @Test
    void aValueThatIsNotFiniteIsRejected() {
        rejects(
                lstm,
                StreamEvent.chunk("s7", new float[][] {{1, 2}, {3, Float.NaN}}),
                Reason.NOT_FINITE,
                "values must be finite in float32, got NaN in row 1 of input x at stream s7");
        rejects(
                lstm,
                StreamEvent.chunk("s7", new float[][] {{Float.NEGATIVE_INFINITY, 0}}),
                Reason.NOT_FINITE,
                "values must be finite in float32, got -Infinity in row 0 of input x at stream s7");
    }

    @Test
    void aTokenOutsideTheVocabularyIsRejected() {
        for (float token : of(5, -1, 1.5f)) {
            rejects(
                    tokens,
                    chunk(InputValues.flat(null, of(0, token))),
                    Reason.TOKEN,
                    "tokens must be whole numbers from 0 to 4 as in the model's vocabulary, got %s at stream s7"
                            .formatted(token));
        }
    }

    @Test
    void missingUnknownAndRepeatedInputsAreRejected() {
        InputValues engine = new InputValues("engine", of(1, 2), 1, 2);
        InputValues site = InputValues.flat("site", of(1, 2, 3));
        String message =
                "inputs must be [engine, site] as in the model, each once, got %s at stream s7";

        rejects(two, chunk(engine), Reason.INPUTS, message.formatted("[engine]"));
        rejects(two, chunk(engine, engine), Reason.INPUTS, message.formatted("[engine, engine]"));
        rejects(
                two,
                chunk(engine, site, InputValues.flat("more", of(1))),
                Reason.INPUTS,
                message.formatted("[engine, site, more]"));
        rejects(
                two,
                StreamEvent.chunk("s7", new float[][] {{1, 2}}),
                Reason.INPUTS,
                message.formatted("[values]"));
        rejects(
                two,
                chunk(engine, new InputValues("site", of(1, 2, 3, 4, 5, 6), 2, 3)),
                Reason.INPUTS,
                "input site has no time axis and must be one row, got 2 at stream s7");
    }

    @Test
    void timesMustBeOneOrOnePerTimestep() {
        rejects(
                lstm,
                StreamEvent.chunk("s7", new float[][] {{1, 2}, {3, 4}, {5, 6}}).withTimes(1, 2),
                Reason.TIME,
                "time must be one for the chunk or one for each of 3 timesteps, got 2 at stream s7");
    }

    @Test
    void anUnknownModelIsRejected() {
        StreamEvent plain = StreamEvent.reset("s7");
        rejects(
                lstm,
                new StreamEvent(
                        plain.kind(),
                        plain.stream(),
                        "v2",
                        plain.start(),
                        plain.times(),
                        plain.inputs(),
                        plain.state(),
                        plain.next(),
                        plain.headers()),
                Reason.MODEL,
                "model must be default, the only one of this job, got v2 at stream s7");
    }

    @Test
    void aStateMustNameTheNetworksLayersInTheirShapes() {
        rejects(
                lstm,
                given(new LayerState("rnn", List.of(of(1, 2, 3)))),
                Reason.STATE_SHAPE,
                "the state of layer rnn must have tensors of [3, 3], got [3] at stream s7");
        rejects(
                lstm,
                given(new LayerState("gru", List.of(of(1, 2, 3)))),
                Reason.STATE_LAYER,
                "a state's layers must be of [rnn], which carry state here, got gru at stream s7");
        LayerState good = new LayerState("rnn", List.of(of(1, 2, 3), of(4, 5, 6)));
        rejects(
                lstm,
                StreamEvent.reset("s7", List.of(good, good), 0),
                Reason.STATE_LAYER,
                "a state must name layer rnn once, got it twice at stream s7");
        assertThat(lstm.check(given(good))).isEqualTo(given(good));
    }

    @Test
    void withoutCarryAResetToAStateAndAnExportAreRejected() {
        assertThat(stateless.check(StreamEvent.reset("s7")))
                .isEqualTo(StreamEvent.reset("s7").withModel(StreamEvent.DEFAULT_MODEL));
        rejects(
                stateless,
                given(new LayerState("rnn", List.of(new float[3], new float[3]))),
                Reason.NO_STATE,
                "a reset to a state needs a state that is carried, but model.carry is never, at stream s7");
        rejects(
                stateless,
                StreamEvent.export("s7"),
                Reason.NO_STATE,
                "an export needs a state that is carried, but model.carry is never, at stream s7");
    }

    private static StreamEvent given(LayerState state) {
        return StreamEvent.reset("s7", List.of(state), 0);
    }

    private static void rejects(
            EventCheck check, StreamEvent event, Reason reason, String message) {
        assertThatThrownBy(() -> check.check(event))
                .isInstanceOfSatisfying(
                        RejectedEventException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessage(message);
    }

    private static StreamEvent chunk(InputValues... inputs) {
        return StreamEvent.chunk("s7", List.of(inputs));
    }

    private static EventCheck check(Network network, Carry carry) {
        return new EventCheck(network.signature(carry), carry, "exact");
    }

    private static Network tokens() {
        NetworkBuilder builder = new NetworkBuilder("tokens");
        int input = builder.timedInput("x", List.of());
        var table = new Embedding("embedding", Weights.matrix(5, 2, new float[10]));
        return builder.build(List.of("embedding"), builder.add(table, List.of(input)), false);
    }

    private static Network twoInputs() {
        NetworkBuilder builder = new NetworkBuilder("two");
        int engine = builder.timedInput("engine", List.of(2));
        int site = builder.staticInput("site", List.of(3));
        var dense =
                new Dense(
                        "dense",
                        Weights.matrix(3, 2, new float[6]),
                        Weights.vector(new float[2]),
                        io.streamcell.models.Activation.LINEAR);
        int projected = builder.add(dense, List.of(site)).get(0);
        var add = new io.streamcell.models.Merge("add", io.streamcell.models.Merge.Operation.ADD);
        return builder.build(List.of("add"), builder.add(add, List.of(engine, projected)), false);
    }

    private static float[] of(float... values) {
        return values;
    }
}
