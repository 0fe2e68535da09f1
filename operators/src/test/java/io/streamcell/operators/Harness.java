package io.streamcell.operators;

import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.RandomNetworks;
import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkSignature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

/** The scoring operator with any number of subtasks, without a cluster. */
public final class Harness implements AutoCloseable {
    /** What a checkpoint holds, of however many subtasks. */
    public record Checkpoint(OperatorSubtaskState state, int parallelism) {}

    /** One subtask; Flink's own harness for two inputs takes no factory. */
    static final class Subtask extends AbstractStreamOperatorTestHarness<OutputRecord> {
        Subtask(ScoringOperatorFactory factory, int parallelism, int number) throws Exception {
            super(factory, MAX_PARALLELISM, parallelism, number);
            KeySelector<StreamEvent, String> byStream = StreamEvent::stream;
            config.setStatePartitioner(0, byStream);
            config.setStateKeySerializer(StringSerializer.INSTANCE);
            config.serializeAllConfigs();
        }

        ScoringOperator scoring() {
            return (ScoringOperator) operator;
        }

        void send(StreamRecord<StreamEvent> record) throws Exception {
            scoring().setKeyContextElement1(record);
            scoring().processElement1(record);
        }
    }

    static final int MAX_PARALLELISM = 720;

    private static final Map<ModelReference, Network> READ = new ConcurrentHashMap<>();

    private final List<Subtask> subtasks = new ArrayList<>();

    public final List<OutputRecord> records = new ArrayList<>();
    public final List<Rejected> rejected = new ArrayList<>();

    /** One subtask for a model that lies in files. */
    public static Harness of(ServedModel model, ScoringOptions options) throws Exception {
        Network network = model.network();
        return new Harness(model, reference -> network, options, 1, null);
    }

    Harness(Network network, ScoringOptions options, int parallelism) throws Exception {
        this(network, options, parallelism, null);
    }

    /**
     * @param restored the state of an earlier harness, of any parallelism; null to start fresh
     */
    Harness(Network network, ScoringOptions options, int parallelism, Checkpoint restored)
            throws Exception {
        this(
                served(network, options.value(ScoringOptions.MODEL_CARRY)),
                reference -> network,
                options,
                parallelism,
                restored);
    }

    /**
     * @param source of the networks of the model, of those beside it, and of those that take over
     */
    Harness(
            ServedModel model,
            NetworkSource source,
            ScoringOptions options,
            int parallelism,
            Checkpoint restored)
            throws Exception {
        this(model, source, options, parallelism, restored, null);
    }

    /**
     * @param replay of an operator that scores events again; else null
     */
    Harness(
            ServedModel model,
            NetworkSource source,
            ScoringOptions options,
            int parallelism,
            Checkpoint restored,
            Replay replay)
            throws Exception {
        for (int k = 0; k < parallelism; k++) {
            var factory = new ScoringOperatorFactory(model, source, options, replay);
            var subtask = new Subtask(factory, parallelism, k);
            subtask.setup(new OutputRecordSerializer());
            if (restored != null) {
                subtask.initializeState(
                        AbstractStreamOperatorTestHarness.repartitionOperatorState(
                                restored.state(),
                                MAX_PARALLELISM,
                                restored.parallelism(),
                                parallelism,
                                k));
            }
            subtask.open();
            subtasks.add(subtask);
        }
    }

    /** Serves the model files that the options name. */
    public static Harness ofFiles(ScoringOptions options, int parallelism, Checkpoint restored)
            throws Exception {
        return ofFiles(ServedModel.of(options), options, parallelism, restored);
    }

    /** The same, of a model that was read before. Each file is read once in a test's life. */
    public static Harness ofFiles(
            ServedModel model, ScoringOptions options, int parallelism, Checkpoint restored)
            throws Exception {
        NetworkSource source =
                reference -> {
                    Network read = READ.get(reference);
                    if (read == null) {
                        read = ServedModel.network(reference, model.carriesConvolutions());
                        READ.put(reference, read);
                    }
                    return read;
                };
        return new Harness(model, source, options, parallelism, restored);
    }

    /** The one subtask of an operator whose records go to {@code output}; the caller closes it. */
    static Subtask subtask(
            Network network,
            ScoringOptions options,
            Output<StreamRecord<OutputRecord>> output,
            StateBackend backend)
            throws Exception {
        ServedModel model = served(network, options.value(ScoringOptions.MODEL_CARRY));
        var subtask = new Subtask(new ScoringOperatorFactory(model, r -> network, options), 1, 0);
        subtask.setStateBackend(backend);
        subtask.setOutputCreator(serializer -> output);
        subtask.setup(new OutputRecordSerializer());
        subtask.open();
        return subtask;
    }

