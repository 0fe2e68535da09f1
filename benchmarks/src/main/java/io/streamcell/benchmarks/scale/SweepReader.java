package io.streamcell.benchmarks.scale;

import io.streamcell.operators.Incoming;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;

/** Gives the events of its splits in turn, as far as {@link Sweeps} lets it. */
final class SweepReader implements SourceReader<Incoming, SweepSplit> {
    private final SweepEvents events;
    private final int streams;
    private final Deque<SweepSplit> splits = new ArrayDeque<>();
    private CompletableFuture<Void> added = new CompletableFuture<>();

    SweepReader(int streams) {
        this.events = new SweepEvents();
        this.streams = streams;
    }

    @Override
    public void start() {}

    @Override
    public InputStatus pollNext(ReaderOutput<Incoming> output) {
        for (int tried = splits.size(); tried > 0; tried--) {
            SweepSplit split = splits.removeFirst();
            int own = split.streams(streams);
            if (split.position() >= Sweeps.allowed(own)) {
                splits.addLast(split);
                continue;
            }
            int sweep = (int) (split.position() / own);
            int stream = (int) (split.position() % own) * SweepSplit.COUNT + split.number();
            output.collect(Incoming.of(events.event(stream, sweep)));
            splits.addLast(new SweepSplit(split.number(), split.position() + 1));
            return InputStatus.MORE_AVAILABLE;
        }
        return InputStatus.NOTHING_AVAILABLE;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        CompletableFuture<Void> moved = Sweeps.moved();
        boolean more =
                splits.stream()
                        .anyMatch(each -> each.position() < Sweeps.allowed(each.streams(streams)));
        return more
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.anyOf(moved, added).thenRun(() -> {});
    }

    @Override
    public List<SweepSplit> snapshotState(long checkpoint) {
        return List.copyOf(splits);
    }

    @Override
    public void addSplits(List<SweepSplit> more) {
        splits.addAll(more);
        CompletableFuture<Void> before = added;
        added = new CompletableFuture<>();
        before.complete(null);
    }

    @Override
    public void notifyNoMoreSplits() {}

    @Override
    public void close() {}
}
