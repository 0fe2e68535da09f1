package io.streamcell.operators;

import io.streamcell.models.Carry;
import io.streamcell.models.NetworkInput;
import io.streamcell.models.NetworkSignature;
import io.streamcell.models.StateLayout;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks an event against the network before it is keyed, and puts a chunk's inputs into the
 * network's order and shapes. What passes can be scored; the operator never looks at it again.
 */
public final class EventCheck implements Serializable {
    /** In the place of a number of features. */
    public static final int SEVERAL = -1;

    private static final long serialVersionUID = 1;

    private final NetworkSignature signature;
    private final Carry carry;
    private final String label;

    /** Of the job's other models, by name. */
    private final TreeMap<String, EventCheck> beside;

    /** Checks events for a job's models. */
    public static EventCheck of(ServedModel model, Carry carry) {
        Map<String, EventCheck> beside = new TreeMap<>();
        model.beside().forEach((name, other) -> beside.put(name, of(other, carry)));
        return new EventCheck(model.signature(), carry, model.precision(), beside);
    }

    /**
     * Checks events for a network.
     *
     * @param precision that it is computed in, which a state record names, too
     */
    public EventCheck(NetworkSignature signature, Carry carry, String precision) {
        this(signature, carry, precision, Map.of());
    }

    private EventCheck(
            NetworkSignature signature,
            Carry carry,
            String precision,
            Map<String, EventCheck> beside) {
        this.signature = signature;
        this.carry = carry;
        this.label = ServedModel.label(signature, precision);
        this.beside = new TreeMap<>(beside);
    }

    /** Floats in a row of the network's input, or {@link #SEVERAL} where it has several inputs. */
    public int features() {
        return signature.inputs().size() == 1 ? signature.inputs().get(0).shape().width() : SEVERAL;
    }

    /**
     * The event, its inputs named, ordered and shaped as the network's.
     *
     * @throws RejectedEventException if it cannot be scored
     */
    public StreamEvent check(StreamEvent event) {
        String model = event.model();
        if (model.equals(StreamEvent.DEFAULT_MODEL)) {
            return checkOwn(event);
        }
        if (model.equals(StreamEvent.EVERY_MODEL) && event.state().isEmpty()) {
            return checkAll(event);
        }
        if (isStateOf(this, event)) {
            return checkOwn(event.withModel(StreamEvent.DEFAULT_MODEL));
        }
        for (Map.Entry<String, EventCheck> other : beside.entrySet()) {
            if (model.equals(other.getKey()) || isStateOf(other.getValue(), event)) {
                return other.getValue().checkOwn(event.withModel(other.getKey()));
            }
        }
        throw unknownModel(event);
    }

    /** An event for every model is the same for all of them. */
    private StreamEvent checkAll(StreamEvent event) {
        StreamEvent checked = checkOwn(event);
        if (beside.isEmpty()) {
            return checked.withModel(StreamEvent.DEFAULT_MODEL);
        }
        for (Map.Entry<String, EventCheck> other : beside.entrySet()) {
            if (event.kind() == StreamEvent.Kind.CHUNK
                    && !other.getValue().signature.takesInputsOf(signature)) {
                throw new RejectedEventException(
                        Reason.MODEL,
                        "a chunk for every model must fit them all, got other inputs of %s than of %s at stream %s"
                                .formatted(
                                        other.getKey(), StreamEvent.DEFAULT_MODEL, event.stream()));
            }
            other.getValue().checkOwn(event);
        }
        return checked;
    }

    private RejectedEventException unknownModel(StreamEvent event) {
        String known =
                beside.isEmpty()
                        ? StreamEvent.DEFAULT_MODEL + ", the only one of this job"
                        : StreamEvent.DEFAULT_MODEL + " or of " + beside.keySet();
        return new RejectedEventException(
                Reason.MODEL,
                "model must be %s, got %s at stream %s"
                        .formatted(known, event.model(), event.stream()));
    }

    private StreamEvent checkOwn(StreamEvent event) {
        return switch (event.kind()) {
            case CHUNK -> chunk(event);
            case RESET -> {
                if (!event.state().isEmpty()) {
                    checkCarried(event, "a reset to a state");
                }
                checkState(event, signature);
                yield event;
            }
            case EXPORT -> {
                checkCarried(event, "an export");
                yield event;
            }
            case RECORDED ->
                    throw new RejectedEventException(
                            Reason.EVENT,
                            "an event must be a chunk, a reset or an export, got a recorded score at stream "
                                    + event.stream());
        };
    }

