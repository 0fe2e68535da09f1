package io.streamcell.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class RoundsTest {
    @Test
    void everyRoundBeginsWithAnotherSubject() {
        List<String> order = new ArrayList<>();
        List<DoubleSupplier> subjects =
                List.of(subject("a", order), subject("b", order), subject("c", order));
        double[][] rates = Rounds.run(subjects, 2);
        assertThat(order).containsExactly("a", "b", "c", "b", "c", "a");
        assertThat(rates[0]).containsExactly(1, 6);
        assertThat(rates[2]).containsExactly(3, 5);
    }

    private static DoubleSupplier subject(String name, List<String> order) {
        return () -> {
            order.add(name);
            return order.size();
        };
    }
}
