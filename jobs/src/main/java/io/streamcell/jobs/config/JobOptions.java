package io.streamcell.jobs.config;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.streamcell.operators.ScoringOptions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;

/** The options of the Kafka job, beside those of scoring itself in {@link ScoringOptions}. */
public final class JobOptions {
    public static final ConfigOption<String> JOB_NAME =
            key("job.name")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The job's name, and the beginning of its transactional ids; from the topics where it "
                                    + "is not given.");

    public static final ConfigOption<String> BOOTSTRAP_SERVERS =
            key("kafka.bootstrap-servers")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("The Kafka brokers, host:port, separated by commas.");

    /** Passed on to every Kafka client. */
    public static final String KAFKA_PROPERTIES = "kafka.properties.";

    public static final ConfigOption<String> INPUT_TOPIC =
            key("input.topic")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("The topic of events.");

    public static final ConfigOption<Format> INPUT_FORMAT =
            key("input.format")
                    .enumType(Format.class)
                    .defaultValue(Format.JSON)
                    .withDescription(
                            "What an event looks like: json, avro, or float32 with headers that say what it is.");

    public static final ConfigOption<String> INPUT_STREAM_FIELD =
            key("input.stream-field")
                    .stringType()
                    .defaultValue("stream")
                    .withDescription("The field of a flat row that names the stream.");

    public static final ConfigOption<List<String>> INPUT_FEATURES =
            key("input.features")
                    .stringType()
                    .asList()
                    .noDefaultValue()
                    .withDescription(
                            "The fields of a flat JSON row that are the features of its one timestep, in the "
                                    + "network's order; where they are not given, events have values.");

    public static final ConfigOption<String> INPUT_TIME_FIELD =
            key("input.time-field")
                    .stringType()
                    .defaultValue("time")
                    .withDescription(
                            "The field of a flat row that holds its event time, epoch milliseconds.");

    public static final ConfigOption<Start> INPUT_START =
            key("input.start")
                    .enumType(Start.class)
                    .defaultValue(Start.EARLIEST)
                    .withDescription(
                            "Where to begin without a checkpoint: at the earliest or the latest record.");

    public static final ConfigOption<String> OUTPUT_TOPIC =
            key("output.topic")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("The topic of scores.");

    public static final ConfigOption<Format> OUTPUT_FORMAT =
            key("output.format")
                    .enumType(Format.class)
                    .defaultValue(Format.JSON)
                    .withDescription(
                            "What a score looks like: json, avro, or float32 with headers that say what it is.");

    public static final ConfigOption<Delivery> OUTPUT_DELIVERY =
            key("output.delivery")
                    .enumType(Delivery.class)
                    .defaultValue(Delivery.EXACTLY_ONCE)
                    .withDescription(
                            "exactly-once: a reader with isolation.level=read_committed sees every score once, when "
                                    + "the checkpoint after it is complete. at-least-once: at once, and after a "
                                    + "failure possibly again.");

    public static final ConfigOption<MemorySize> OUTPUT_MAX_BYTES =
            key("output.max-bytes")
                    .memoryType()
                    .defaultValue(MemorySize.parse("900 kb"))
                    .withDescription(
                            "A score record above this, or above what the topic takes, is written as several; "
                                    + "at most kafka.properties.max.request.size.");

    public static final ConfigOption<OnExpired> OUTPUT_ON_EXPIRED =
            key("output.on-expired")
                    .enumType(OnExpired.class)
                    .defaultValue(OnExpired.REFUSE)
                    .withDescription(
                            "A restored checkpoint is older than the transaction timeout, so that Kafka may have "
                                    + "dropped its open transaction: refuse, or accept the loss.");

    public static final ConfigOption<String> REJECTED_TOPIC =
            key("rejected.topic")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The topic of rejected events; where it is not given they are counted and logged.");

    public static final ConfigOption<String> STATE_TOPIC =
            key("state.topic")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The topic of exported states; where it is not given they stand among the scores.");

    public static final ConfigOption<String> CONTROL_TOPIC =
            key("control.topic")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The topic of events that concern every stream; it has one partition.");

    public static final ConfigOption<Duration> OUT_OF_ORDERNESS =
            key("watermark.out-of-orderness")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(5))
                    .withDescription(
                            "How late an event may be against the newest one of its partition.");

    public static final ConfigOption<Duration> IDLE_TIMEOUT =
            key("watermark.idle-timeout")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(30))
                    .withDescription(
                            "A partition without events for so long does not hold event time back.");

    public static final ConfigOption<String> REGISTRY_URL =
            key("schema-registry.url")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The schema registry, http or https: an Avro value begins with the id of its schema "
                                    + "there. Where it is not given, Avro values are bare, by the schemas in the jar.");

    public static final ConfigOption<String> REGISTRY_BASIC_AUTH =
            key("schema-registry.basic-auth")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("For the schema registry: user:password.");

    private JobOptions() {}

    /** A record's format. */
    public enum Format {
        JSON,
        AVRO,
        FLOAT32;

        @Override
        public String toString() {
            return spelled(this);
        }
    }

    /** Where a topic is begun. */
    public enum Start {
        EARLIEST,
        LATEST;

        @Override
        public String toString() {
            return spelled(this);
        }
    }

    /** How often a score arrives. */
    public enum Delivery {
        EXACTLY_ONCE,
        AT_LEAST_ONCE;

        @Override
        public String toString() {
            return spelled(this);
        }
    }

    /** What to do about a checkpoint that is too old. */
    public enum OnExpired {
        REFUSE,
        ACCEPT;

        @Override
        public String toString() {
            return spelled(this);
        }
    }

    private static String spelled(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Every option of ours, in the order of the documentation. */
    public static List<ConfigOption<?>> all() {
        return List.of(
                JOB_NAME,
                ScoringOptions.MODEL_URI,
                ScoringOptions.MODEL_SHA256,
                ScoringOptions.OTHER_MODEL_URI,
                ScoringOptions.OTHER_MODEL_SHA256,
                ScoringOptions.MODEL_CARRY,
                ScoringOptions.MODEL_CARRY_CONVOLUTIONS,
                BOOTSTRAP_SERVERS,
                INPUT_TOPIC,
                INPUT_FORMAT,
                INPUT_STREAM_FIELD,
                INPUT_FEATURES,
                INPUT_TIME_FIELD,
                INPUT_START,
                OUTPUT_TOPIC,
                OUTPUT_FORMAT,
                OUTPUT_DELIVERY,
                OUTPUT_MAX_BYTES,
                OUTPUT_ON_EXPIRED,
                REJECTED_TOPIC,
                STATE_TOPIC,
                CONTROL_TOPIC,
                OUT_OF_ORDERNESS,
                IDLE_TIMEOUT,
                REGISTRY_URL,
                REGISTRY_BASIC_AUTH,
                ScoringOptions.BUNDLE_MAX_TIMESTEPS,
                ScoringOptions.BUNDLE_MAX_DELAY,
                ScoringOptions.SLAB_MAX_STREAMS,
                ScoringOptions.SLAB_MAX_DIRTY,
                ScoringOptions.KERNEL_PROVIDER,
                ScoringOptions.KERNEL_PRECISION,
                ScoringOptions.KERNEL_THREADS,
                ScoringOptions.KERNEL_FALLBACK,
                ScoringOptions.ON_GAP,
                ScoringOptions.ON_MODEL_CHANGE,
                ScoringOptions.KEPT_TIMESTEPS,
                ScoringOptions.ON_NOT_FINITE,
                ScoringOptions.IDLE_RESET,
                ScoringOptions.MAX_WAIT,
                ScoringOptions.STATE_TTL);
    }
}
