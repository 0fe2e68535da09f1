package io.streamcell.benchmarks.pipeline;

import io.streamcell.jobs.demo.EmbeddedKafka;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;

/**
 * A Kafka broker in a process of its own, so that its heap and its garbage are not the job's. Owns
 * the process, which ends with this one.
 */
public final class Broker implements AutoCloseable {
    private static final int PARTITIONS = 2;
    private static final Duration KNOWN = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 5;

    private final Process process;
    private final String bootstrapServers;
    private final Admin admin;

    private Broker(Process process, String bootstrapServers) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /**
     * Starts a broker and waits until it can be connected to.
     *
     * @param folder for its logs; empty or absent
     */
    public static Broker start(Path folder) throws IOException {
        Files.createDirectories(folder);
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx1g",
                                "-Dstreamcell.log=off",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Broker.class.getName(),
                                folder.resolve("broker").toString())
                        .redirectError(folder.resolve("broker.err").toFile())
                        .start();
        BufferedReader said =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String bootstrapServers = said.readLine();
        if (bootstrapServers == null) {
            throw new IOException(
                    "the broker must say where it listens, got: "
                            + Files.readString(folder.resolve("broker.err")));
        }
        return new Broker(process, bootstrapServers);
    }

    /** The broker's own process: says where it listens, and runs until its input ends. */
    public static void main(String[] folder) throws IOException {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(folder[0]))) {
            System.out.println(kafka.bootstrapServers());
            while (System.in.read() >= 0) {
                // The parent says nothing; its end is the end of this stream.
            }
        }
    }

    /** Where clients connect, host:port. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /**
     * Makes a topic that clients then know, whose records keep the time that their producer gave
     * them.
     */
    void createTopic(String name) throws InterruptedException, ExecutionException {
        create(name, "CreateTime");
    }

    /**
     * Makes a topic that clients then know, whose records carry the time at which the broker took
     * them.
     */
    void createTimedTopic(String name) throws InterruptedException, ExecutionException {
        create(name, "LogAppendTime");
    }

    private void create(String name, String time) throws InterruptedException, ExecutionException {
        createTopic(name, Map.of("message.timestamp.type", time));
    }

    /** Makes a topic with settings of its own that clients then know. */
    public void createTopic(String name, Map<String, String> settings)
            throws InterruptedException, ExecutionException {
        admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1).configs(settings)))
                .all()
                .get();
        awaitKnown(name);
    }

    /**
     * Waits until clients are told of a topic: the controller has it a little before the broker
     * does, which until then says that it has no partitions.
     */
    private void awaitKnown(String name) throws InterruptedException, ExecutionException {
        Deadline deadline = new Deadline("topic " + name, KNOWN);
        while (!isKnown(name)) {
            deadline.check("must be known to the broker");
            Thread.sleep(POLL_MILLIS);
        }
    }

    private boolean isKnown(String name) throws InterruptedException, ExecutionException {
        try {
            List<TopicPartitionInfo> partitions =
                    admin.describeTopics(List.of(name))
                            .allTopicNames()
                            .get()
                            .get(name)
                            .partitions();
            return partitions.size() == PARTITIONS
                    && partitions.stream().allMatch(each -> each.leader() != null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    /** Lets every producer write so many bytes a second at most; null for as many as it can. */
    public void throttle(Double bytesPerSecond) throws InterruptedException, ExecutionException {
        Map<String, String> everyClient = new HashMap<>();
        everyClient.put(ClientQuotaEntity.CLIENT_ID, null);
        admin.alterClientQuotas(
                        List.of(
                                new ClientQuotaAlteration(
                                        new ClientQuotaEntity(everyClient),
                                        List.of(
                                                new ClientQuotaAlteration.Op(
                                                        "producer_byte_rate", bytesPerSecond)))))
                .all()
                .get();
    }

    /** Takes topics away, so that the disk does not fill up. */
    public void deleteTopics(String... names) throws InterruptedException, ExecutionException {
        admin.deleteTopics(List.of(names)).all().get();
    }

    @Override
    public void close() throws IOException {
        admin.close();
        process.getOutputStream().close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
