package io.streamcell.kernels;

import io.streamcell.models.StateLayout;
import java.util.Arrays;

/** A slab in the Java heap, in pages that are made when a slot of theirs is first used. */
public final class HostSlab implements StateSlab {
    private static final int PAGE_FLOATS = 1 << 18;

    private final StateLayout layout;
    private final int slots;
    private final int slotsPerPage;
    private final float[][] pages;

    public HostSlab(StateLayout layout, int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException("a slab must have a slot, got " + slots);
        }
        this.layout = layout;
        this.slots = slots;
        int fitting = Math.max(1, PAGE_FLOATS / Math.max(1, layout.width()));
        this.slotsPerPage = Integer.highestOneBit(fitting);
        this.pages = new float[(slots + slotsPerPage - 1) / slotsPerPage][];
    }

    /** The array that holds a slot's row, from {@link #offset}. */
    public float[] page(int slot) {
        int number = slot / slotsPerPage;
        float[] page = pages[number];
        if (page == null) {
            int held = Math.min(slotsPerPage, slots - number * slotsPerPage);
            page = new float[held * layout.width()];
            pages[number] = page;
        }
        return page;
    }

    /** Where a slot's row begins in its page. */
    public int offset(int slot) {
        return slot % slotsPerPage * layout.width();
    }

    /** All pages, those that no slot was used of as null; for kernels. */
    public float[][] pages() {
        return pages;
    }

    /** Slots of one page, a power of two; the last page may hold fewer. */
    public int slotsPerPage() {
        return slotsPerPage;
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public void reset(int slot) {
        layout.writeInitial(0, layout.width(), page(slot), offset(slot));
    }

    @Override
    public void startChunk(int slot) {
        layout.writeInitial(layout.carriedWidth(), layout.width(), page(slot), offset(slot));
    }

    @Override
    public void read(int slot, float[] state) {
        System.arraycopy(page(slot), offset(slot), state, 0, layout.carriedWidth());
    }

    @Override
    public void read(int[] chosen, int count, float[] states) {
        int width = layout.carriedWidth();
        for (int k = 0; k < count; k++) {
            System.arraycopy(page(chosen[k]), offset(chosen[k]), states, k * width, width);
        }
    }

    @Override
    public void write(int slot, float[] state) {
        float[] page = page(slot);
        int from = offset(slot);
        for (int k = 0; k < layout.carriedWidth(); k++) {
            page[from + k] = Float.isNaN(state[k]) ? Float.NaN : state[k];
        }
        startChunk(slot);
    }

    @Override
    public void close() {
        Arrays.fill(pages, null);
    }
}
