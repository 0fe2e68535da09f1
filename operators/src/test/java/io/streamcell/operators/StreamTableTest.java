package io.streamcell.operators;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamTableTest {
    private static final int STEPS = 50_000;

    /** Few ids make long runs of neighbours, where removing is what can go wrong. */
    @ParameterizedTest
    @ValueSource(ints = {3, 40, 3000})
    void findsWhatAMapFinds(int ids) {
        Random random = new Random(ids);
        StreamTable table = new StreamTable();
        Map<String, Resident> map = new HashMap<>();
        for (int step = 0; step < STEPS; step++) {
            String id = id(random.nextInt(ids));
            Resident known = map.get(id);
            assertThat(table.find(id)).isSameAs(known);
            if (known == null) {
                Resident added = new Resident(id);
                table.add(added);
                map.put(id, added);
            } else if (random.nextBoolean()) {
                table.remove(map.remove(id));
            }
            assertThat(table.size()).isEqualTo(map.size());
        }
        map.forEach((id, resident) -> assertThat(table.find(id)).isSameAs(resident));
    }

    /** Two ids of one hash code for each number. */
    private static String id(int number) {
        return (number % 2 == 0 ? "Aa" : "BB") + number / 2;
    }
}
