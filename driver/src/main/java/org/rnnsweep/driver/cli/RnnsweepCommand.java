package org.rnnsweep.driver.cli;

import java.io.PrintWriter;
import org.rnnsweep.driver.config.InvalidExperimentException;
import org.rnnsweep.driver.store.StoreException;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The door: {@code rnnsweep COMMAND ...}, from the launcher and from spark-submit alike. */
@Command(
    name = "rnnsweep",
    description = "Sweeps over recurrent networks on Apache Spark, judged against theory.",
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class,
    subcommands = {
      RunCommand.class,
      PlanCommand.class,
      ListCommand.class,
      StatusCommand.class,
      ReportCommand.class,
      DoctorCommand.class,
      BenchCommand.class,
      ShowCommand.class,
      ReplayCommand.class,
      MergeCommand.class,
      CompactCommand.class,
      ExportCommand.class,
      ExplainCommand.class,
      AuditCommand.class,
      AutoComplete.GenerateCompletion.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:finished",
      "1:the program failed",
      "2:wrong input; nothing was written",
      "3:finished, but some trials failed, or two results of one trial disagree",
      "130:stopped by Ctrl-C; what finished is stored, the same command goes on"
    },
    footer = {
      "",
      "Examples:",
      "  rnnsweep run conf/inversion-quick.conf",
      "  rnnsweep run conf/inversion-quick.conf m=250,500 --seeds 3",
      "  rnnsweep plan conf/inversion-figure4.conf",
      "  source <(rnnsweep generate-completion)"
    })
public final class RnnsweepCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Ends the process with the command's exit code. */
  public static void main(String[] arguments) {
    int code = execute(arguments);
    // Under spark-submit in cluster mode an exit of 0 from main's end is a clean end of the driver.
    if (code != ExitCode.FINISHED || System.getProperty("rnnsweep.launcher") != null) {
      System.exit(code);
    }
  }

  /** Runs one command line and returns its exit code; prints, but never ends the process. */
  public static int execute(String... arguments) {
    return commandLine().execute(arguments);
  }

  /** The command line with all that it says of errors, ready to be executed once. */
  public static CommandLine commandLine() {
    return new CommandLine(new RnnsweepCommand())
        .setParameterExceptionHandler(RnnsweepCommand::misused)
        .setExecutionExceptionHandler(
            (exception, command, result) -> failed(exception, command.getErr()))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }

  /** One message, and where to read more: the whole usage would hide it. */
  private static int misused(ParameterException exception, String[] arguments) {
    CommandLine command = exception.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println(name + ": " + exception.getMessage());
    UnmatchedArgumentException.printSuggestions(exception, err);
    err.println("see " + name + " --help");
    err.flush();
    return ExitCode.WRONG_INPUT;
  }

  private static int failed(Exception exception, PrintWriter err) {
    int code = ExitCode.WRONG_INPUT;
    if (exception instanceof WrongInputException
        || exception instanceof InvalidExperimentException) {
      err.println(exception.getMessage());
    } else if (exception instanceof StoreException) { // says what to do; its trace says nothing
      err.println("rnnsweep: the program failed: " + exception.getMessage());
      code = ExitCode.PROGRAM_FAILED;
    } else {
      exception.printStackTrace(err);
      err.println(
          "rnnsweep: the program failed: "
              + exception
              + " (this is a bug, or a machine that broke; what finished is stored)");
      code = ExitCode.PROGRAM_FAILED;
    }
    err.flush();
    return code;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
