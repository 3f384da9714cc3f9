package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.rnnsweep.driver.analyse.Judge;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.PlanText;
import org.rnnsweep.driver.plan.Planner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rnnsweep plan}: what a run would do. Starts no Spark and writes nothing. */
@Command(
    name = "plan",
    description = "Says what a run would do: trials, operations, memory, time. Writes nothing.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  rnnsweep plan conf/inversion-figure4.conf",
      "  rnnsweep plan conf/inversion-figure4.conf m=500,1000 --cores 64",
      "  rnnsweep plan conf/papers/quick",
      "  rnnsweep plan conf/papers/quick --only 'wang-*'"
    })
final class PlanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ExperimentInput input;

  @Option(
      names = "--store",
      paramLabel = "URI",
      description =
          "The store that may hold a part already; default ./stores/<experiment or suite>.")
  private String store;

  @Option(
      names = "--cores",
      paramLabel = "N",
      description = "Cores to estimate the time for; default: this machine's.")
  private int cores = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() throws IOException {
    if (cores < 1) {
      throw new WrongInputException("--cores: found " + cores + ", allowed is 1 or more");
    }
    Sweep sweep = input.read();
    OptionalInt elsewhere = Relaunch.run(sweep.numerics(), spec);
    if (elsewhere.isPresent()) {
      return elsewhere.getAsInt();
    }
    StoreInput location = StoreInput.of(store, sweep);
    List<Plan> plans = Planner.plan(sweep.experiments(), location.settledIds());
    Calibration calibration = Calibration.of(location.find());
    PrintWriter out = spec.commandLine().getOut();
    if (sweep.suite().isPresent()) {
      out.print(
          PlanText.render(
              sweep.name(), plans, cores, plan -> calibration.model(plan.experiment())));
    } else {
      Plan plan = plans.get(0);
      out.print(
          PlanText.render(
              plan,
              cores,
              calibration.model(plan.experiment()),
              new Judge(plan.experiment())::expectation));
    }
    out.flush();
    return ExitCode.FINISHED;
  }
}
