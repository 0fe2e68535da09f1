package io.streamcell.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a stream is called, it is no markup of the page. */
class PageTest {
    private static final String RESOURCES = "/io/streamcell/jobs/";
    private static final String[] NAMES = {
        "</script><script>alert(1)</script>", "<!--<script>", "<img src=x onerror=alert(1)>"
    };

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({"demo/report/report", "replay/report/shift"})
    void whatAStreamIsCalledIsNoMarkup(String name) throws IOException {
        ObjectNode data = new ObjectMapper().createObjectNode();
        for (String hostile : NAMES) {
            data.withArray("series").addObject().put("name", hostile);
            data.put("title", hostile).put("verdict", hostile);
        }
        Path file = folder.resolve("page.html");
        String resource = RESOURCES + name;
        new Page(resource + ".html", RESOURCES + "demo/report/report.css", resource + ".js")
                .write(data, file);

        assertThat(Files.readString(file))
                .doesNotContain(NAMES)
                .contains("\\u003c/script>\\u003cscript>alert(1)");
    }

    @ParameterizedTest
    @CsvSource({"demo/report/report.js", "replay/report/shift.js"})
    void aPagesScriptMakesNoMarkupOfText(String script) throws IOException {
        String text =
                new String(
                        Page.class.getResourceAsStream(RESOURCES + script).readAllBytes(),
                        StandardCharsets.UTF_8);

        assertThat(text)
                .contains("textContent")
                .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write")
                .doesNotContain("eval(", "new Function");
    }
}
