package io.streamcell.jobs.replay;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What a stream's scores were and are, at timesteps that are equally far apart; the more there are,
 * the further.
 */
public final class ShiftCourse implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int MOST = 1024;

    private final String output;
    private long stride = 1;
    private int count;
    private final long[] timesteps = new long[MOST];
    private final float[] then = new float[MOST];
    private final float[] now = new float[MOST];

    ShiftCourse(String output) {
        this.output = output;
    }

    String output() {
        return output;
    }

    void add(long timestep, float was, float is) {
        if (timestep % stride != 0) {
            return;
        }
        if (count == MOST) {
            stride *= 2;
            int kept = 0;
            for (int k = 0; k < count; k++) {
                if (timesteps[k] % stride == 0) {
                    timesteps[kept] = timesteps[k];
                    then[kept] = then[k];
                    now[kept++] = now[k];
                }
            }
            count = kept;
            add(timestep, was, is);
            return;
        }
        timesteps[count] = timestep;
        then[count] = was;
        now[count++] = is;
    }

    /** The timesteps, in the order in which they were compared. */
    public long[] timesteps() {
        return Arrays.copyOf(timesteps, count);
    }

    /** The scores of the model that scored then. */
    public float[] then() {
        return Arrays.copyOf(then, count);
    }

    /** The scores of the other model. */
    public float[] now() {
        return Arrays.copyOf(now, count);
    }
}
