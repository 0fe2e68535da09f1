package io.streamcell.jobs.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The entry of {@code ./streamcell}. Exit status: 0; 1 the run failed; 2 the call or the
 * configuration is wrong.
 */
@Command(
        name = "streamcell",
        mixinStandardHelpOptions = true,
        version = "streamcell 0.1.0",
        description = "Scores endless sequences with recurrent networks, one per stream.",
        subcommands = {
            RunCommand.class,
            ScoreCommand.class,
            ReplayCommand.class,
            InspectCommand.class,
            SizeCommand.class,
            StateCommand.class,
            DemoCommand.class
        },
        footer = {
            "",
            "Measured beside its peers, one thread each: streamcell bench kernels|pipeline|scale"
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        boolean demo = arguments.length > 0 && arguments[0].equals("demo");
        if (demo && System.getProperty("streamcell.log") == null) {
            // A killed TaskManager fills pages of log; what matters the demo says itself.
            System.setProperty("streamcell.log", "off");
        }
        boolean state = arguments.length > 0 && arguments[0].equals("state");
        if (state && System.getProperty("streamcell.log") == null) {
            // Flink would tell of a failure in hundreds of lines; the root cause is said in one.
            System.setProperty("streamcell.log.flink", "off");
        }
        System.exit(run(arguments));
    }

    /** Runs a command and gives its exit status; errors are one line on standard error. */
    public static int run(String... arguments) {
        return execute(new CommandLine(new Main()), arguments);
    }

    /** {@link #run} for commands of another module. */
    public static int execute(CommandLine line, String... arguments) {
        line.setParameterExceptionHandler(
                (e, args) -> {
                    Failures.say(e.getMessage());
                    return Failures.WRONG_CALL;
                });
        line.setExecutionExceptionHandler((e, command, parsed) -> Failures.report(e));
        if (arguments.length == 0) {
            line.usage(System.err);
            return Failures.WRONG_CALL;
        }
        return line.execute(arguments);
    }
}
