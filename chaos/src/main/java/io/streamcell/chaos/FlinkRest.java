package io.streamcell.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a Flink cluster says of itself, and is told, over HTTP. */
final class FlinkRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final String address;

    FlinkRest(int port) {
        this.address = "http://localhost:" + port;
    }

    /**
     * A completed checkpoint.
     *
     * @param id 0 where there is none
     * @param triggeredAt when it began, epoch milliseconds
     */
    record Checkpoint(long id, long triggeredAt, String path) {}

    /** TaskManagers that are registered, by their resource ids. */
    Set<String> taskManagers() throws IOException, InterruptedException {
        Set<String> ids = new TreeSet<>();
        for (JsonNode each : get("/taskmanagers").path("taskmanagers")) {
            ids.add(each.path("id").asText());
        }
        return ids;
    }

    /** TaskManagers on which a job has running tasks. */
    Set<String> taskManagers(String job) throws IOException, InterruptedException {
        Set<String> ids = new TreeSet<>();
        for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
            JsonNode all = get("/jobs/" + job + "/vertices/" + vertex.path("id").asText());
            for (JsonNode subtask : all.path("subtasks")) {
                if (subtask.path("status").asText().equals("RUNNING")) {
                    ids.add(subtask.path("taskmanager-id").asText());
                }
            }
        }
        return ids;
    }

    String status(String job) throws IOException, InterruptedException {
        return get("/jobs/" + job).path("state").asText();
    }

    /** Why a job failed last. */
    String failure(String job) throws IOException, InterruptedException {
        JsonNode last = get("/jobs/" + job + "/exceptions").path("exceptionHistory");
        return last.path("entries").path(0).path("stacktrace").asText("nothing is known");
    }

    /** The newest completed checkpoint. */
    Checkpoint newest(String job) throws IOException, InterruptedException {
        JsonNode latest = get("/jobs/" + job + "/checkpoints").path("latest").path("completed");
        return new Checkpoint(
                latest.path("id").asLong(),
                latest.path("trigger_timestamp").asLong(),
                latest.path("external_path").asText());
    }

    /** The checkpoint that the job was restored from last; id 0 where it was not. */
    Checkpoint restored(String job) throws IOException, InterruptedException {
        JsonNode restored = get("/jobs/" + job + "/checkpoints").path("latest").path("restored");
        return new Checkpoint(
                restored.path("id").asLong(),
                restored.path("restore_timestamp").asLong(),
                restored.path("external_path").asText());
    }

    /** Stops a job with a savepoint that any state backend can be restored from; gives its path. */
    String stop(String job, Path folder) throws Exception {
        String body =
                JSON.createObjectNode()
                        .put("targetDirectory", folder.toUri().toString())
                        .put("drain", false)
                        .put("formatType", "CANONICAL")
                        .toString();
        String trigger = send("POST", "/jobs/" + job + "/stop", body).path("request-id").asText();
        String[] path = new String[1];
        Waiting.until(
                "a savepoint",
                () -> {
                    JsonNode answer = get("/jobs/" + job + "/savepoints/" + trigger);
                    JsonNode failed = answer.path("operation").path("failure-cause");
                    if (!failed.isMissingNode()) {
                        throw new IllegalStateException(
                                "the job must stop with a savepoint, got " + failed);
                    }
                    path[0] = answer.path("operation").path("location").asText();
                    return answer.path("status").path("id").asText().equals("COMPLETED");
                });
        return path[0];
    }

    void cancel(String job) throws IOException, InterruptedException {
        JsonNode unused = send("PATCH", "/jobs/" + job + "?mode=cancel", "");
    }

    /** All that its page shows of the cluster, or is drawn from; by path. */
    Map<String, String> clusterPages() throws IOException, InterruptedException {
        List<String> paths =
                new ArrayList<>(
                        List.of(
                                "/config",
                                "/overview",
                                "/jobs/overview",
                                "/jobmanager/config",
                                "/jobmanager/environment",
                                "/jobmanager/thread-dump",
                                "/jobmanager/logs",
                                "/taskmanagers"));
        for (String id : taskManagers()) {
            paths.add("/taskmanagers/" + id);
            paths.add("/taskmanagers/" + id + "/thread-dump");
        }
        return pages(paths);
    }

    /** The same of a job. */
    Map<String, String> jobPages(String job) throws IOException, InterruptedException {
        String root = "/jobs/" + job;
        List<String> paths = new ArrayList<>(List.of(root));
        for (String page :
                List.of(
                        "/config",
                        "/plan",
                        "/exceptions",
                        "/accumulators?includeSerializedValue=true",
                        "/checkpoints",
                        "/checkpoints/config",
                        "/jobmanager/config",
                        "/jobmanager/environment")) {
            paths.add(root + page);
        }
        for (JsonNode vertex : get(root).path("vertices")) {
            String path = root + "/vertices/" + vertex.path("id").asText();
            paths.addAll(List.of(path, path + "/accumulators", path + "/taskmanagers"));
        }
        return pages(paths);
    }

    private Map<String, String> pages(List<String> paths) throws IOException, InterruptedException {
        Map<String, String> pages = new TreeMap<>();
        for (String path : paths) {
            pages.put(path, get(path).toString());
        }
        return pages;
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    private JsonNode send(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address + path))
                        .timeout(TIMEOUT)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body))
                        .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(
                    "%s %s must succeed, got %d: %s"
                            .formatted(method, path, response.statusCode(), response.body()));
        }
        return JSON.readTree(response.body());
    }
}
