package io.streamcell.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAligned() {
        Table table = new Table(List.of("case", "rate"));
        table.add(List.of("one row", "9"));
        table.add(List.of("two", "840 k"));
        assertThat(table.toString())
                .isEqualTo(
                        """
                        case      rate
                        one row      9
                        two      840 k
                        """);
    }

    @Test
    void ratesHaveThreeDigits() {
        assertThat(List.of(0.123, 9.996, 99.96, 999.6, 840_123.0, 1.26e6, 4.2e13))
                .extracting(Table::rate)
                .containsExactly("0.12", "10.0", "100", "1.00 k", "840 k", "1.26 M", "42000 G");
    }

    @Test
    void aRowHasACellForEachHeading() {
        Table table = new Table(List.of("case", "rate"));
        assertThatThrownBy(() -> table.add(List.of("one")))
                .hasMessage("a row must have 2 cells, got 1");
    }
}
