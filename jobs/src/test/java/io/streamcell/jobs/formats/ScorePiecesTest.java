package io.streamcell.jobs.formats;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Score;
import io.streamcell.state.StreamState;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScorePiecesTest {
    private static final OutputValues ROWS =
            new OutputValues("rows", new float[] {1, 2, 3, 4, 5, 6}, 3, true, List.of(2));
    private static final OutputValues LAST =
            new OutputValues("last", new float[] {9}, 1, false, List.of(1));

    @Test
    void piecesAreTheScoreAndFlagsStandOnTheFirst() {
        List<Score> halves = ScorePieces.halves(score(new long[] {10, 20, 30}, ROWS));

        assertThat(halves).extracting(Score::start).containsExactly(7L, 8L);
        assertThat(halves).extracting(Score::flags).containsExactly(StreamState.GAP, 0);
        assertThat(halves.get(0).times()).containsExactly(10);
        assertThat(halves.get(1).times()).containsExactly(20, 30);
        assertThat(halves.get(0).outputs().get(0).values()).containsExactly(1, 2);
        assertThat(halves.get(1).outputs().get(0).values()).containsExactly(3, 4, 5, 6);
    }

    @Test
    void anOutputPerChunkStandsInTheLastPiece() {
        List<Score> halves = ScorePieces.halves(score(new long[] {10}, ROWS, LAST));

        assertThat(halves.get(0).outputs()).extracting(OutputValues::name).containsExactly("rows");
        assertThat(halves.get(1).outputs())
                .extracting(OutputValues::name)
                .containsExactly("rows", "last");
        assertThat(halves.get(1).times()).containsExactly(10);
    }

    @Test
    void oneRowCannotBeCut() {
        OutputValues one = new OutputValues(null, new float[] {1}, 1, true, List.of(1));

        assertThat(ScorePieces.canCut(score(new long[0], one))).isFalse();
        assertThat(ScorePieces.canCut(score(new long[0], LAST))).isFalse();
        assertThat(ScorePieces.canCut(score(new long[0], ROWS, LAST))).isTrue();
    }

    private static Score score(long[] times, OutputValues... outputs) {
        return new Score("s", 7, times, List.of(outputs), "m", StreamState.GAP, List.of());
    }
}
