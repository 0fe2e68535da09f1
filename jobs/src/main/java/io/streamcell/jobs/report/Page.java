package io.streamcell.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A self-contained page, of resources: its template, what it looks like, what draws it, and uPlot.
 * Its data stand in it as JSON; nothing of them is ever markup.
 */
public record Page(String template, String style, String script) {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Writes the page with its data. */
    public void write(JsonNode data, Path file) throws IOException {
        // '<' cannot end the script element that holds the data.
        String json = JSON.writeValueAsString(data).replace("<", "\\u003c");
        String page = resource(template);
        page = page.replace("/*uplot.css*/", resource(UPLOT + "uPlot.min.css"));
        page = page.replace("/*report.css*/", resource(style));
        page = page.replace("/*uplot.js*/", resource(UPLOT + "uPlot.iife.min.js"));
        page = page.replace("/*report.js*/", resource(script));
        page = page.replace("@data@", json);
        Files.writeString(file, page);
    }

    private static String resource(String path) throws IOException {
        try (InputStream stream = Page.class.getResourceAsStream(path)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
