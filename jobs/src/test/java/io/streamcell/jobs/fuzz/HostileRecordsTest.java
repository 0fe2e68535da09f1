package io.streamcell.jobs.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code jobs/fuzz} does with millions of records, with a few thousand, and no fuzzer. */
class HostileRecordsTest {
    private static final int MUTATED = 2000;

    @ParameterizedTest
    @EnumSource(Format.class)
    void everySeedIsFollowed(Format format) {
        FuzzedFormat fuzzed = new FuzzedFormat(format);
        List<byte[]> seeds = Seeds.of(format);
        seeds.forEach(fuzzed::send);
        assertThat(fuzzed.counts().toString())
                .contains("SCORED", "RESET", "EXPORTED", "CONTROL")
                .doesNotContain("REJECTED format");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void everyMutatedRecordIsScoredOrRejectedAndOthersKeepTheirBits(Format format) {
        FuzzedFormat fuzzed = new FuzzedFormat(format);
        List<byte[]> seeds = Seeds.of(format);
        Random random = new Random(6);
        for (int k = 0; k < MUTATED; k++) {
            fuzzed.send(k % 2 == 0 ? mutated(seeds, random) : recipe(random));
        }
        assertThat(fuzzed.counts().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(MUTATED);
    }

    /** A few bytes changed, or a piece of another record put in. */
    private static byte[] mutated(List<byte[]> others, Random random) {
        byte[] mutated = others.get(random.nextInt(others.size())).clone();
        for (int left = random.nextInt(3); left >= 0; left--) {
            int at = random.nextInt(mutated.length);
            if (random.nextInt(4) == 0) {
                byte[] other = others.get(random.nextInt(others.size()));
                int from = random.nextInt(other.length);
                int count =
                        Math.min(
                                random.nextInt(16),
                                Math.min(other.length - from, mutated.length - at));
                System.arraycopy(other, from, mutated, at, count);
            } else {
                mutated[at] = (byte) random.nextInt(256);
            }
        }
        return mutated;
    }

    private static byte[] recipe(Random random) {
        byte[] recipe = new byte[10 + random.nextInt(10)];
        random.nextBytes(recipe);
        recipe[0] |= (byte) 0x80;
        return recipe;
    }
}
