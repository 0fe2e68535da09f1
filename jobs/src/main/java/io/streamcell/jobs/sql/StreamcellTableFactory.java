package io.streamcell.jobs.sql;

import io.streamcell.jobs.ScoringJob;
import io.streamcell.jobs.config.JobConfiguration;
import io.streamcell.jobs.config.JobOptions;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.logical.RowType;

/**
 * Tables with {@code 'connector' = 'streamcell'}: read, the scores of a topic's events; written to,
 * events whose scores go to a topic. Their options are those of a job.
 */
public final class StreamcellTableFactory
        implements DynamicTableSourceFactory, DynamicTableSinkFactory {
    /** Without a meaning in a table that is read: its rows leave through the query. */
    private static final List<ConfigOption<?>> OF_OUTPUT =
            List.of(
                    JobOptions.OUTPUT_TOPIC,
                    JobOptions.OUTPUT_FORMAT,
                    JobOptions.OUTPUT_DELIVERY,
                    JobOptions.OUTPUT_MAX_BYTES,
                    JobOptions.OUTPUT_ON_EXPIRED,
                    JobOptions.REJECTED_TOPIC,
                    JobOptions.STATE_TOPIC);

    /** Without a meaning in a table that is written to: its rows come from a query. */
    private static final List<ConfigOption<?>> OF_INPUT =
            List.of(
                    JobOptions.INPUT_TOPIC,
                    JobOptions.INPUT_FORMAT,
                    JobOptions.INPUT_START,
                    JobOptions.OUT_OF_ORDERNESS,
                    JobOptions.IDLE_TIMEOUT,
                    JobOptions.OUTPUT_ON_EXPIRED);

    private static final String TIME = JobOptions.INPUT_TIME_FIELD.defaultValue();
    private static final String TIMESTEP = "timestep";
    private static final String RESETS = "resets";

    @Override
    public String factoryIdentifier() {
        return "streamcell";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(ScoringOptions.MODEL_URI, JobOptions.BOOTSTRAP_SERVERS);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        Set<ConfigOption<?>> optional = new HashSet<>(JobOptions.all());
        optional.removeAll(requiredOptions());
        return optional;
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        Configuration options = options(context, OF_OUTPUT, "that is read");
        JobConfiguration.required(options, JobOptions.INPUT_TOPIC, "the topic of events");
        return new ScoresSource(job(options), context.getPhysicalRowDataType());
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        Configuration options = options(context, OF_INPUT, "that is written to");
        JobConfiguration.required(options, JobOptions.OUTPUT_TOPIC, "the topic of scores");
        List<String> features =
                JobConfiguration.required(
                        options, JobOptions.INPUT_FEATURES, "the columns of features");
        ScoringJob job = job(options);
        RowType row = (RowType) context.getPhysicalRowDataType().getLogicalType();
        EventColumns.Names names = names(options, features, row);
        EventColumns columns = EventColumns.of(row, names, job.model().signature());
        checkAllUsed(row, names);
        return new EventsSink(job, new RowEvents(columns, job.check()));
    }

    private static EventColumns.Names names(
            Configuration options, List<String> features, RowType row) {
        List<String> columns = row.getFieldNames();
        String time = options.get(JobOptions.INPUT_TIME_FIELD);
        boolean timed = options.contains(JobOptions.INPUT_TIME_FIELD) || columns.contains(time);
        return new EventColumns.Names(
                options.get(JobOptions.INPUT_STREAM_FIELD),
                features,
                timed ? time : null,
                columns.contains(TIMESTEP) ? TIMESTEP : null,
                columns.contains(RESETS) ? RESETS : null);
    }

    private static void checkAllUsed(RowType row, EventColumns.Names names) {
        Set<String> used = new LinkedHashSet<>(List.of(names.stream()));
        used.addAll(names.features());
        used.addAll(List.of(names.time() == null ? TIME : names.time(), TIMESTEP, RESETS));
        for (String column : row.getFieldNames()) {
            if (!used.contains(column)) {
                throw new ValidationException(
                        "columns of events must be %s, got %s".formatted(used, column));
            }
        }
    }

    private static Configuration options(
            Context context, List<ConfigOption<?>> without, String what) {
        Map<String, String> options = new HashMap<>(context.getCatalogTable().getOptions());
        options.remove(FactoryUtil.CONNECTOR.key());
        List<ConfigOption<?>> allowed = new ArrayList<>(JobOptions.all());
        allowed.removeAll(without);
        return JobConfiguration.own(
                options,
                allowed,
                "a table %s, %s".formatted(what, context.getObjectIdentifier().asSummaryString()));
    }

    private static ScoringJob job(Configuration options) {
        ScoringOptions scoring = JobConfiguration.scoring(options);
        try {
            return new ScoringJob(options, ServedModel.of(scoring), scoring);
        } catch (IOException e) {
            throw new ValidationException(
                    "model.uri must name a file that can be read, got %s: %s"
                            .formatted(scoring.value(ScoringOptions.MODEL_URI), e.getMessage()),
                    e);
        }
    }
}
