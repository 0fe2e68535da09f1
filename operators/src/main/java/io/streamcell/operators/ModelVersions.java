package io.streamcell.operators;

import io.streamcell.operators.SequencePolicy.OnModelChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * The versions of one model: the one that the job began with, number 0, and those that took its
 * place, by the numbers of {@link ModelChanges}. Each is compiled when a stream first needs it.
 * Owns their engines.
 */
final class ModelVersions implements AutoCloseable {
    /** Makes an engine of a pinned model. */
    @FunctionalInterface
    interface Compiler {
        Engine compile(ModelReference reference) throws IOException;
    }

    private final Compiler compiler;
    private final Map<Long, Engine> byNumber = new HashMap<>();
    private final List<Engine> engines = new ArrayList<>();

    private ModelReference first;
    // newest first
    private long[] numbers;
    private ModelChange[] changes;

    ModelVersions(Compiler compiler) {
        this.compiler = compiler;
    }

    /** Tells which versions there are. */
    void set(ModelReference original, NavigableMap<Long, ModelChange> since) {
        first = original;
        numbers = since.descendingKeySet().stream().mapToLong(number -> number).toArray();
        changes = since.descendingMap().values().toArray(ModelChange[]::new);
    }

    /** Whether any model took the first one's place. */
    boolean change() {
        return numbers.length > 0;
    }

    /** The newest version's number. */
    long newest() {
        return change() ? numbers[0] : 0;
    }

    /**
     * The number of the change that a stream is to go through before a timestep; 0 for none.
     *
     * @param seen number of the last one that it went through
     * @param time of the timestep
     */
    long due(long seen, long time) {
        for (int k = 0; k < numbers.length && numbers[k] > seen; k++) {
            if (changes[k].time() <= time) {
                return numbers[k];
            }
        }
        return 0;
    }

    /**
     * The number of the next change to a network; 0 for none.
     *
     * @param seen number of the last one that a stream went through
     */
    long next(long seen, long fingerprint) {
        for (int k = numbers.length - 1; k >= 0; k--) {
            if (numbers[k] > seen && changes[k].model().fingerprint() == fingerprint) {
                return numbers[k];
            }
        }
        return 0;
    }

    /** Whether a version is a network. */
    boolean is(long number, long fingerprint) {
        return reference(number).fingerprint() == fingerprint;
    }

    /**
     * What becomes of a stream's state that goes through a change, and through those before it that
     * it slept through.
     *
     * @param seen number of the last one that it went through
     */
    OnModelChange policy(long seen, long number) {
        OnModelChange policy = OnModelChange.KEEP;
        long time = change(number).time();
        for (int k = numbers.length - 1; k >= 0; k--) {
            boolean through = numbers[k] > seen && numbers[k] <= number;
            if (through && changes[k].time() <= time && changes[k].policy() != OnModelChange.KEEP) {
                policy = changes[k].policy();
            }
        }
        return policy;
    }

    /** A version's model. */
    ModelReference reference(long number) {
        return number == 0 ? first : change(number).model();
    }

    private ModelChange change(long number) {
        for (int k = 0; k < numbers.length; k++) {
            if (numbers[k] == number) {
                return changes[k];
            }
        }
        throw new IllegalStateException(
                "a stream must know changes of model that the job knows, got number " + number);
    }

    /** A version, compiled. */
    Engine engine(long number) throws IOException {
        Engine engine = byNumber.get(number);
        if (engine == null) {
            engine = compiler.compile(reference(number));
            byNumber.put(number, engine);
            engines.add(engine);
        }
        return engine;
    }

    /** The versions that are compiled. */
    Collection<Engine> engines() {
        return engines;
    }

    /** Gives up versions whose place another took, where only late timesteps can need them. */
    void retire(long watermark) throws IOException {
        if (engines.size() < 2 || changes[0].time() >= watermark) {
            return;
        }
        for (long number : List.copyOf(byNumber.keySet())) {
            if (number != numbers[0]) {
                Engine engine = byNumber.remove(number);
                engines.remove(engine);
                engine.slots().empty();
                engine.close();
            }
        }
    }

    @Override
    public void close() {
        engines.forEach(Engine::close);
        engines.clear();
        byNumber.clear();
    }
}
