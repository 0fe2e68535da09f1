package io.streamcell.jobs.replay;

/** Measures how far apart scores of two models are. */
final class ShiftJudge implements Judge {
    private final Findings findings;
    private final Shifts shifts;

    /**
     * @param findings where timesteps are counted
     * @param shifts what is measured
     */
    ShiftJudge(Findings findings, Shifts shifts) {
        this.findings = findings;
        this.shifts = shifts;
    }

    @Override
    public void look(StreamComparison stream, OutputComparison output) {
        findings.look(stream, output);
    }

    @Override
    public int compare(Rows scored, Rows recorded, long first, int rows) {
        int width = scored.width();
        if (width != recorded.width()) {
            findings.count(Difference.OUTPUTS).add(rows);
            return rows;
        }
        int same = 0;
        for (int row = 0; row < rows; row++) {
            long timestep = first + row;
            same += scored.same(recorded, timestep, 1);
            int now = scored.at(timestep);
            int then = recorded.at(timestep);
            for (int k = 0; k < width; k++) {
                shifts.column(scored.name(), k)
                        .add(
                                scored.score().stream(),
                                timestep,
                                recorded.values()[then + k],
                                scored.values()[now + k]);
            }
            shifts.sample(
                    scored.score().stream(),
                    scored.name(),
                    timestep,
                    recorded.values()[then],
                    scored.values()[now]);
        }
        findings.same().add(same);
        findings.count(Difference.OUTPUTS).add(rows - same);
        return rows;
    }

    @Override
    public void missing(Rows scored) {
        findings.count(Difference.MISSING).add(scored.count());
    }

    @Override
    public void duplicate(Rows recorded) {
        findings.count(Difference.DUPLICATE).add(recorded.count());
    }

    @Override
    public void extra(Rows recorded) {
        findings.count(Difference.EXTRA).add(recorded.count());
    }

    @Override
    public void outside(Rows recorded) {
        findings.outside(recorded);
    }
}