    /** A network of one LSTM layer, {@code rnn}, with random weights. */
    static Network lstm(long seed, int features, int units) {
        RandomNetworks networks = new RandomNetworks(seed);
        return networks.single(networks.lstm(features, units));
    }

    static ServedModel served(Network network, Carry carry) {
        NetworkSignature signature = network.signature(carry);
        return new ServedModel(
                new ModelReference(
                        "memory",
                        "none",
                        signature.fingerprint(),
                        signature.layout().carriedSizes()),
                signature,
                false,
                KernelOptions.EXACT,
                Map.of());
    }

    static ScoringOptions options() {
        return ScoringOptions.forModel("memory");
    }

    public void send(StreamEvent event) throws Exception {
        send(new StreamRecord<>(event));
    }

    public void send(StreamEvent event, long timestamp) throws Exception {
        send(new StreamRecord<>(event, timestamp));
    }

    private void send(StreamRecord<StreamEvent> record) throws Exception {
        int subtask =
                KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        record.getValue().stream(), MAX_PARALLELISM, subtasks.size());
        subtasks.get(subtask).send(record);
        drain();
    }

    public void control(ControlEvent event) throws Exception {
        for (var subtask : subtasks) {
            subtask.scoring().processElement2(new StreamRecord<>(event));
        }
        drain();
    }

    public void watermark(long time) throws Exception {
        for (var subtask : subtasks) {
            subtask.scoring().processWatermark1(new Watermark(time));
            subtask.scoring().processWatermark2(new Watermark(time));
        }
        drain();
    }

    public void advanceClock(long millis) throws Exception {
        for (var subtask : subtasks) {
            subtask.setProcessingTime(millis);
        }
        drain();
    }

    /** A checkpoint as Flink takes it: what waits is emitted first. */
    public Checkpoint checkpoint(long id) throws Exception {
        List<OperatorSubtaskState> parts = new ArrayList<>();
        for (var subtask : subtasks) {
            subtask.scoring().prepareSnapshotPreBarrier(id);
            drain();
            recordsBeforeBarriers.add(records.size());
            parts.add(subtask.snapshot(id, id));
        }
        drain();
        OperatorSubtaskState state =
                AbstractStreamOperatorTestHarness.repackageState(
                        parts.toArray(OperatorSubtaskState[]::new));
        return new Checkpoint(state, subtasks.size());
    }

    /** Closes the operators as Flink does those of a task that failed: they do not finish. */
    void cancel() throws Exception {
        for (var subtask : subtasks) {
            subtask.scoring().close();
            subtask.getEnvironment().close();
        }
        drain();
    }

    public void end() throws Exception {
        for (var subtask : subtasks) {
            subtask.scoring().endInput(1);
        }
        drain();
    }

    private void drain() {
        for (var subtask : subtasks) {
            Queue<Object> output = subtask.getOutput();
            while (!output.isEmpty()) {
                Object element = output.poll();
                if (element instanceof StreamRecord<?> record) {
                    records.add((OutputRecord) record.getValue());
                    timestamps.add(record.hasTimestamp() ? record.getTimestamp() : null);
                } else if (element instanceof Watermark) {
                    recordsBeforeWatermarks.add(records.size());
                }
            }
            var side = subtask.getSideOutput(ScoringOperator.REJECTED);
            if (side != null) {
                while (!side.isEmpty()) {
                    rejected.add(side.poll().getValue());
                }
            }
        }
    }

    /** The timestamps of {@link #records}; null where one has none. */
    final List<Long> timestamps = new ArrayList<>();

    /** For each watermark that left, how many records had left before it. */
    final List<Integer> recordsBeforeWatermarks = new ArrayList<>();

    /** For each barrier that could pass a subtask, how many records had left before it. */
    final List<Integer> recordsBeforeBarriers = new ArrayList<>();

    /** Forgets what came out so far. */
    public void clear() {
        records.clear();
        rejected.clear();
        timestamps.clear();
        recordsBeforeWatermarks.clear();
        recordsBeforeBarriers.clear();
    }

    public List<Score> scores() {
        return records.stream().filter(Score.class::isInstance).map(Score.class::cast).toList();
    }

    /** Per stream, the bits of every output row, one after another. */
    Map<String, List<Integer>> bits() {
        Map<String, List<Integer>> bits = new HashMap<>();
        for (Score score : scores()) {
            List<Integer> of = bits.computeIfAbsent(score.stream(), stream -> new ArrayList<>());
            int rows = score.outputs().get(0).rows();
            for (int row = 0; row < rows; row++) {
                for (OutputValues output : score.outputs()) {
                    int width = output.values().length / output.rows();
                    for (int k = 0; k < width; k++) {
                        of.add(Float.floatToIntBits(output.values()[row * width + k]));
                    }
                }
            }
        }
        return bits;
    }

    @Override
    public void close() throws Exception {
        for (var subtask : subtasks) {
            subtask.close();
        }
    }
}
