package io.streamcell.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Prometheus in a process of its own, with Streamcell's alerts in a hurry. Owns it. */
final class Prometheus implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final String address;
    private final ChildJvm process;

    private Prometheus(String address, ChildJvm process) {
        this.address = address;
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param program its executable file
     * @param alerts the rules; their expressions stay, but what must be so for minutes must be so
     *     for two seconds
     * @param ports where it reads metrics, on this machine
     * @param work the run's folder
     */
    static Prometheus start(String program, Path alerts, List<Integer> ports, Path work)
            throws IOException {
        Path folder = Files.createDirectories(work.resolve("prometheus"));
        Files.writeString(folder.resolve("alerts.yml"), hurried(Files.readString(alerts)));
        Path config =
                Files.writeString(
                        folder.resolve("prometheus.yml"),
                        """
                        global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
                        rule_files: [alerts.yml]
                        scrape_configs:
                          - job_name: flink
                            static_configs:
                              - targets: [%s]
                        """
                                .formatted(
                                        String.join(
                                                ", ",
                                                ports.stream()
                                                        .map(port -> "'localhost:" + port + "'")
                                                        .toList())));
        String where = "127.0.0.1:" + FlinkInstallation.freePort();
        List<String> call =
                List.of(
                        program,
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=" + where);
        return new Prometheus(
                "http://" + where,
                ChildJvm.start("Prometheus", call, Map.of(), work.resolve("prometheus.log")));
    }

    /** The same rules, quicker. */
    static String hurried(String alerts) {
        return alerts.replaceAll("(?m)^( +for:) \\w+$", "$1 2s");
    }

    /** Waits until it answers and every rule was evaluated without an error. */
    void awaitReady() throws Exception {
        Waiting.until("Prometheus", this::ready);
    }

    private boolean ready() throws Exception {
        process.checkAlive();
        try {
            List<String> health = get("/api/v1/rules").findValuesAsText("health");
            // Of the group's rules; "unknown" before the first time.
            return !health.isEmpty() && health.stream().allMatch("ok"::equals);
        } catch (ConnectException e) {
            return false;
        }
    }

    /** The value of an expression that has one; NaN where it has none. */
    double query(String expression) throws IOException, InterruptedException {
        String asked = URLEncoder.encode(expression, StandardCharsets.UTF_8);
        JsonNode result = get("/api/v1/query?query=" + asked).path("data").path("result");
        return result.path(0).path("value").path(1).asDouble(Double.NaN);
    }

    /** Names of the alerts that are raised now. */
    Set<String> firing() throws IOException, InterruptedException {
        Set<String> names = new TreeSet<>();
        for (JsonNode alert : get("/api/v1/alerts").path("data").path("alerts")) {
            if (alert.path("state").asText().equals("firing")) {
                names.add(alert.path("labels").path("alertname").asText());
            }
        }
        return names;
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path)).build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            return JSON.createObjectNode();
        }
        return JSON.readTree(response.body());
    }

    /** What a process shows to those who read its metrics; nothing where none listens. */
    String page(int port) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics")).build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    @Override
    public void close() {
        process.close();
    }
}
