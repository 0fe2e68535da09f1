package io.streamcell.jobs.avro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * Answers as Confluent's registry does, with its paths, status codes and bodies: ids from 1, one
 * for each schema, compatibility BACKWARD within a subject. Owns a port of the loopback.
 */
public final class RegistryStandIn implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final String user;
    private final List<Schema> schemas = new ArrayList<>();
    private final Map<String, Schema> latest = new HashMap<>();
    private int requests;

    private RegistryStandIn(HttpServer server, String user) {
        this.server = server;
        this.user = user;
    }

    /**
     * @param user user:password that everybody must give, or null
     */
    public static RegistryStandIn start(String user) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        RegistryStandIn registry = new RegistryStandIn(server, user);
        server.createContext("/", registry::answer);
        server.start();
        return registry;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What the job is given to reach it. */
    RegistryAddress address() {
        return new RegistryAddress(url() + "/", user);
    }

    /** Registers a schema as a producer would; its id. */
    public synchronized int add(Schema schema) {
        if (!schemas.contains(schema)) {
            schemas.add(schema);
        }
        return schemas.indexOf(schema) + 1;
    }

    /** The latest schema of a subject. */
    public synchronized Schema latest(String subject) {
        return latest.get(subject);
    }

    synchronized int requests() {
        return requests;
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        requests++;
        String path = exchange.getRequestURI().getRawPath();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (user != null && !basic(user).equals(authorization)) {
            send(exchange, 401, error(40101, "Unauthorized"));
        } else if (path.matches("/schemas/ids/-?\\d+")) {
            get(exchange, Integer.parseInt(path.substring("/schemas/ids/".length())));
        } else if (path.matches("/subjects/[^/]+/versions")) {
            post(exchange, URLDecoder.decode(path.split("/")[2], StandardCharsets.UTF_8));
        } else {
            send(exchange, 404, "<html>not a page of ours</html>");
        }
    }

    private static String basic(String user) {
        byte[] bytes = user.getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(bytes);
    }

    private void get(HttpExchange exchange, int id) throws IOException {
        if (id < 1 || id > schemas.size()) {
            send(exchange, 404, error(40403, "Schema " + id + " not found"));
            return;
        }
        String schema = schemas.get(id - 1).toString();
        send(exchange, 200, JSON.createObjectNode().put("schema", schema).toString());
    }

    private void post(HttpExchange exchange, String subject) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody());
        Schema schema;
        try {
            schema = new Schema.Parser().parse(request.get("schema").asText());
        } catch (AvroRuntimeException e) {
            send(exchange, 422, error(42201, "Invalid schema"));
            return;
        }
        Schema before = latest.get(subject);
        if (before != null
                && SchemaCompatibility.checkReaderWriterCompatibility(schema, before).getType()
                        != SchemaCompatibilityType.COMPATIBLE) {
            send(exchange, 409, error(409, "Schema being registered is incompatible"));
            return;
        }
        latest.put(subject, schema);
        send(exchange, 200, JSON.createObjectNode().put("id", add(schema)).toString());
    }

    private static String error(int code, String message) {
        return JSON.createObjectNode().put("error_code", code).put("message", message).toString();
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
