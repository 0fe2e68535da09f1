package io.streamcell.jobs.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/**
 * What one Kafka broker, with its controller, keeps on disk: ready to be started, and started
 * again.
 *
 * @param properties the broker's configuration file
 * @param bootstrapServers where clients connect once it runs, host:port
 */
public record BrokerFolder(Path properties, String bootstrapServers) {
    /**
     * Makes one, on free ports.
     *
     * @param folder empty or absent
     */
    public static BrokerFolder format(Path folder) throws IOException {
        return format(folder, "PLAINTEXT", Map.of(), List.of());
    }

    /**
     * Makes one that clients must talk with in some way.
     *
     * @param protocol of the one listener that is not the controller's, as Kafka calls it
     * @param more of the broker's properties
     * @param arguments that come to those of {@code kafka-storage format}
     */
    public static BrokerFolder format(
            Path folder, String protocol, Map<String, String> more, List<String> arguments)
            throws IOException {
        Files.createDirectories(folder);
        int port = freePort();
        Properties properties = properties(folder.resolve("logs"), protocol, port, freePort());
        properties.putAll(more);
        Path file = folder.resolve("server.properties");
        StringWriter text = new StringWriter();
        properties.store(text, null);
        Files.writeString(file, text.toString());
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        List<String> call = new ArrayList<>(List.of("format", "--config", file.toString()));
        call.addAll(List.of("--cluster-id", Uuid.randomUuid().toString()));
        call.addAll(arguments);
        int status =
                StorageTool.execute(
                        call.toArray(String[]::new),
                        new PrintStream(said, true, StandardCharsets.UTF_8));
        if (status != 0) {
            throw new IOException(
                    "the broker's folder must be formatted, got: "
                            + said.toString(StandardCharsets.UTF_8));
        }
        return new BrokerFolder(file, "localhost:" + port);
    }

    private static Properties properties(Path logs, String protocol, int port, int controllerPort) {
        Properties properties = new Properties();
        properties.putAll(
                Map.of(
                        "process.roles",
                        "broker,controller",
                        "node.id",
                        "1",
                        "controller.quorum.voters",
                        "1@localhost:" + controllerPort,
                        "listeners",
                        "%s://localhost:%d,CONTROLLER://localhost:%d"
                                .formatted(protocol, port, controllerPort),
                        "advertised.listeners",
                        protocol + "://localhost:" + port,
                        "security.inter.broker.protocol",
                        protocol,
                        "controller.listener.names",
                        "CONTROLLER",
                        "listener.security.protocol.map",
                        "%1$s:%1$s,CONTROLLER:PLAINTEXT".formatted(protocol),
                        "log.dirs",
                        logs.toString(),
                        "num.partitions",
                        "1"));
        // A score is as old as its event, and would be dropped half a minute after the start.
        properties.put("log.retention.ms", "-1");
        properties.putAll(
                Map.of(
                        "group.initial.rebalance.delay.ms", "0",
                        "offsets.topic.replication.factor", "1",
                        "offsets.topic.num.partitions", "1",
                        "transaction.state.log.replication.factor", "1",
                        "transaction.state.log.num.partitions", "4",
                        "transaction.state.log.min.isr", "1",
                        "share.coordinator.state.topic.replication.factor", "1",
                        "share.coordinator.state.topic.min.isr", "1"));
        return properties;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The configuration, as a broker in this process takes it. */
    Properties read() throws IOException {
        Properties read = new Properties();
        try (var reader = Files.newBufferedReader(properties)) {
            read.load(reader);
        }
        return read;
    }
}
