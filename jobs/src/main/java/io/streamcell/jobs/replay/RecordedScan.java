package io.streamcell.jobs.replay;

import io.streamcell.jobs.formats.OutputTimes;
import io.streamcell.jobs.formats.ScoreUse;
import io.streamcell.operators.Flags;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Recorded;
import io.streamcell.operators.Score;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.StreamEvent;
import io.streamcell.state.StreamState;
import java.util.HashSet;

/**
 * Makes of recorded scores what a replay is told before the events. Of most there is nothing to
 * tell: nothing had happened before them, the model is the one that the replay begins with, and no
 * control event could have concerned them.
 *
 * @param first fingerprints of the models that the replay begins with; empty where another one
 *     scores now, so that changes of model are not obeyed
 * @param earliest event time of the first control event
 */
record RecordedScan(OutputTimes times, Lanes lanes, HashSet<Long> first, long earliest)
        implements ScoreUse<Incoming> {
    private static final long serialVersionUID = 1;

    @Override
    public Incoming of(Score score, long timestamp) {
        boolean obeysModels = !first.isEmpty();
        int flags = score.flags() & ~Flags.OUTPUT_NOT_FINITE;
        if (!obeysModels) {
            flags &= ~StreamState.MODEL;
        }
        long model = obeysModels ? ServedModel.fingerprint(score.model()) : Recorded.ANY;
        long time = score.times().length > 0 ? score.lastTime() : timestamp;
        boolean usual = !obeysModels || first.contains(model);
        if (flags == 0 && usual && time < earliest) {
            return null;
        }
        Recorded recorded = new Recorded(score.start(), rows(score), flags, model);
        return Incoming.of(StreamEvent.recorded(score.stream(), lanes.of(score.model()), recorded));
    }

    private int rows(Score score) {
        for (OutputValues output : score.outputs()) {
            if (times.timed(score.model(), output.name())) {
                return output.rows();
            }
        }
        return Recorded.UNKNOWN;
    }
}
