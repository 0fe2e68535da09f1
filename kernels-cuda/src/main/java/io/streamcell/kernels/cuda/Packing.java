package io.streamcell.kernels.cuda;

import java.util.List;

/**
 * The order in which a product's weights lie on the device, for each kind of product in {@code
 * product.cuh}, {@code tensor.cuh} and {@code warpgroup.cuh}. The columns stand in groups of four;
 * tiles of groups come one after another, in each the parts of the sum one after another, their k
 * padded with zeros.
 */
enum Packing {
    /** {@code [tile][k][group][4]} in float32. */
    EXACT(32, 16, 1) {
        @Override
        void pack(Chunk chunk, int[] to, int at) {
            int place = at;
            for (int k = 0; k < depth; k++) {
                for (int group = 0; group < groups; group++) {
                    for (int column = 0; column < 4; column++) {
                        to[place++] = Float.floatToRawIntBits(chunk.weight(k, group, column));
                    }
                }
            }
        }
    },

    /**
     * tf32 for mma.m16n8k8: {@code [k/16][tile of 8 columns][lane][4]}, lane {@code 4n + t} with
     * column n and k = 4t to 4t+3.
     */
    MMA_TF32(64, 32, 1) {
        @Override
        void pack(Chunk chunk, int[] to, int at) {
            int place = at;
            for (int k = 0; k < depth; k += 16) {
                for (int tile = 0; tile < 32; tile++) {
                    for (int lane = 0; lane < 32; lane++) {
                        for (int i = 0; i < 4; i++) {
                            to[place++] = tf32(chunk.column(k + lane % 4 * 4 + i, tile, lane / 4));
                        }
                    }
                }
            }
        }
    },

    /** bfloat16 for mma.m16n8k16: {@code [k/16][pair of tiles][lane][2][4]}. */
    MMA_BF16(64, 32, 2) {
        @Override
        void pack(Chunk chunk, int[] to, int at) {
            int place = at;
            for (int k = 0; k < depth; k += 16) {
                for (int pair = 0; pair < 16; pair++) {
                    for (int lane = 0; lane < 32; lane++) {
                        for (int i = 0; i < 8; i += 2) {
                            int from = k + lane % 4 * 4 + i % 4;
                            int tile = pair * 2 + i / 4;
                            to[place++] =
                                    pairOfBf16(
                                            chunk.column(from, tile, lane / 4),
                                            chunk.column(from + 1, tile, lane / 4));
                        }
                    }
                }
            }
        }
    },

    /**
     * tf32 for wgmma.m64n256k8: cores of 8 columns by 4 values of k, {@code [k/8][2][tile of 8
     * columns][8][4]}; value e of core j has k = 4e + j of four lanes' sixteen.
     */
    WGMMA_TF32(64, 32, 1) {
        @Override
        void pack(Chunk chunk, int[] to, int at) {
            int place = at;
            for (int k = 0; k < depth; k += 16) {
                for (int core = 0; core < 4; core++) {
                    for (int tile = 0; tile < 32; tile++) {
                        for (int n = 0; n < 8; n++) {
                            for (int e = 0; e < 4; e++) {
                                to[place++] = tf32(chunk.column(k + 4 * e + core, tile, n));
                            }
                        }
                    }
                }
            }
        }
    },

    /**
     * bfloat16 for wgmma.m64n256k16: cores of 8 columns by 8 values of k, {@code [k/16][2][tile of
     * 8 columns][8][8]}.
     */
    WGMMA_BF16(64, 32, 2) {
        @Override
        void pack(Chunk chunk, int[] to, int at) {
            int place = at;
            for (int k = 0; k < depth; k += 16) {
                for (int core = 0; core < 2; core++) {
                    for (int tile = 0; tile < 32; tile++) {
                        for (int n = 0; n < 8; n++) {
                            for (int t = 0; t < 4; t++) {
                                int from = k + 4 * t + 2 * core;
                                to[place++] =
                                        pairOfBf16(
                                                chunk.column(from, tile, n),
                                                chunk.column(from + 1, tile, n));
                            }
                        }
                    }
                }
            }
        }
    };

    /** Groups of a tile. */
    final int groups;

    /** Values of k that are packed together. */
    final int depth;

    private final int perWord;

    Packing(int groups, int depth, int perWord) {
        this.groups = groups;
        this.depth = depth;
        this.perWord = perWord;
    }

    /** A weight of a part of a sum; 0 where there is none. */
    interface Part {
        float weight(int k, int group, int column);
    }

    /**
     * A part of a sum and how many k it has.
     *
     * @param length of the vectors that it multiplies
     */
    record Sized(int length, Part weights) {}

    /** Packs {@code depth} values of k of one tile. */
    abstract void pack(Chunk chunk, int[] to, int at);

    /** The weights of all tiles of a product with that many groups. */
    int[] pack(List<Sized> parts, int groupCount) {
        int tiles = tiles(groupCount);
        int chunks = parts.stream().mapToInt(part -> chunks(part.length())).sum();
        int size = depth * groups * 4 / perWord;
        int[] packed = new int[Math.multiplyExact(Math.multiplyExact(tiles, chunks), size)];
        int at = 0;
        for (int tile = 0; tile < tiles; tile++) {
            for (Sized part : parts) {
                for (int chunk = 0; chunk < chunks(part.length()); chunk++) {
                    pack(new Chunk(part, groupCount, chunk * depth, tile * groups), packed, at);
                    at += size;
                }
            }
        }
        return packed;
    }

    /** {@code [group][4]}, padded to whole tiles. */
    int[] bias(Part bias, int groupCount) {
        int[] packed = new int[tiles(groupCount) * groups * 4];
        for (int group = 0; group < groupCount; group++) {
            for (int column = 0; column < 4; column++) {
                packed[group * 4 + column] = Float.floatToRawIntBits(bias.weight(0, group, column));
            }
        }
        return packed;
    }

    int tiles(int groupCount) {
        return (groupCount + groups - 1) / groups;
    }

    private int chunks(int length) {
        return (length + depth - 1) / depth;
    }

    /** Some k of a tile of a part. */
    record Chunk(Sized part, int groupCount, int firstK, int firstGroup) {
        float weight(int k, int group, int column) {
            return firstK + k < part.length() && firstGroup + group < groupCount
                    ? part.weights().weight(firstK + k, firstGroup + group, column)
                    : 0;
        }

        /**
         * Column n of a tile of 8, as a thread of {@code tensor.cuh} is to hold whole groups: of
         * each pair of tiles the first has columns 0 and 1 of four groups, the second 2 and 3.
         */
        float column(int k, int tile, int n) {
            int pair = tile / 2;
            int group = pair / 4 * 16 + n / 2 * 4 + pair % 4;
            return weight(k, group, tile % 2 * 2 + n % 2);
        }
    }

    /** Rounded to tf32's ten bits of fraction, halves away from zero, as cvt.rna does. */
    static int tf32(float value) {
        int bits = Float.floatToIntBits(value);
        return Float.isFinite(value) ? (bits + 0x1000) & 0xffffe000 : bits;
    }

    /** Two values rounded to bfloat16, to nearest even; the first in the low half. */
    static int pairOfBf16(float first, float second) {
        return bf16(first) | bf16(second) << 16;
    }

    /** The bits of a value rounded to bfloat16. */
    static int bf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Float.isNaN(value) ? 0x7fc0 : (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16;
    }
}
