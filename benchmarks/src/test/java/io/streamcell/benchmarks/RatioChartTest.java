package io.streamcell.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class RatioChartTest {
    @Test
    void aBarStandsForEachRatioOnItsSideOfOne() throws Exception {
        RatioChart chart =
                new RatioChart(
                        "ours & theirs",
                        List.of(new RatioChart.Bar("<fast>", 4), new RatioChart.Bar("slow", 0.5)));
        Document svg =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(chart.svg())));
        assertThat(svg.getDocumentElement().getTextContent()).contains("ours & theirs", "<fast>");
        // The first is the background. The fast bar begins where the slow one ends: at 1.
        double slowEnd = number(svg, 2, "x") + number(svg, 2, "width");
        assertThat(number(svg, 1, "x"))
                .isCloseTo(slowEnd, org.assertj.core.data.Offset.offset(0.2));
        assertThat(number(svg, 1, "width")).isGreaterThan(number(svg, 2, "width"));
    }

    @Test
    void aRatioIsAboveZero() {
        assertThatThrownBy(() -> new RatioChart.Bar("b", 0))
                .hasMessage("a ratio must be above 0 and finite, got 0.0 of b");
    }

    private static double number(Document svg, int rectangle, String attribute) {
        return Double.parseDouble(
                svg.getElementsByTagName("rect")
                        .item(rectangle)
                        .getAttributes()
                        .getNamedItem(attribute)
                        .getNodeValue());
    }
}
