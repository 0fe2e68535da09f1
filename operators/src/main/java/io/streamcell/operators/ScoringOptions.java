package io.streamcell.operators;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.streamcell.kernels.KernelOptions;
import io.streamcell.models.Carry;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.annotation.Public;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;

/** The options of scoring itself, as Flink options, and their checked values. */
@Public
public final class ScoringOptions implements Serializable {
    private static final long serialVersionUID = 1;
    private static final String MODELS = "models.";
    private static final String URI = ".uri";
    private static final String SHA256 = ".sha256";

    public static final ConfigOption<String> MODEL_URI =
            key("model.uri")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("The saved model: a path or a URI that Flink can read.");

    /** Stands for the options that name further models; see {@link #otherModels}. */
    public static final ConfigOption<String> OTHER_MODEL_URI =
            key(MODELS + "<name>" + URI)
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Another saved model, for the events that say model: <name>. There can be several.");

    public static final ConfigOption<String> MODEL_SHA256 =
            key("model.sha256")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The SHA-256 that the saved model must have, of its bytes and those of the files beside it, in "
                                    + "hexadecimal; another file is refused unread.");

    /** Stands for the options that pin further models. */
    public static final ConfigOption<String> OTHER_MODEL_SHA256 =
            key(MODELS + "<name>" + SHA256)
                    .stringType()
                    .noDefaultValue()
                    .withDescription("The same for another saved model.");

    public static final ConfigOption<Carry> MODEL_CARRY =
            key("model.carry")
                    .enumType(Carry.class)
                    .defaultValue(Carry.ALWAYS)
                    .withDescription(
                            "Which recurrent layers carry their state from chunk to chunk: always (all), "
                                    + "as-saved (those saved with stateful=True), never.");

    public static final ConfigOption<Boolean> MODEL_CARRY_CONVOLUTIONS =
            key("model.carry-convolutions")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Whether causal convolutions keep their last inputs from chunk to chunk like a state; "
                                    + "else every chunk begins with zeros, as in Keras.");

    public static final ConfigOption<Integer> BUNDLE_MAX_TIMESTEPS =
            key("bundle.max-timesteps")
                    .intType()
                    .defaultValue(1024)
                    .withDescription(
                            "Timesteps that a subtask gathers before it computes them, and that one kernel call "
                                    + "advances at most.");

    public static final ConfigOption<Duration> BUNDLE_MAX_DELAY =
            key("bundle.max-delay")
                    .durationType()
                    .defaultValue(Duration.ofMillis(20))
                    .withDescription(
                            "How long a timestep waits at most for others to be computed with; 0 computes each "
                                    + "event at once.");

    public static final ConfigOption<Integer> SLAB_MAX_STREAMS =
            key("slab.max-streams")
                    .intType()
                    .defaultValue(50_000)
                    .withDescription(
                            "Streams whose state a subtask keeps at hand; the others' lies in the state backend.");

    public static final ConfigOption<Integer> SLAB_MAX_DIRTY =
            key("slab.max-dirty")
                    .intType()
                    .defaultValue(50_000)
                    .withDescription(
                            "Streams whose changed state a subtask may hold back from the state backend between "
                                    + "checkpoints; fewer make checkpoints shorter, more save writes.");

    public static final ConfigOption<String> KERNEL_PROVIDER =
            key("kernel.provider")
                    .stringType()
                    .defaultValue("auto")
                    .withDescription(
                            "Who computes: auto (the fastest available), native, vector, reference, the same bits; where they are on the class path cuda, on an NVIDIA GPU, the same bits too, and nd4j, equal but for rounding.");

    public static final ConfigOption<String> KERNEL_PRECISION =
            key("kernel.precision")
                    .stringType()
                    .defaultValue(KernelOptions.EXACT)
                    .withDescription(
                            "exact: the same bits everywhere and always. With cuda also tf32 and bf16, which multiply on "
                                    + "tensor cores what is rounded to that: less exact, the same bits on one kind of GPU.");

    public static final ConfigOption<Fallback> KERNEL_FALLBACK =
            key("kernel.fallback")
                    .enumType(Fallback.class)
                    .defaultValue(Fallback.NONE)
                    .withDescription(
                            "Layers that cuda has no kernel for: none refuses the model, cpu computes them on the CPU. Then "
                                    + "the states of the others, too, travel to and from the GPU at each call.");

    /** Who computes layers that the kernel provider has no kernel for. */
    public enum Fallback {
        NONE,
        CPU;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static final ConfigOption<Integer> KERNEL_THREADS =
            key("kernel.threads")
                    .intType()
                    .defaultValue(1)
                    .withDescription(
                            "Threads that one kernel call is split over where its batch is large; subtasks are "
                                    + "what runs in parallel otherwise. The scores' bits are the same.");

    public static final ConfigOption<SequencePolicy.OnGap> ON_GAP =
            key("sequence.on-gap")
                    .enumType(SequencePolicy.OnGap.class)
                    .defaultValue(SequencePolicy.OnGap.CARRY)
                    .withDescription(
                            "A chunk starts beyond the stream's next timestep: carry the state over the gap, "
                                    + "reset it, or reject the chunk.");

    public static final ConfigOption<SequencePolicy.OnModelChange> ON_MODEL_CHANGE =
            key("sequence.on-model-change")
                    .enumType(SequencePolicy.OnModelChange.class)
                    .defaultValue(SequencePolicy.OnModelChange.FAIL)
                    .withDescription(
                            "The job is restored with another model than the one that made the states: fail before "
                                    + "the first record, reset every stream, keep the states where the layouts are "
                                    + "equal, or warm the new model with the timesteps that are kept.");

    public static final ConfigOption<Integer> KEPT_TIMESTEPS =
            key("sequence.kept-timesteps")
                    .intType()
                    .defaultValue(0)
                    .withDescription(
                            "How many of its last timesteps since a reset are kept with each stream, so that a model that "
                                    + "takes over can be warmed with them.");

    public static final ConfigOption<SequencePolicy.OnNotFinite> ON_NOT_FINITE =
            key("sequence.on-not-finite")
                    .enumType(SequencePolicy.OnNotFinite.class)
                    .defaultValue(SequencePolicy.OnNotFinite.CARRY)
                    .withDescription(
                            "A score holds NaN or an infinity: carry the state on, or reset the stream after it.");

    public static final ConfigOption<Duration> IDLE_RESET =
            key("sequence.idle-reset")
                    .durationType()
                    .noDefaultValue()
                    .withDescription(
                            "A timestep whose event time is later than the stream's last by more than this starts afresh.");

    public static final ConfigOption<Duration> MAX_WAIT =
            key("sequence.max-wait")
                    .durationType()
                    .noDefaultValue()
                    .withDescription(
                            "How long, by event time, a chunk that starts beyond the stream's next timestep waits for "
                                    + "those before it, before it counts as a gap; else it does not wait.");

    public static final ConfigOption<Duration> STATE_TTL =
            key("state.ttl")
                    .durationType()
                    .noDefaultValue()
                    .withDescription(
                            "A stream without a timestep for longer than this, by event time, is given up: its state is "
                                    + "written as a state record, flagged expired, and removed. A timestep that is later "
                                    + "than the stream's last by more starts afresh.");

    private final Configuration configuration;

    private ScoringOptions(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * The options that a configuration holds, checked.
     *
     * @throws IllegalArgumentException if one is missing or out of its range
     */
    public static ScoringOptions of(ReadableConfig source) {
        Configuration kept = new Configuration();
        if (source.get(MODEL_URI) == null) {
            throw new IllegalArgumentException("model.uri must name the saved model, got nothing");
        }
        all().forEach(option -> copy(source, option, kept));
        source.toMap()
                .forEach(
                        (key, value) -> {
                            if (isModelKey(key)) {
                                kept.setString(key, value);
                            }
                        });
        ScoringOptions options = new ScoringOptions(kept);
        options.check();
        return options;
    }

    /** Every option; those of further models stand beside them. */
    public static List<ConfigOption<?>> all() {
        return List.of(
                MODEL_URI,
                MODEL_SHA256,
                MODEL_CARRY,
                MODEL_CARRY_CONVOLUTIONS,
                BUNDLE_MAX_TIMESTEPS,
                BUNDLE_MAX_DELAY,
                SLAB_MAX_STREAMS,
                SLAB_MAX_DIRTY,
                KERNEL_PROVIDER,
                KERNEL_PRECISION,
                KERNEL_THREADS,
                KERNEL_FALLBACK,
                ON_GAP,
                ON_MODEL_CHANGE,
                KEPT_TIMESTEPS,
                ON_NOT_FINITE,
                IDLE_RESET,
                MAX_WAIT,
                STATE_TTL);
    }

    /** Defaults for a model; further options are set by {@link #with}. */
    public static ScoringOptions forModel(String uri) {
        Configuration configuration = new Configuration();
        configuration.set(MODEL_URI, uri);
        return of(configuration);
    }

    /** Where the job's other models are, by name ({@code models.<name>.uri}). */
    public Map<String, String> otherModels() {
        return others(URI);
    }

    /** Options of other models, by the models' names. */
    private Map<String, String> others(String option) {
        Map<String, String> values = new TreeMap<>();
        configuration
                .toMap()
                .forEach(
                        (key, value) -> {
                            if (isModelKey(key, option)) {
                                values.put(
                                        key.substring(
                                                MODELS.length(), key.length() - option.length()),
                                        value);
                            }
                        });
        return values;
    }

    /** Whether an option is one of another model: {@code models.<name>.uri} or its sha256. */
    public static boolean isModelKey(String key) {
        return isModelKey(key, URI) || isModelKey(key, SHA256);
    }

    private static boolean isModelKey(String key, String option) {
        return key.startsWith(MODELS)
                && key.endsWith(option)
                && key.length() > MODELS.length() + option.length();
    }

    /** What the file of a model must be. */
    ModelFile.Pin pin(String name) {
        boolean main = name.equals(StreamEvent.DEFAULT_MODEL);
        String key = main ? MODEL_SHA256.key() : MODELS + name + SHA256;
        String sha256 = configuration.getString(key, "");
        return sha256.isEmpty()
                ? ModelFile.Pin.NONE
                : new ModelFile.Pin(sha256, "as %s says".formatted(key));
    }

    /** These options with another model beside. */
    public ScoringOptions withModel(String name, String uri) {
        Configuration changed = new Configuration(configuration);
        changed.setString(MODELS + name + URI, uri);
        return of(changed);
    }

    /** These options with another value of one. */
    public <T> ScoringOptions with(ConfigOption<T> option, T value) {
        Configuration changed = new Configuration(configuration);
        changed.set(option, value);
        return of(changed);
    }

    public <T> T value(ConfigOption<T> option) {
        return configuration.get(option);
    }

    private void check() {
        atLeast(BUNDLE_MAX_TIMESTEPS, 1);
        atLeast(SLAB_MAX_STREAMS, 1);
        atLeast(SLAB_MAX_DIRTY, 0);
        atLeast(KERNEL_THREADS, 1);
        atLeast(KEPT_TIMESTEPS, 0);
        if (value(ON_MODEL_CHANGE) == SequencePolicy.OnModelChange.WARM
                && value(KEPT_TIMESTEPS) == 0) {
            throw new IllegalArgumentException(
                    "sequence.kept-timesteps must be at least 1 where sequence.on-model-change is warm, got 0");
        }
        notNegative(BUNDLE_MAX_DELAY);
        notNegative(IDLE_RESET);
        notNegative(MAX_WAIT);
        notNegative(STATE_TTL);
        checkModels();
        kernelOptions();
    }

    private void checkModels() {
        for (String name : List.of(StreamEvent.DEFAULT_MODEL, StreamEvent.EVERY_MODEL)) {
            if (otherModels().containsKey(name)) {
                throw new IllegalArgumentException(
                        "models.%s.uri must be another name: the default model's is model.uri"
                                .formatted(name));
            }
        }
        Map<String, String> pins = others(SHA256);
        for (String name : pins.keySet()) {
            if (!otherModels().containsKey(name)) {
                throw new IllegalArgumentException(
                        "models.%s.uri must name the saved model that models.%1$s.sha256 is of, got nothing"
                                .formatted(name));
            }
            checkPin(MODELS + name + SHA256, pins.get(name));
        }
        if (value(MODEL_SHA256) != null) {
            checkPin(MODEL_SHA256.key(), value(MODEL_SHA256));
        }
    }

    private static void checkPin(String key, String value) {
        if (!value.matches("[0-9a-fA-F]{64}")) {
            throw new IllegalArgumentException(
                    "%s must be 64 hexadecimal digits, got %s".formatted(key, value));
        }
    }

    /** How the network is compiled. */
    KernelOptions kernelOptions() {
        return new KernelOptions(
                value(KERNEL_PRECISION),
                value(KERNEL_THREADS),
                value(KERNEL_FALLBACK) == Fallback.CPU);
    }

    /** A length of event time in milliseconds; {@code Long.MAX_VALUE} where none is given. */
    long millis(ConfigOption<Duration> option) {
        Duration given = value(option);
        return given == null ? Long.MAX_VALUE : given.toMillis();
    }

    private void notNegative(ConfigOption<Duration> option) {
        Duration given = value(option);
        if (given != null && given.isNegative()) {
            throw new IllegalArgumentException(
                    "%s must not be negative, got %s".formatted(option.key(), given));
        }
    }

    private void atLeast(ConfigOption<Integer> option, int least) {
        if (value(option) < least) {
            throw new IllegalArgumentException(
                    "%s must be at least %d, got %d".formatted(option.key(), least, value(option)));
        }
    }

    private static <T> void copy(ReadableConfig source, ConfigOption<T> option, Configuration to) {
        T value = source.get(option);
        if (value != null) {
            to.set(option, value);
        }
    }
}