    /** Whether this is a state record that comes back as it left: with the label of its model. */
    private static boolean isStateOf(EventCheck check, StreamEvent event) {
        return event.kind() == StreamEvent.Kind.RESET && event.model().equals(check.label);
    }

    private StreamEvent chunk(StreamEvent event) {
        List<InputValues> inputs = inOrder(event);
        int[] timesteps = new int[signature.axes()];
        InputValues[] shaped = new InputValues[inputs.size()];
        for (int k = 0; k < inputs.size(); k++) {
            NetworkInput input = signature.inputs().get(k);
            InputValues values = shape(event.stream(), input, inputs.get(k));
            checkValues(event.stream(), input, values);
            if (input.shape().timed()) {
                countTimesteps(event.stream(), input, values.rows(), timesteps);
            }
            shaped[k] = values;
        }
        checkLengths(event.stream(), timesteps);
        int counted = shaped[signature.countedInput()].rows();
        if (event.times().length > 1 && event.times().length != counted) {
            throw new RejectedEventException(
                    Reason.TIME,
                    "time must be one for the chunk or one for each of %d timesteps, got %d at stream %s"
                            .formatted(counted, event.times().length, event.stream()));
        }
        boolean asItIs = inputs.size() == 1 && inputs.get(0).columns() != InputValues.FLAT;
        return asItIs ? event : event.withInputs(List.of(shaped));
    }

    private List<InputValues> inOrder(StreamEvent event) {
        List<NetworkInput> wanted = signature.inputs();
        List<InputValues> given = event.inputs();
        boolean unnamed = given.size() == 1 && given.get(0).name() == null;
        if (unnamed && wanted.size() == 1) {
            return given;
        }
        List<InputValues> ordered = new ArrayList<>(wanted.size());
        for (NetworkInput input : wanted) {
            List<InputValues> found =
                    given.stream().filter(values -> input.name().equals(values.name())).toList();
            if (found.size() != 1) {
                throw wrongInputs(event);
            }
            ordered.add(found.get(0));
        }
        if (given.size() != wanted.size()) {
            throw wrongInputs(event);
        }
        return ordered;
    }

    private RejectedEventException wrongInputs(StreamEvent event) {
        return new RejectedEventException(
                Reason.INPUTS,
                "inputs must be %s as in the model, each once, got %s at stream %s"
                        .formatted(
                                signature.inputs().stream().map(NetworkInput::name).toList(),
                                event.inputs().stream()
                                        .map(v -> v.name() == null ? "values" : v.name())
                                        .toList(),
                                event.stream()));
    }

    private static InputValues shape(String stream, NetworkInput input, InputValues values) {
        int width = input.shape().width();
        boolean timed = input.shape().timed();
        if (values.values().length == 0 && timed) {
            throw new RejectedEventException(
                    Reason.NO_TIMESTEPS,
                    "a chunk must have a timestep, got none at stream " + stream);
        }
        if (values.columns() == InputValues.FLAT) {
            int rows = timed ? values.values().length : 1;
            int columns = timed ? 1 : values.values().length;
            checkFeatures(stream, input, width, columns);
            return new InputValues(input.name(), values.values(), rows, columns);
        }
        checkFeatures(stream, input, width, values.columns());
        if (!timed && values.rows() != 1) {
            throw new RejectedEventException(
                    Reason.INPUTS,
                    "input %s has no time axis and must be one row, got %d at stream %s"
                            .formatted(input.name(), values.rows(), stream));
        }
        return values;
    }

    private static void checkFeatures(String stream, NetworkInput input, int width, int found) {
        if (found != width) {
            throw new RejectedEventException(
                    Reason.FEATURE_COUNT,
                    "features must be %d as in the model's input %s, got %d at stream %s"
                            .formatted(width, input.name(), found, stream));
        }
    }

