package io.streamcell.jobs.replay;

import io.streamcell.jobs.savepoints.Savepoint;
import io.streamcell.operators.ModelReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/**
 * What a replay that goes on from a savepoint must know of it; the streams themselves the operator
 * restores.
 *
 * @param environments where savepoints are read
 */
public record SavepointStart(
        Savepoint savepoint, Supplier<StreamExecutionEnvironment> environments) {
    private static final String SPLITS = "SourceReaderState";

    /** Networks whose states it holds, the first of each model and those that took its place. */
    public List<ModelReference> models() {
        List<ModelReference> models = new ArrayList<>(savepoint.shared().models().values());
        new TreeMap<>(savepoint.shared().changes())
                .values()
                .forEach(change -> models.add(change.model()));
        return models;
    }

    /**
     * Where a source of the Kafka job stood, by partition; empty where there was no such source.
     *
     * @param uid of the source
     */
    public Map<Integer, Long> offsets(String uid) throws Exception {
        Map<Integer, Long> offsets = new HashMap<>();
        if (!savepoint.has(uid)) {
            return offsets;
        }
        KafkaPartitionSplitSerializer splits = new KafkaPartitionSplitSerializer();
        try (CloseableIterator<byte[]> all =
                savepoint
                        .listState(
                                environments.get(),
                                uid,
                                SPLITS,
                                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
                                BytePrimitiveArraySerializer.INSTANCE)
                        .executeAndCollect()) {
            while (all.hasNext()) {
                KafkaPartitionSplit split = read(splits, all.next());
                offsets.put(split.getPartition(), Math.max(0, split.getStartingOffset()));
            }
        }
        return offsets;
    }

    private static KafkaPartitionSplit read(KafkaPartitionSplitSerializer splits, byte[] bytes)
            throws IOException {
        return SimpleVersionedSerialization.readVersionAndDeSerialize(splits, bytes);
    }
}
