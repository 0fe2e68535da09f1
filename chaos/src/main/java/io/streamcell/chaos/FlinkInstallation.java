package io.streamcell.chaos;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * A Flink installation of jars from Maven, with its configuration: highly available by ZooKeeper,
 * TaskManagers of two slots, quick to see that a process is gone.
 *
 * @param classPath Flink's own jars and no others
 * @param conf the folder of its configuration
 */
record FlinkInstallation(String classPath, Path conf, Path logs, int restPort, int zooKeeperPort) {
    private static final int SLOTS = 2;

    /**
     * Makes one.
     *
     * @param work the run's folder
     */
    static FlinkInstallation make(String classPath, Path work) throws IOException {
        Path conf = Files.createDirectories(work.resolve("conf"));
        FlinkInstallation made =
                new FlinkInstallation(classPath, conf, work, freePort(), freePort());
        Files.writeString(
                conf.resolve("config.yaml"),
                String.join(
                        "\n",
                        "jobmanager.rpc.address: localhost",
                        "jobmanager.rpc.port: " + freePort(),
                        "rest.address: localhost",
                        "rest.bind-address: localhost",
                        "rest.port: " + made.restPort(),
                        "high-availability.type: zookeeper",
                        "high-availability.zookeeper.quorum: localhost:" + made.zooKeeperPort(),
                        "high-availability.storageDir: " + work.resolve("ha").toUri(),
                        "heartbeat.interval: 1 s",
                        "heartbeat.timeout: 10 s",
                        "taskmanager.host: localhost",
                        "taskmanager.numberOfTaskSlots: " + SLOTS,
                        "taskmanager.cpu.cores: 1",
                        "taskmanager.memory.task.heap.size: 384 mb",
                        "taskmanager.memory.task.off-heap.size: 0",
                        "taskmanager.memory.framework.heap.size: 64 mb",
                        "taskmanager.memory.framework.off-heap.size: 64 mb",
                        "taskmanager.memory.managed.size: 128 mb",
                        "taskmanager.memory.network.min: 32 mb",
                        "taskmanager.memory.network.max: 32 mb",
                        "taskmanager.memory.jvm-metaspace.size: 128 mb",
                        "taskmanager.memory.jvm-overhead.min: 192 mb",
                        "taskmanager.memory.jvm-overhead.max: 192 mb",
                        "io.tmp.dirs: " + Files.createDirectories(work.resolve("tmp")),
                        ""));
        Files.writeString(
                conf.resolve("zoo.cfg"),
                String.join(
                        "\n",
                        "tickTime=500",
                        "dataDir=" + work.resolve("zookeeper"),
                        "clientPort=" + made.zooKeeperPort(),
                        "clientPortAddress=localhost",
                        "admin.enableServer=false",
                        "server.1=localhost:%d:%d".formatted(freePort(), freePort()),
                        ""));
        Files.writeString(
                conf.resolve("log4j.properties"),
                """
                status = off
                rootLogger.level = info
                rootLogger.appenderRef.console.ref = console
                appender.console.name = console
                appender.console.type = Console
                appender.console.layout.type = PatternLayout
                appender.console.layout.pattern = %d{HH:mm:ss.SSS} %-5p %c{1} %m%n%ex{60}
                logger.kafka.name = org.apache.kafka
                logger.kafka.level = error
                """);
        return made;
    }

    /** Adds options to its configuration, before anything is started. */
    void configure(Map<String, String> options) throws IOException {
        StringBuilder text = new StringBuilder();
        options.forEach((key, value) -> text.append(key).append(": ").append(value).append('\n'));
        Files.writeString(conf.resolve("config.yaml"), text, StandardOpenOption.APPEND);
    }

    /** Lets Kafka's clients say all that they say by default, before anything is started. */
    void logClients() throws IOException {
        Files.writeString(
                conf.resolve("log4j.properties"),
                "logger.kafka.level = info\n",
                StandardOpenOption.APPEND);
    }

    /** A port that nobody listens on. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    ChildJvm zooKeeper() throws IOException {
        return start(
                "ZooKeeper",
                "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer",
                "-Xmx128m",
                List.of("--zkConfigFile", conf.resolve("zoo.cfg").toString(), "--peerId", "1"));
    }

    ChildJvm jobManager() throws IOException {
        return start(
                "JobManager",
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                "-Xmx512m",
                List.of("--configDir", conf.toString()));
    }

    /**
     * @param id that the cluster knows it by
     */
    ChildJvm taskManager(String id) throws IOException {
        return start(
                id,
                "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                "-Xmx448m",
                List.of("--configDir", conf.toString(), "-D", "taskmanager.resource-id=" + id));
    }

    /** {@code flink} with some arguments; what it says is in the file {@code flink.log}. */
    ChildJvm client(List<String> arguments) throws IOException {
        return start("flink", "org.apache.flink.client.cli.CliFrontend", "-Xmx384m", arguments);
    }

    private ChildJvm start(String name, String main, String heap, List<String> arguments)
            throws IOException {
        List<String> options =
                List.of(
                        heap,
                        "-XX:+UseSerialGC",
                        "-Dlog4j.configurationFile=" + conf.resolve("log4j.properties").toUri(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--add-opens",
                        "java.base/java.util=ALL-UNNAMED",
                        "--add-opens",
                        "java.base/java.lang=ALL-UNNAMED",
                        "--add-opens",
                        "java.base/java.nio=ALL-UNNAMED");
        return ChildJvm.start(
                name,
                new ChildJvm.Program(
                        main,
                        classPath,
                        options,
                        arguments,
                        Map.of("FLINK_CONF_DIR", conf.toString())),
                log(name));
    }

    /** Where a process of some name says what it does. */
    Path log(String name) {
        return logs.resolve(name.replaceFirst("-\\d+$", "") + ".log");
    }
}