    private static void checkValues(String stream, NetworkInput input, InputValues values) {
        float[] array = values.values();
        for (int k = 0; k < array.length; k++) {
            if (!Float.isFinite(array[k])) {
                throw new RejectedEventException(
                        Reason.NOT_FINITE,
                        "values must be finite in float32, got %s in row %d of input %s at stream %s"
                                .formatted(array[k], k / values.columns(), input.name(), stream));
            }
            if (input.tokens()
                    && !(array[k] >= 0
                            && array[k] < input.vocabulary()
                            && array[k] == (int) array[k])) {
                throw new RejectedEventException(
                        Reason.TOKEN,
                        "tokens must be whole numbers from 0 to %d as in the model's vocabulary, got %s at stream %s"
                                .formatted(input.vocabulary() - 1, array[k], stream));
            }
        }
    }

    private static void countTimesteps(
            String stream, NetworkInput input, int rows, int[] timesteps) {
        int axis = input.shape().axis();
        if (timesteps[axis] != 0 && timesteps[axis] != rows) {
            throw new RejectedEventException(
                    Reason.INPUTS,
                    "input %s must have %d timesteps as the inputs that it meets, got %d at stream %s"
                            .formatted(input.name(), timesteps[axis], rows, stream));
        }
        timesteps[axis] = rows;
    }

    /** Time axes that layers make must have a timestep, and be as long as those that they meet. */
    private void checkLengths(String stream, int[] timesteps) {
        for (int k = 0; k < signature.madeAxes().size(); k++) {
            if (signature.timesteps(signature.axes() + k, timesteps) < 1) {
                throw new RejectedEventException(
                        Reason.NO_TIMESTEPS,
                        "a chunk must have more timesteps for a layer that makes fewer of them (%s), got %s at stream %s"
                                .formatted(
                                        signature.madeAxes().get(k).resampling(),
                                        Arrays.toString(timesteps),
                                        stream));
            }
        }
        for (List<Integer> pair : signature.equalAxes()) {
            int left = signature.timesteps(pair.get(0), timesteps);
            int right = signature.timesteps(pair.get(1), timesteps);
            if (left != right) {
                throw new RejectedEventException(
                        Reason.INPUTS,
                        "sequences that meet in the model must be equally long, got %d and %d timesteps at stream %s"
                                .formatted(left, right, stream));
            }
        }
    }

    private void checkCarried(StreamEvent event, String what) {
        if (carry == Carry.NEVER) {
            throw new RejectedEventException(
                    Reason.NO_STATE,
                    "%s needs a state that is carried, but model.carry is never, at stream %s"
                            .formatted(what, event.stream()));
        }
    }

    /**
     * Checks the state of a reset to one.
     *
     * @throws RejectedEventException if it does not fit the network
     */
    static void checkState(StreamEvent event, NetworkSignature signature) {
        event.state().forEach(state -> checkState(event.stream(), state, signature));
        checkDistinct(event);
    }

    private static void checkState(String stream, LayerState state, NetworkSignature signature) {
        StateLayout.Part part =
                signature
                        .layout()
                        .part(state.layer())
                        .filter(StateLayout.Part::carried)
                        .orElseThrow(() -> unknownLayer(stream, state.layer(), signature));
        List<Integer> found = state.tensors().stream().map(tensor -> tensor.length).toList();
        if (!found.equals(part.sizes())) {
            throw new RejectedEventException(
                    Reason.STATE_SHAPE,
                    "the state of layer %s must have tensors of %s, got %s at stream %s"
                            .formatted(state.layer(), part.sizes(), found, stream));
        }
    }

    private static RejectedEventException unknownLayer(
            String stream, String layer, NetworkSignature signature) {
        return new RejectedEventException(
                Reason.STATE_LAYER,
                "a state's layers must be of %s, which carry state here, got %s at stream %s"
                        .formatted(
                                signature.layout().parts().stream()
                                        .filter(StateLayout.Part::carried)
                                        .map(StateLayout.Part::layer)
                                        .toList(),
                                layer,
                                stream));
    }

    private static void checkDistinct(StreamEvent event) {
        Set<String> seen = new HashSet<>();
        for (LayerState state : event.state()) {
            if (!seen.add(state.layer())) {
                throw new RejectedEventException(
                        Reason.STATE_LAYER,
                        "a state must name layer %s once, got it twice at stream %s"
                                .formatted(state.layer(), event.stream()));
            }
        }
    }
}
