package io.streamcell.jobs.sql;

import io.streamcell.jobs.config.JobConfiguration;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.StreamScorer;
import java.io.IOException;
import java.io.Serializable;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.TableSemantics;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.StaticArgument;
import org.apache.flink.table.types.inference.StaticArgumentTrait;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.ColumnList;

/**
 * What the arguments of a call of {@link ScoreFunction} say, checked.
 *
 * @param features the columns of features, in the network's order
 * @param timestep the column that numbers timesteps, or null
 * @param resets the column that resets streams, or null
 */
record ScoreCall(
        ServedModel model,
        ScoringOptions options,
        List<String> features,
        String timestep,
        String resets)
        implements Serializable {
    /** The table's argument. */
    static final String INPUT = "input";

    /** Of a call, in the order of {@code eval}. */
    static final List<StaticArgument> ARGUMENTS =
            List.of(
                    StaticArgument.table(
                            INPUT,
                            RowData.class,
                            false,
                            EnumSet.of(
                                    StaticArgumentTrait.SET_SEMANTIC_TABLE,
                                    StaticArgumentTrait.PASS_COLUMNS_THROUGH)),
                    StaticArgument.scalar("model", DataTypes.STRING(), false),
                    StaticArgument.scalar("features", DataTypes.DESCRIPTOR(), false),
                    StaticArgument.scalar("timestep", DataTypes.DESCRIPTOR(), true),
                    StaticArgument.scalar("resets", DataTypes.DESCRIPTOR(), true),
                    StaticArgument.scalar(
                            "options",
                            DataTypes.MAP(DataTypes.STRING(), DataTypes.STRING()),
                            true));

    private static final long serialVersionUID = 1;

    /**
     * Reads the model, to learn what its scores are.
     *
     * @throws ValidationException if the model cannot be scored, or an argument is wrong
     */
    static ScoreCall of(CallContext context) {
        String uri =
                context.getArgumentValue(1, String.class)
                        .orElseThrow(
                                () -> new ValidationException("model must be a literal, a URI"));
        try {
            ScoringOptions options = options(uri, context);
            ServedModel model = ServedModel.of(options);
            StreamScorer.check(model, options);
            ScoreCall call =
                    new ScoreCall(
                            model,
                            options,
                            columns(context, 2),
                            column(context, 3),
                            column(context, 4));
            call.events(context.getTableSemantics(0).orElseThrow(), null);
            return call;
        } catch (IOException e) {
            throw new ValidationException(
                    "model must be a file that can be read, got %s: %s"
                            .formatted(uri, e.getMessage()),
                    e);
        } catch (ValidationException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new ValidationException(e.getMessage(), e);
        }
    }

    private static ScoringOptions options(String uri, CallContext context) {
        Map<String, String> options = new HashMap<>();
        Map<?, ?> given = context.getArgumentValue(5, Map.class).orElse(Map.of());
        given.forEach((key, value) -> options.put((String) key, (String) value));
        if (options.containsKey(ScoringOptions.MODEL_URI.key())) {
            throw new ValidationException("the model must be given by model, not among options");
        }
        options.put(ScoringOptions.MODEL_URI.key(), uri);
        return JobConfiguration.scoring(
                JobConfiguration.own(options, ScoringOptions.all(), "options of SCORE"));
    }

    private static List<String> columns(CallContext context, int argument) {
        return context.getArgumentValue(argument, ColumnList.class)
                .map(ColumnList::getNames)
                .orElse(List.of());
    }

    private static String column(CallContext context, int argument) {
        List<String> names = columns(context, argument);
        if (names.size() > 1) {
            throw new ValidationException(
                    "%s must be one column, got %s"
                            .formatted(ARGUMENTS.get(argument).getName(), names));
        }
        return names.isEmpty() ? null : names.get(0);
    }

    /** Where the parts of an event stand in the table's rows. */
    EventColumns events(TableSemantics table) {
        RowType row = (RowType) table.dataType().getLogicalType();
        int time = table.timeColumn();
        return events(table, time < 0 ? null : row.getFieldNames().get(time));
    }

    private EventColumns events(TableSemantics table, String time) {
        RowType row = (RowType) table.dataType().getLogicalType();
        int[] keys = table.partitionByColumns();
        if (keys.length != 1) {
            throw new ValidationException(
                    "PARTITION BY must name one column, whose stream a row is of, got %d columns"
                            .formatted(keys.length));
        }
        String stream = row.getFieldNames().get(keys[0]);
        return EventColumns.of(
                row,
                new EventColumns.Names(stream, features, time, timestep, resets),
                model.signature());
    }
}
