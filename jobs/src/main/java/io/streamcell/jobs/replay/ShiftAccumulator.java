package io.streamcell.jobs.replay;

import org.apache.flink.api.common.accumulators.Accumulator;

/** Brings what tasks measured together. */
public final class ShiftAccumulator implements Accumulator<Shifts, Shifts> {
    private static final long serialVersionUID = 1;

    private Shifts shifts = new Shifts();

    @Override
    public void add(Shifts more) {
        shifts.merge(more);
    }

    @Override
    public Shifts getLocalValue() {
        return shifts;
    }

    @Override
    public void resetLocal() {
        shifts = new Shifts();
    }

    @Override
    public void merge(Accumulator<Shifts, Shifts> other) {
        shifts.merge(other.getLocalValue());
    }

    @Override
    public ShiftAccumulator clone() {
        ShiftAccumulator copy = new ShiftAccumulator();
        copy.add(shifts);
        return copy;
    }
}
