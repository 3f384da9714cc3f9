package org.rnnsweep.jobs.descent;

import java.util.function.ToDoubleFunction;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.descent.OuterSum;
import org.rnnsweep.kernels.descent.WeightAdversary;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.LowRankSum;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.OperatorSum;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RankOneAttack;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * W + W'.
 *
 * @param norm |W'|_2
 * @param along {@code <grad, W'>} of a gradient
 */
record WeightChange(
    GaussianOperator sum, double norm, ToDoubleFunction<OuterSum> along, Runnable release)
    implements AutoCloseable {

  /** Takes over what was climbed to. */
  static WeightChange of(WeightAdversary adversary) {
    return new WeightChange(adversary.sum(), adversary.norm(), adversary::along, adversary::close);
  }

  /** The one that a trial asks for, around the states of its network. */
  static WeightChange of(
      GradientSetting setting, Arena arena, RandomNetwork net, Trajectory states) {
    double size = setting.size();
    if (setting.change().equals(GradientSetting.RANDOM)) {
      return gaussian(setting, arena, net, size);
    }
    OffHeapMatrix p = arena.matrix(1, setting.width(), Precision.DOUBLE);
    OffHeapMatrix q = arena.matrix(1, setting.width(), Precision.DOUBLE);
    if (setting.change().equals(GradientSetting.ROW)) {
      unitFirstState(states, q);
      p.set(0, rowThatIsOn(setting, states), size);
    } else if (setting.change().equals(GradientSetting.ALIGN)) {
      RankOneAttack.align(states, size, p, q);
    } else {
      RankOneAttack.ofLabel(setting.change()).choose(arena, states, net.output(), size, p, q);
    }
    return ofRankOne(setting, arena, net.recurrent(), p, q);
  }

  private static WeightChange gaussian(
      GradientSetting setting, Arena arena, RandomNetwork net, double size) {
    // The norm of m x m normals of deviation sd is 2 sd sqrt(m) (1 + O(m^(-2/3))).
    long m = setting.width();
    GaussianOperator term =
        setting
            .representation()
            .draw(
                setting.blas(),
                arena,
                Precision.DOUBLE,
                m,
                m,
                size / (2 * Math.sqrt(m)),
                setting.changeProducts(),
                setting.key().name("change").with("width", m));
    GaussianOperator sum = OperatorSum.of(arena, net.recurrent(), term);
    return new WeightChange(sum, size, gradient -> along(arena, term, gradient), term::close);
  }

  private static double along(Arena arena, GaussianOperator term, OuterSum gradient) {
    OffHeapMatrix answer = arena.matrix(gradient.right().rows(), term.rows(), Precision.DOUBLE);
    term.right(gradient.right(), answer);
    double along = 0;
    for (long j = 0; j < answer.rows(); j++) {
      along += RowMeasures.dot(gradient.left(), j, answer, j);
    }
    arena.release(answer);
    return along;
  }

  /** {@code u v^T}, v along h_1, u = theta g_2 - (1 - sqrt(1 - theta^2)) W v, Lemma E.4. */
  static WeightChange redrawn(
      GradientSetting setting, Arena arena, RandomNetwork net, Trajectory states, int draw) {
    long m = setting.width();
    double theta = setting.radius();
    OffHeapMatrix u = arena.matrix(1, m, Precision.DOUBLE);
    OffHeapMatrix v = arena.matrix(1, m, Precision.DOUBLE);
    unitFirstState(states, v);
    OffHeapMatrix known = arena.matrix(1, m, Precision.DOUBLE);
    net.recurrent().right(v, known);
    StreamKey fresh = setting.key().name("redrawn").with("width", m).with("draw", draw);
    GaussianMatrix.fill(u, fresh, theta * Math.sqrt(2.0 / m));
    RowMeasures.add(u, 0, -(1 - Math.sqrt(1 - theta * theta)), known, 0);
    arena.release(known);
    return ofRankOne(setting, arena, net.recurrent(), u, v);
  }

  private static void unitFirstState(Trajectory states, OffHeapMatrix v) {
    v.copyFrom(states.state(1, 0));
    RowMeasures.scale(v, 0, 1 / RowMeasures.norm(v, 0));
  }

  /** A row without an effect on the second state would have none at all. */
  private static long rowThatIsOn(GradientSetting setting, Trajectory states) {
    long m = setting.width();
    NormalStream uniforms = NormalStream.of(setting.key().name("row").with("width", m));
    long row = (long) (m * uniforms.nextUniform());
    while (!(states.preactivation(2, 0).get(0, row) >= 0)) {
      row = (row + 1) % m;
    }
    return row;
  }

  /** Takes over p and q. */
  private static WeightChange ofRankOne(
      GradientSetting setting, Arena arena, GaussianOperator w, OffHeapMatrix p, OffHeapMatrix q) {
    LowRankSum sum = LowRankSum.of(setting.blas(), arena, w, p, q);
    double norm = RowMeasures.norm(p, 0) * RowMeasures.norm(q, 0);
    return new WeightChange(
        sum,
        norm,
        gradient -> gradient.dot(p, q),
        () -> {
          sum.close();
          arena.release(q);
          arena.release(p);
        });
  }

  @Override
  public void close() {
    release.run();
  }
}
