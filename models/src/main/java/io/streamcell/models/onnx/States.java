package io.streamcell.models.onnx;

import io.streamcell.models.onnx.Value.Data;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which graph inputs and outputs carry recurrent states from call to call. In the first walk every
 * element of an input, and of a final state, has a number that Slice, Concat and their like carry
 * along; so it is seen which element of an input each initial state takes, and which final state
 * each element of an output is.
 */
final class States {
    /** Larger inputs are taken for data. */
    private static final int LARGEST = 1 << 22;

    /** Numbers of inputs' elements are negative, those of final states are not. */
    private long nextInput = -1;

    private long nextState;
    private final TreeMap<Long, String> inputs = new TreeMap<>();
    private final Map<String, Long> states = new HashMap<>();
    private final Set<String> data = new HashSet<>();

    /** By input: the final state's element that continues each of its elements that is taken. */
    private final Map<String, TreeMap<Long, Long>> taken = new LinkedHashMap<>();

    private final Map<String, List<Long>> outputs = new LinkedHashMap<>();

    /** By input and output: how many axes it has. */
    private final Map<String, Integer> ranks = new HashMap<>();

    /** Numbers the elements of an input; null if it is too large for a state. */
    Tensor input(String name, List<Axis> axes) {
        ranks.put(name, axes.size());
        List<Integer> dims = Axis.full(axes);
        long count = 1;
        for (int dim : dims) {
            count *= dim;
            if (count > LARGEST) {
                data.add(name);
                return null;
            }
        }
        long[] numbers = new long[(int) count];
        for (int k = 0; k < numbers.length; k++) {
            numbers[k] = nextInput - k;
        }
        inputs.put(nextInput, name);
        nextInput -= count;
        return Tensor.of(dims, numbers);
    }

    /** Numbers the elements of a final state, those of all rows of the batch alike. */
    Tensor last(String state, int directions, int units, List<Axis> axes, int batch) {
        long first =
                states.computeIfAbsent(
                        state,
                        name -> {
                            long number = nextState;
                            nextState += (long) directions * units;
                            return number;
                        });
        long[] numbers = new long[directions * units];
        for (int k = 0; k < numbers.length; k++) {
            numbers[k] = first + k;
        }
        List<Integer> dims = new ArrayList<>(List.of(directions, units));
        dims.add(batch, 1);
        return Tensor.of(dims, numbers).arranged(Arrangement.of(dims).expand(Axis.full(axes)));
    }

    /** An initial state takes what {@code data} holds, to go on as the numbered final state. */
    void starts(Data initial, Tensor last, int batch) {
        Tensor trace = initial.trace();
        if (trace == null || !firstRow(trace, batch).dims().equals(firstRow(last, batch).dims())) {
            read(initial);
            return;
        }
        Tensor from = firstRow(trace, batch);
        Tensor to = firstRow(last, batch);
        for (int k = 0; k < from.count(); k++) {
            long element = from.numbers()[k];
            if (element < 0) {
                TreeMap<Long, Long> map =
                        taken.computeIfAbsent(owner(element), name -> new TreeMap<>());
                Long other = map.put(-element, to.numbers()[k]);
                if (other != null && other != to.numbers()[k]) {
                    data.add(owner(element));
                }
            }
        }
    }

    private static Tensor firstRow(Tensor trace, int batch) {
        return trace.arranged(Arrangement.of(trace.dims()).take(batch, new int[] {0}));
    }

    /** Something else than an initial state reads some data. */
    void read(Data read) {
        if (read.trace() != null) {
            for (long element : read.trace().numbers()) {
                if (element < 0) {
                    data.add(owner(element));
                }
            }
        }
    }

    private String owner(long element) {
        return inputs.ceilingEntry(element).getValue();
    }

    /** A graph output is what {@code value} holds. */
    void output(String name, Value value) {
        if (value instanceof Data one) {
            read(one);
            if (one.trace() != null) {
                Set<Long> elements = new LinkedHashSet<>();
                for (long element : one.trace().numbers()) {
                    elements.add(element);
                }
                outputs.put(name, new ArrayList<>(elements));
                ranks.put(name, one.rank());
            }
        }
    }

    /** Inputs whose elements all are initial states that some outputs continue. */
    Set<String> inputs() {
        Set<String> found = new HashSet<>();
        taken.forEach(
                (name, map) -> {
                    if (!data.contains(name)
                            && carried(List.copyOf(map.values()), outputs.values())) {
                        found.add(name);
                    }
                });
        return found;
    }

    /**
     * Outputs that are nothing but the final states of such inputs. Where several hold the same, it
     * is the one with as many axes as the input, or the last.
     */
    Set<String> outputs() {
        Set<String> carriers = inputs();
        List<List<Long>> sequences = new ArrayList<>();
        Set<Integer> carrierRanks = new HashSet<>();
        taken.forEach(
                (name, map) -> {
                    if (carriers.contains(name)) {
                        sequences.add(List.copyOf(map.values()));
                        carrierRanks.add(ranks.get(name));
                    }
                });
        Map<List<Long>, String> found = new HashMap<>();
        outputs.forEach(
                (name, elements) -> {
                    String other = found.get(elements);
                    boolean fits = carrierRanks.contains(ranks.get(name));
                    if (carried(elements, sequences)
                            && (other == null
                                    || fits
                                    || !carrierRanks.contains(ranks.get(other)))) {
                        found.put(elements, name);
                    }
                });
        return new HashSet<>(found.values());
    }

    /** Whether elements stand in one of the others in their order, or some of those in them. */
    private static boolean carried(List<Long> elements, Iterable<List<Long>> others) {
        Set<Long> covered = new HashSet<>();
        for (List<Long> other : others) {
            if (Collections.indexOfSubList(other, elements) >= 0) {
                return true;
            } else if (Collections.indexOfSubList(elements, other) >= 0) {
                covered.addAll(other);
            }
        }
        return !elements.isEmpty() && covered.containsAll(elements);
    }
}
