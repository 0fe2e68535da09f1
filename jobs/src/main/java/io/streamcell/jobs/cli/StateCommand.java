package io.streamcell.jobs.cli;

import picocli.CommandLine.Command;

/** {@code state}: the streams of a savepoint or checkpoint. */
@Command(
        name = "state",
        mixinStandardHelpOptions = true,
        description = "Shows and changes the states of streams in a savepoint or checkpoint.",
        subcommands = {
            ListStatesCommand.class,
            ReadStatesCommand.class,
            ExportStatesCommand.class,
            DiffStatesCommand.class,
            ForkStateCommand.class,
            ImportStatesCommand.class,
            CopyStatesCommand.class
        })
final class StateCommand {}
