package io.streamcell.jobs.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.apache.flink.configuration.ConfigOption;
import org.junit.jupiter.api.Test;

class FlinkKeysTest {
    @Test
    void theListOfFlinksKeysIsThatOfItsOptions() throws Exception {
        TreeSet<String> keys = new TreeSet<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            String jar = Path.of(entry).getFileName().toString();
            if (jar.matches("flink-.*\\.jar")
                    && !jar.matches(
                            ".*(test|connector|table|json|csv|cep|file-sink|datagen|state-processor).*")) {
                for (String type : optionClasses(entry)) {
                    collect(type, keys);
                }
            }
        }
        GeneratedFiles.check(
                Path.of("src/main/resources/io/streamcell/jobs/config/flink-keys.txt"),
                String.join("\n", keys) + "\n");
    }

    private static List<String> optionClasses(String jar) throws IOException {
        try (JarFile file = new JarFile(jar)) {
            return file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.matches("org/apache/flink/[^$]*Options\\.class"))
                    .map(name -> name.replace('/', '.').replace(".class", ""))
                    .toList();
        }
    }

    private static void collect(String type, Set<String> keys) throws IllegalAccessException {
        Field[] fields;
        try {
            fields = Class.forName(type).getFields();
        } catch (ClassNotFoundException | LinkageError e) {
            // Of a system that is not on the class path: nobody here can set its options.
            return;
        }
        for (Field field : fields) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigOption.class) {
                ConfigOption<?> option = (ConfigOption<?>) field.get(null);
                keys.add(option.key());
                option.fallbackKeys().forEach(fallback -> keys.add(fallback.getKey()));
            }
        }
        // Placeholders, and words that only a table's own options are.
        keys.removeIf(key -> !key.matches("[a-zA-Z][a-zA-Z0-9_-]*\\..*[^>]"));
    }

    @Test
    void aMisspeltKeyIsRefusedWithTheNearestOne() {
        KnownKeys.check("state.backend.type", "job.yaml");
        KnownKeys.check("metrics.reporter.prom.port", "job.yaml");
        assertThatThrownBy(() -> KnownKeys.check("execution.checkpointing.intervall", "job.yaml"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "every option must be one of Streamcell's or Flink's, got execution.checkpointing.intervall in job.yaml; did you mean execution.checkpointing.interval?");
    }
}
