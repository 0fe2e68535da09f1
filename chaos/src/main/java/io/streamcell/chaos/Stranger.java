package io.streamcell.chaos;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/**
 * A client that should not get in.
 *
 * @param what is wrong with it
 * @param properties of it
 */
record Stranger(String what, Map<String, Object> properties) {
    private static final int PATIENCE_MILLIS = 3_000;

    /**
     * Asks for the broker's topics; gives why it does not get them.
     *
     * @throws IllegalStateException if it does
     */
    String refusedBy(String bootstrapServers) throws InterruptedException {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("bootstrap.servers", bootstrapServers);
        all.put("request.timeout.ms", PATIENCE_MILLIS);
        all.put("default.api.timeout.ms", PATIENCE_MILLIS);
        try (Admin admin = Admin.create(all)) {
            int count = admin.listTopics().names().get().size();
            throw new IllegalStateException(
                    "a client with %s must be refused, got %d topics".formatted(what, count));
        } catch (ExecutionException e) {
            return e.getCause().getClass().getSimpleName();
        }
    }
}
