package org.rnnsweep.driver.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rnnsweep show}: looks at one mathematical object; runs nothing, stores nothing. */
@Command(
    name = "show",
    description = "Shows one object that jobs work with.",
    mixinStandardHelpOptions = true,
    subcommands = {ShowLanguageCommand.class, ShowKernelCommand.class},
    footer = {
      "",
      "Examples:",
      "  rnnsweep show language tomita-7 0110",
      "  rnnsweep show kernel --preset wang --inputs sequences.json"
    })
final class ShowCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "what to show is missing; there is " + String.join(", ", spec.subcommands().keySet()));
  }
}
