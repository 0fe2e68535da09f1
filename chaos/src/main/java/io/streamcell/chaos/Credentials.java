package io.streamcell.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Who may talk with the broker, and how each knows the other: passwords of SCRAM, and certificates
 * of an authority of this run's own.
 *
 * @param folder of the certificates and of the file of secrets
 * @param password the job's; stands in its file of options
 * @param truststorePassword stands in the file of secrets alone, where Kafka's clients read it
 */
record Credentials(Path folder, String password, String truststorePassword, String brokerPassword) {
    static final String USER = "scorer";

    private static final String BROKER = "broker";
    private static final String MECHANISM = "SCRAM-SHA-512";
    private static final String TRUSTSTORE_KEY = "truststore-password";

    /**
     * Makes them.
     *
     * @param folder empty or absent
     */
    static Credentials make(Path folder) throws IOException, InterruptedException {
        Credentials made =
                new Credentials(
                        Files.createDirectories(folder), secret("a"), secret("b"), secret("c"));
        Files.writeString(made.secrets(), TRUSTSTORE_KEY + "=" + made.truststorePassword() + "\n");
        Certificates authority =
                Certificates.authority(folder.resolve("authority"), made.brokerPassword());
        authority.issue("localhost", made.keystore());
        authority.trust(made.truststore(), made.truststorePassword());
        Certificates.authority(folder.resolve("stranger"), made.brokerPassword())
                .trust(made.strangersTruststore(), made.truststorePassword());
        return made;
    }

    /** Text that is nowhere else by chance. */
    private static String secret(String beginning) {
        return beginning + "canary" + UUID.randomUUID().toString().replace("-", "");
    }

    /** The file that holds what no option says. */
    Path secrets() {
        return folder.resolve("secrets.properties");
    }

    private Path keystore() {
        return folder.resolve("broker.p12");
    }

    private Path truststore() {
        return folder.resolve("truststore.p12");
    }

    private Path strangersTruststore() {
        return folder.resolve("strangers-truststore.p12");
    }

    /** What the broker's configuration says. */
    Map<String, String> brokerProperties() {
        Map<String, String> properties = new HashMap<>();
        properties.put("sasl.enabled.mechanisms", MECHANISM);
        properties.put("sasl.mechanism.inter.broker.protocol", MECHANISM);
        properties.put(
                "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
                login(BROKER, brokerPassword));
        properties.put("ssl.keystore.type", "PKCS12");
        properties.put("ssl.keystore.location", keystore().toString());
        properties.put("ssl.keystore.password", brokerPassword);
        properties.put("ssl.truststore.type", "PKCS12");
        properties.put("ssl.truststore.location", truststore().toString());
        properties.put(
                "ssl.truststore.password", "${file:%s:%s}".formatted(secrets(), TRUSTSTORE_KEY));
        properties.putAll(fileProvider());
        return properties;
    }

    /**
     * What makes both users known to the broker; it keeps no password, but what SCRAM makes of it.
     */
    List<String> formatArguments() {
        return List.of(
                "--add-scram",
                "%s=[name=%s,password=%s]".formatted(MECHANISM, BROKER, brokerPassword),
                "--add-scram",
                "%s=[name=%s,password=%s]".formatted(MECHANISM, USER, password));
    }

    /** How a client talks with the broker. */
    Map<String, Object> client() {
        Map<String, Object> options = new LinkedHashMap<>(fileProvider());
        options.put("security.protocol", "SASL_SSL");
        options.put("sasl.mechanism", MECHANISM);
        options.put("sasl.jaas.config", login(USER, password));
        options.put("ssl.truststore.location", truststore().toString());
        options.put(
                "ssl.truststore.password", "${file:%s:%s}".formatted(secrets(), TRUSTSTORE_KEY));
        return options;
    }

    private static Map<String, String> fileProvider() {
        return Map.of(
                "config.providers", "file",
                "config.providers.file.class",
                        "org.apache.kafka.common.config.provider.FileConfigProvider");
    }

    /** The same as it stands in the job's file. */
    Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        client().forEach((key, value) -> options.put("kafka.properties." + key, value.toString()));
        return options;
    }

    /** A client that says what is not so; by what is wrong with it. */
    Map<String, Map<String, Object>> strangers() {
        Map<String, Map<String, Object>> strangers = new LinkedHashMap<>();
        strangers.put("no TLS, no user", Map.of());
        strangers.put("no TLS", with("security.protocol", "SASL_PLAINTEXT"));
        strangers.put("no user", with("security.protocol", "SSL"));
        strangers.put("another password", with("sasl.jaas.config", login(USER, secret("d"))));
        strangers.put("an unknown user", with("sasl.jaas.config", login("nobody", password)));
        strangers.put(
                "another authority",
                with("ssl.truststore.location", strangersTruststore().toString()));
        return strangers;
    }

    private Map<String, Object> with(String key, String value) {
        Map<String, Object> changed = new HashMap<>(client());
        changed.put(key, value);
        return changed;
    }

    private static String login(String user, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(user, password);
    }
}
