package io.streamcell.operators;

import java.io.IOException;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.Public;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.transformations.TwoInputTransformation;
import org.apache.flink.util.Collector;

/**
 * The entry for a DataStream job of a user's own:
 *
 * <pre>{@code
 * Scored scored = Streamcell.score(events, ScoringOptions.forModel("s3://models/m.keras"));
 * scored.scores().sinkTo(...);
 * }</pre>
 *
 * <p>Scores carry their event's timestamp. Each stream's records come in the order in which its
 * events arrive.
 */
@Public
public final class Streamcell {
    /** The uid of the operator that holds all state; it never changes. */
    public static final String OPERATOR_UID = "streamcell-scoring";

    private Streamcell() {}

    /**
     * Scores events. What cannot be scored is rejected and leaves its stream's state as it was.
     *
     * @throws IOException if the model cannot be read
     */
    public static Scored score(DataStream<StreamEvent> events, ScoringOptions options)
            throws IOException {
        ServedModel model = ServedModel.of(options);
        EventCheck check = EventCheck.of(model, options.value(ScoringOptions.MODEL_CARRY));
        DataStream<Incoming> checked =
                events.map(event -> incoming(event, check))
                        .returns(ValueTypes.INCOMING)
                        .name("check")
                        .setParallelism(events.getParallelism());
        return scoreChecked(checked, model, options);
    }

    private static Incoming incoming(StreamEvent event, EventCheck check) {
        try {
            return Incoming.of(check.check(event));
        } catch (RejectedEventException e) {
            return Incoming.of(Rejected.of(e, null, event.stream(), null));
        }
    }

    /**
     * Scores events that a source has checked by {@link EventCheck}.
     *
     * @param model the one that they were checked against
     */
    @Internal
    public static Scored scoreChecked(
            DataStream<Incoming> incoming, ServedModel model, ScoringOptions options) {
        return connected(incoming, noControl(incoming), model, options, null);
    }

    /**
     * Scores events again.
     *
     * @param incoming each stream's events, and before them what was recorded of it
     */
    @Internal
    public static Scored replay(
            DataStream<Incoming> incoming,
            Replay replay,
            ServedModel model,
            ScoringOptions options) {
        // Under ids of their own: in a savepoint the job's have ended.
        DataStream<Long> nothing = nothing(incoming).uid("streamcell-replay-nothing");
        DataStream<ControlEvent> none = noControl(nothing, "streamcell-replay-no-control");
        return connected(incoming, none, model, options, replay);
    }

    /**
     * The same with what concerns every stream.
     *
     * @param control of one subtask, so that every task sees the same order
     */
    @Internal
    public static Scored scoreChecked(
            DataStream<Incoming> incoming,
            DataStream<ControlEvent> control,
            ServedModel model,
            ScoringOptions options) {
        SingleOutputStreamOperator<ControlEvent> checked =
                control.process(new CheckControl(new ControlCheck(model, options)))
                        .returns(ValueTypes.CONTROL_EVENT)
                        .name("check control")
                        .setParallelism(1)
                        .uid("streamcell-check-control");
        // The input that ends at once stays, so that a job can be given control events later.
        return connected(incoming, noControl(incoming).union(checked), model, options, null)
                .withRejected(checked.getSideOutput(ScoringOperator.REJECTED));
    }

    private static Scored connected(
            DataStream<Incoming> incoming,
            DataStream<ControlEvent> control,
            ServedModel model,
            ScoringOptions options,
            Replay replay) {
        // As many subtasks as the source has: a redistribution would mix a stream's events up.
        SingleOutputStreamOperator<StreamEvent> events =
                incoming.process(new PutAside())
                        .returns(ValueTypes.STREAM_EVENT)
                        .name("put aside what is rejected")
                        .setParallelism(incoming.getParallelism())
                        .uid("streamcell-put-aside");
        KeySelector<StreamEvent, String> byStream = StreamEvent::stream;
        TwoInputTransformation<StreamEvent, ControlEvent, OutputRecord> transformation =
                new TwoInputTransformation<>(
                        events.keyBy(byStream).getTransformation(),
                        control.broadcast().getTransformation(),
                        "score",
                        new ScoringOperatorFactory(model, source(model), options, replay),
                        ValueTypes.OUTPUT_RECORD,
                        incoming.getExecutionEnvironment().getParallelism(),
                        false);
        transformation.setStateKeySelectors(byStream, null);
        transformation.setStateKeyType(Types.STRING);
        transformation.setUid(OPERATOR_UID);
        ScoredStream records = new ScoredStream(incoming.getExecutionEnvironment(), transformation);
        DataStream<Rejected> rejected =
                events.getSideOutput(ScoringOperator.REJECTED)
                        .union(records.getSideOutput(ScoringOperator.REJECTED));
        return new Scored(records, rejected);
    }

    /** Reads models from where they are. */
    private static NetworkSource source(ServedModel model) {
        boolean carriesConvolutions = model.carriesConvolutions();
        return reference -> ServedModel.network(reference, carriesConvolutions);
    }

    /** Without a control topic, an input that ends at once. */
    private static DataStream<ControlEvent> noControl(DataStream<?> beside) {
        return noControl(nothing(beside), "streamcell-no-control");
    }

    private static DataStream<ControlEvent> noControl(DataStream<Long> nothing, String uid) {
        return nothing.<ControlEvent>flatMap((number, out) -> {})
                .setParallelism(1)
                .returns(ValueTypes.CONTROL_EVENT)
                .name("no control")
                .uid(uid);
    }

    private static SingleOutputStreamOperator<Long> nothing(DataStream<?> beside) {
        return beside.getExecutionEnvironment().fromSequence(0, 0).setParallelism(1);
    }

    /** Sends control events that cannot be followed to the side output. */
    private static final class CheckControl extends ProcessFunction<ControlEvent, ControlEvent> {
        private static final long serialVersionUID = 1;

        private final ControlCheck check;
        private transient RejectedCounters rejected;

        CheckControl(ControlCheck check) {
            this.check = check;
        }

        @Override
        public void open(OpenContext context) {
            rejected = RejectedCounters.of(getRuntimeContext());
        }

        @Override
        public void processElement(
                ControlEvent event, Context context, Collector<ControlEvent> out) {
            try {
                out.collect(check.check(event));
            } catch (RejectedEventException e) {
                rejected.count(e.reason());
                context.output(ScoringOperator.REJECTED, Rejected.of(e, null, null, null));
            }
        }
    }

    /** Sends what was rejected to the side output. */
    private static final class PutAside extends ProcessFunction<Incoming, StreamEvent> {
        private static final long serialVersionUID = 1;

        private transient RejectedCounters rejected;

        @Override
        public void open(OpenContext context) {
            rejected = RejectedCounters.of(getRuntimeContext());
        }

        @Override
        public void processElement(Incoming incoming, Context context, Collector<StreamEvent> out) {
            if (incoming.event() != null) {
                out.collect(incoming.event());
            } else {
                rejected.count(incoming.rejected().reason());
                context.output(ScoringOperator.REJECTED, incoming.rejected());
            }
        }
    }
}
