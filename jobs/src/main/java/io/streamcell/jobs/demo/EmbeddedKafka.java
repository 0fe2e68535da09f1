package io.streamcell.jobs.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.utils.Time;

/**
 * A real Kafka broker, with its controller, in this process. Owns its folder's contents while it
 * runs.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private final KafkaRaftServer server;
    private final String bootstrapServers;

    private EmbeddedKafka(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Starts a broker on free ports.
     *
     * @param folder for its logs; empty or absent
     */
    public static EmbeddedKafka start(Path folder) throws IOException {
        BrokerFolder made = BrokerFolder.format(folder);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(made.read()), Time.SYSTEM);
        server.startup();
        return new EmbeddedKafka(server, made.bootstrapServers());
    }

    /** Where clients connect, host:port. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Makes a topic with one replica. */
    public void createTopic(String name, int partitions)
            throws InterruptedException, ExecutionException {
        try (Admin admin =
                Admin.create(
                        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
        }
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
