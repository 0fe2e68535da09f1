package io.streamcell.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every library has a licence that an Apache-licensed product may go with, and is listed. */
class ThirdPartyITCase {
    private static final File BILL = new File("target/classes/META-INF/sbom/streamcell.cdx.json");
    private static final Set<String> ALLOWED =
            Set.of("Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "Go License");
    private static final String HEAD =
            """
            # Libraries and their licences
            Written from the bill of materials (CycloneDX, in the jar under `META-INF/sbom`); a test keeps it true. The plain jar
            for `flink run` has some of them inside; the others are what `./streamcell` puts on the class path. Where several
            licences are named, one can be chosen. The providers for GPUs and ND4J bring their own beside these.

            | Library | Version | Licence |
            |---|---|---|
            """;

    @Test
    void everyLibraryIsListedWithALicenceThatIsAllowed() throws IOException {
        assumeThat(BILL).as("made where Maven is online").exists();
        TreeMap<String, String> lines = new TreeMap<>();
        for (JsonNode library : new ObjectMapper().readTree(BILL).get("components")) {
            String name = library.get("group").asText() + ":" + library.get("name").asText();
            if (!name.startsWith("io.streamcell:")) {
                List<String> licences = licences(library);
                assertThat(licences).as(name).anyMatch(ALLOWED::contains);
                lines.put(
                        name,
                        "| %s | %s | %s |\n"
                                .formatted(
                                        name,
                                        library.get("version").asText(),
                                        String.join(", ", licences)));
            }
        }
        assertThat(lines).isNotEmpty();
        GeneratedFiles.check(
                Path.of("../docs/third-party.md"), HEAD + String.join("", lines.values()));
    }

    private static List<String> licences(JsonNode library) {
        List<String> licences = new ArrayList<>();
        for (JsonNode each : library.path("licenses")) {
            JsonNode licence = each.path("license");
            licences.add(
                    licence.has("id") ? licence.get("id").asText() : licence.path("name").asText());
        }
        return licences;
    }
}
