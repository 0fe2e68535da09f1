package io.streamcell.jobs.avro;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.formats.Excerpts;
import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * Confluent's registry of schemas, or one that speaks like it, over HTTP. Whoever asks keeps the
 * answers: an id's schema never changes. It answers on the caller's thread and starts none, which
 * would outlive the job that asked.
 */
public final class SchemaRegistry {
    private static final int TIMEOUT_MS = 10_000;
    private static final String TYPE = "application/vnd.schemaregistry.v1+json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegistryAddress address;

    private SchemaRegistry(RegistryAddress address) {
        this.address = address;
    }

    /** The registry, or null where there is none. */
    public static SchemaRegistry at(RegistryAddress address) {
        return address == null ? null : new SchemaRegistry(address);
    }

    private record Answer(int status, JsonNode body) {
        boolean ok() {
            return status / 100 == 2;
        }

        String message() {
            return "%d %s".formatted(status, Excerpts.line(body.path("message").asText()));
        }
    }

    /**
     * The schema with an id.
     *
     * @throws RejectedEventException if there is none, or it is not Avro's or needs others
     * @throws UncheckedIOException if the registry cannot be asked
     */
    Schema schema(int id) {
        Answer answer = ask("/schemas/ids/" + id, null);
        if (answer.status() == HttpURLConnection.HTTP_NOT_FOUND) {
            throw unusable(id, "the registry says " + answer.message());
        }
        if (!answer.ok()) {
            throw unreachable(new IOException("it says " + answer.message()));
        }
        String type = answer.body().path("schemaType").asText("AVRO");
        if (!type.equals("AVRO") || !answer.body().path("references").isEmpty()) {
            throw unusable(id, "one of type " + type + ", or with references to others");
        }
        try {
            return new Schema.Parser().parse(answer.body().path("schema").asText());
        } catch (AvroRuntimeException e) {
            throw unusable(id, Excerpts.line(e.getMessage()));
        }
    }

    /**
     * The id of a schema, which is registered if it is not yet.
     *
     * @throws ConfigurationException if the registry refuses it
     * @throws UncheckedIOException if the registry cannot be asked
     */
    int register(String subject, Schema schema) {
        String path =
                "/subjects/%s/versions"
                        .formatted(URLEncoder.encode(subject, StandardCharsets.UTF_8));
        String request = JSON.createObjectNode().put("schema", schema.toString()).toString();
        Answer answer = ask(path, request.getBytes(StandardCharsets.UTF_8));
        if (answer.status() / 100 == 4) {
            throw new ConfigurationException(
                    "the schema registry at %s must take the schema of %s, got %s"
                            .formatted(address, subject, answer.message()));
        }
        if (!answer.ok() || !answer.body().path("id").canConvertToInt()) {
            throw unreachable(new IOException("it says " + answer.message()));
        }
        return answer.body().path("id").intValue();
    }

    private Answer ask(String path, byte[] body) {
        try {
            URI uri = URI.create(address.url() + path);
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            connection.setRequestProperty("Accept", TYPE);
            if (address.basicAuth() != null) {
                byte[] user = address.basicAuth().getBytes(StandardCharsets.UTF_8);
                connection.setRequestProperty(
                        "Authorization", "Basic " + Base64.getEncoder().encodeToString(user));
            }
            if (body != null) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", TYPE);
                connection.getOutputStream().write(body);
            }
            int status = connection.getResponseCode();
            try (InputStream answer =
                    status < HttpURLConnection.HTTP_BAD_REQUEST
                            ? connection.getInputStream()
                            : connection.getErrorStream()) {
                return new Answer(status, tree(answer));
            }
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /** What it says; nothing where that is not JSON, as a proxy's page. */
    private static JsonNode tree(InputStream answer) throws IOException {
        try {
            return answer == null ? JSON.createObjectNode() : JSON.readTree(answer);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }

    private UncheckedIOException unreachable(IOException e) {
        return new UncheckedIOException(
                "the schema registry at %s must answer, got: %s".formatted(address, e.getMessage()),
                e);
    }

    private static RejectedEventException unusable(int id, String found) {
        return new RejectedEventException(
                Reason.FORMAT,
                "schema id %d must be that of an Avro schema, got: %s".formatted(id, found));
    }
}
