package io.streamcell.models.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of operators in docs/layers.md. */
class OperatorTableTest {
    @Test
    void theTableNamesTheOperatorsThatAreReadAndNoOther() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("../docs/layers.md"));
        Set<String> named = new TreeSet<>();
        Pattern row = Pattern.compile("\\| `(\\w+)` \\| yes \\|.*");
        for (String line : lines.subList(lines.indexOf("## ONNX"), lines.size())) {
            Matcher matcher = row.matcher(line);
            if (matcher.matches()) {
                named.add(matcher.group(1));
            }
        }
        assertThat(named).isEqualTo(Operators.types());
    }
}
