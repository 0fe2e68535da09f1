package io.streamcell.operators;

/**
 * Resident streams by their ids: open addressing with linear probing, half full at most, where a
 * look-up of a stream at hand mostly touches one place of the table and compares one id.
 */
final class StreamTable {
    private static final int FEWEST_PLACES = 64;

    /** 2^32 divided by the golden ratio: spreads hash codes that lie close together (Knuth). */
    private static final int SPREAD = 0x9E3779B9;

    private Resident[] residents = new Resident[FEWEST_PLACES];
    private int[] hashes = new int[FEWEST_PLACES];
    private int size;

    /** The stream, or null where it is not resident. */
    Resident find(String stream) {
        int hash = stream.hashCode();
        int at = place(hash);
        while (residents[at] != null) {
            if (hashes[at] == hash && residents[at].stream.equals(stream)) {
                return residents[at];
            }
            at = next(at);
        }
        return null;
    }

    /** What stands first in the way of a stream's look-up: mostly the stream, if it is resident. */
    Resident first(String stream) {
        return residents[place(stream.hashCode())];
    }

    /** Adds a stream that is not there. */
    void add(Resident resident) {
        if (2 * (size + 1) > residents.length) {
            grow();
        }
        put(resident, resident.stream.hashCode());
        size++;
    }

    private void put(Resident resident, int hash) {
        int at = place(hash);
        while (residents[at] != null) {
            at = next(at);
        }
        residents[at] = resident;
        hashes[at] = hash;
    }

    private void grow() {
        Resident[] old = residents;
        int[] oldHashes = hashes;
        residents = new Resident[2 * old.length];
        hashes = new int[2 * old.length];
        for (int k = 0; k < old.length; k++) {
            if (old[k] != null) {
                put(old[k], oldHashes[k]);
            }
        }
    }

    /** Removes a stream that is there, and moves those up that it stood in the way of. */
    void remove(Resident resident) {
        int hole = place(resident.stream.hashCode());
        while (residents[hole] != resident) {
            hole = next(hole);
        }
        for (int at = next(hole); residents[at] != null; at = next(at)) {
            int wanted = place(hashes[at]);
            boolean mayMove =
                    hole <= at ? wanted <= hole || wanted > at : wanted <= hole && wanted > at;
            if (mayMove) {
                residents[hole] = residents[at];
                hashes[hole] = hashes[at];
                hole = at;
            }
        }
        residents[hole] = null;
        size--;
    }

    private int place(int hash) {
        return hash * SPREAD >>> 32 - Integer.numberOfTrailingZeros(residents.length);
    }

    private int next(int at) {
        return at + 1 & residents.length - 1;
    }

    int size() {
        return size;
    }
}
