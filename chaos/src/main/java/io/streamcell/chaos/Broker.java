package io.streamcell.chaos;

import io.streamcell.jobs.demo.BrokerFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** A Kafka broker in a process of its own that can be killed and started again. Owns it. */
final class Broker implements AutoCloseable {
    private static final int ASK_MILLIS = 2_000;

    private final BrokerFolder folder;
    private final Map<String, Object> client;
    private final ChildJvm.Program program;
    private final Path log;
    private ChildJvm process;

    private Broker(BrokerFolder folder, Map<String, Object> client, Path log) {
        this.folder = folder;
        this.client = client;
        this.log = log;
        this.program =
                new ChildJvm.Program(
                        "kafka.Kafka",
                        System.getProperty("java.class.path"),
                        List.of("-Xmx512m", "-XX:+UseSerialGC", "-Dstreamcell.log=warn"),
                        List.of(folder.properties().toString()),
                        Map.of());
    }

    /**
     * Starts one.
     *
     * @param work the run's folder
     */
    static Broker start(Path work) throws IOException {
        return start(BrokerFolder.format(work.resolve("kafka")), Map.of(), work);
    }

    /**
     * Starts one that talks with those alone who know a password.
     *
     * @param work the run's folder
     */
    static Broker startSecured(Path work, Credentials credentials) throws IOException {
        BrokerFolder made =
                BrokerFolder.format(
                        work.resolve("kafka"),
                        "SASL_SSL",
                        credentials.brokerProperties(),
                        credentials.formatArguments());
        return start(made, credentials.client(), work);
    }

    private static Broker start(BrokerFolder made, Map<String, Object> client, Path work)
            throws IOException {
        Path log = Files.createDirectories(work).resolve("broker.log");
        Broker broker = new Broker(made, client, log);
        broker.start();
        return broker;
    }

    void start() throws IOException {
        process = ChildJvm.start("the broker", program, log);
    }

    /** Waits until it leads all partitions that there are. */
    void awaitReady() throws Exception {
        Waiting.until("the broker", this::ready);
    }

    private boolean ready() throws Exception {
        process.checkAlive();
        try (Admin admin = admin()) {
            var topics = admin.describeTopics(admin.listTopics().names().get()).allTopicNames();
            return topics.get().values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition -> partition.leader() != null);
        } catch (ExecutionException e) {
            return false;
        }
    }

    private Admin admin() {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("bootstrap.servers", bootstrapServers());
        properties.put("request.timeout.ms", ASK_MILLIS);
        properties.put("default.api.timeout.ms", ASK_MILLIS);
        return Admin.create(properties);
    }

    /** Where clients connect, host:port. */
    String bootstrapServers() {
        return folder.bootstrapServers();
    }

    /** Makes the topics of a run; none forgets anything. */
    void createTopics(Map<String, Integer> partitions) throws Exception {
        Map<String, String> forEver = Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1");
        List<NewTopic> topics =
                partitions.entrySet().stream()
                        .map(
                                topic ->
                                        new NewTopic(topic.getKey(), topic.getValue(), (short) 1)
                                                .configs(forEver))
                        .toList();
        try (Admin admin = admin()) {
            admin.createTopics(topics).all().get();
        }
        Waiting.until(
                "topics",
                () -> {
                    try (Admin admin = admin()) {
                        return admin.listTopics().names().get().containsAll(partitions.keySet());
                    }
                });
        awaitReady();
    }

    long pid() {
        return process.pid();
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    void stop() throws InterruptedException {
        process.stop();
    }

    @Override
    public void close() {
        process.close();
    }
}
