package io.streamcell.jobs.savepoints;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;

/**
 * Streams of a savepoint, handed over one by one to the process that asks for them. Each comes in
 * pieces, since Flink hands nothing over that is larger than a few megabytes.
 */
public final class Fetched implements AutoCloseable {
    private static final int PIECE = 1 << 20;
    private static final byte LAST = 1;

    private final CloseableIterator<byte[]> pieces;
    private final SavedStreamSerializer serializer = new SavedStreamSerializer();

    private Fetched(CloseableIterator<byte[]> pieces) {
        this.pieces = pieces;
    }

    /** Begins to fetch; whoever closes it has the job cancelled. */
    public static Fetched of(DataStream<SavedStream> streams) throws Exception {
        return new Fetched(
                streams.flatMap(new Cut())
                        .returns(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
                        .setParallelism(1)
                        .executeAndCollect());
    }

    public boolean hasNext() {
        return pieces.hasNext();
    }

    /** The next stream. */
    public SavedStream next() throws IOException {
        List<byte[]> own = new ArrayList<>();
        int length = 0;
        byte[] piece;
        do {
            if (!pieces.hasNext()) {
                throw new NoSuchElementException("a stream must have a last piece, got none");
            }
            piece = pieces.next();
            own.add(piece);
            length += piece.length - 1;
        } while (piece[0] != LAST);
        byte[] bytes = new byte[length];
        int at = 0;
        for (byte[] each : own) {
            System.arraycopy(each, 1, bytes, at, each.length - 1);
            at += each.length - 1;
        }
        return serializer.deserialize(new DataInputDeserializer(bytes));
    }

    @Override
    public void close() throws Exception {
        pieces.close();
    }

    /** A stream's bytes in pieces, each behind a byte that says whether it is the last. */
    private static final class Cut implements FlatMapFunction<SavedStream, byte[]> {
        private static final long serialVersionUID = 1;

        private final SavedStreamSerializer serializer = new SavedStreamSerializer();

        @Override
        public void flatMap(SavedStream saved, Collector<byte[]> out) throws IOException {
            DataOutputSerializer target = new DataOutputSerializer(256);
            serializer.serialize(saved, target);
            byte[] bytes = target.getSharedBuffer();
            int length = target.length();
            for (int from = 0; from < length; from += PIECE) {
                int to = Math.min(length, from + PIECE);
                byte[] piece = new byte[1 + to - from];
                piece[0] = to == length ? LAST : 0;
                System.arraycopy(bytes, from, piece, 1, to - from);
                out.collect(piece);
            }
        }
    }
}
