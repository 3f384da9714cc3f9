package org.rnnsweep.kernels.probability;

/**
 * A stated bound beside what it bounds, both as logarithms and as functions of a number n (of
 * terms) and a level x. For a bound from below the two change places: what comes first is stated to
 * be at most what comes second.
 */
public enum TailFact {
  /** Laurent and Massart's upper tail, x = t: Allen-Zhu, Li and Song, Lemma A.3. */
  CHI_SQUARE_UPPER(
      "chi-square-upper",
      (n, t) -> Tails.logChiSquareUpper(n, n + 2 * Math.sqrt(n * t) + 2 * t),
      (n, t) -> -t),
  /** Their lower tail, x = t. */
  CHI_SQUARE_LOWER(
      "chi-square-lower",
      (n, t) -> Tails.logChiSquareLower(n, n - 2 * Math.sqrt(n * t)),
      (n, t) -> -t),
  /** Both tails at n (1 +- 1/b), x = b: Lemma A.4. */
  CHI_SQUARE_SHARE(
      "chi-square-share",
      (n, b) -> chiSquareBothSides(n, 1 / b),
      (n, b) -> StrictMath.log(2) - n / (8 * b * b)),
  /** Both tails of the mean of squares at 1 +- t, x = t: Panigrahi and Goyal, Fact A.3. */
  MEAN_OF_SQUARES(
      "mean-of-squares", TailFact::chiSquareBothSides, (n, t) -> StrictMath.log(2) - n * t * t / 8),
  /** |relu(x)| above (1 + eps) sqrt(n/2), x = eps: Allen-Zhu, Li and Song, Lemma A.6. */
  RECTIFIED_UPPER(
      "rectified-upper",
      (n, eps) -> rectified(n, (1 + eps) * (1 + eps) * n / 2, true),
      (n, eps) -> -eps * eps * n / 100),
  /** |relu(x)| below (1 - eps) sqrt(n/2): Lemma A.7. */
  RECTIFIED_LOWER(
      "rectified-lower",
      (n, eps) -> rectified(n, (1 - eps) * (1 - eps) * n / 2, false),
      (n, eps) -> -eps * eps * n / 100),
  /**
   * That not both signs have (1 - alpha) n / 2 coordinates beyond 5 alpha / 16 standard deviations,
   * x = alpha: Lemma A.13.
   */
  FEW_LARGE("few-large", TailFact::fewLarge, (n, alpha) -> -alpha * alpha * n / 100),
  /** The largest of n normals above sqrt(2) x: Panigrahi and Goyal, Fact A.4. */
  LARGEST_NORMAL(
      "largest-normal",
      (n, x) -> largestNormal(n, Math.sqrt(2) * x),
      (n, x) -> StrictMath.log(2.0 * n) - x * x),
  /** The mean of n fair bits off by x / sqrt(n): Fact A.5 as printed. */
  BITS_PRINTED("bits-printed", (n, x) -> bits(n, x, true), (n, x) -> -2 * x * x),
  /** The same with the factor 2 of a statement on both sides. */
  BITS_BOTH_SIDES(
      "bits-both-sides", (n, x) -> bits(n, x, true), (n, x) -> StrictMath.log(2) - 2 * x * x),
  /** One side alone, which is McDiarmid's inequality for sums of bits: Lemma A.18 repaired. */
  BITS_ONE_SIDE("bits-one-side", (n, x) -> bits(n, x, false), (n, x) -> -2 * x * x),
  /** That the tail is at least its bound: Lemma A.18 as printed. */
  BITS_REVERSED("bits-reversed", (n, x) -> -2 * x * x, (n, x) -> bits(n, x, false)),
  /** E max(z^2 - ln n, 0) at most n^(-1/2) for a standard normal z: the proof of Lemma A.5. */
  TRUNCATED_MEAN(
      "truncated-mean",
      (n, x) -> StrictMath.log(TruncatedSquares.mean(n)),
      (n, x) -> -0.5 * StrictMath.log(n)),
  /** P[|x| >= t] at most 1 - 2t/3 for x of N(n, 1), t in (0, 1]: Fact A.12. */
  CENTRE_UPPER("centre-upper", TailFact::logOutside, (mean, t) -> StrictMath.log1p(-2 * t / 3)),
  /** The same at least 1 - 4t/5. */
  CENTRE_LOWER("centre-lower", (mean, t) -> StrictMath.log1p(-0.8 * t), TailFact::logOutside),
  /**
   * P[u_k >= theta / (2 sqrt(m))] at least 1/4 for theta = 1/(2 x), u = theta g - (1 - sqrt(1 -
   * theta^2)) g_1, whatever g_1 of entries up to x / sqrt(m) and g of N(0, 2/m): Lemma E.4(c).
   */
  SHIFTED_QUARTER(
      "shifted-quarter",
      (n, x) -> StrictMath.log(0.25),
      (n, x) -> Tails.logNormalUpper((0.5 + shrinkage(0.5 / x) * x) / Math.sqrt(2))),
  /** P[g_k > 1 / sqrt(m)] at least 1/4 for g of N(0, 2/m): the proof of Lemma E.4. */
  PLAIN_QUARTER(
      "plain-quarter",
      (n, x) -> StrictMath.log(0.25),
      (n, x) -> Tails.logNormalUpper(1 / Math.sqrt(2))),
  /** Points of a least x-net of the circle, at most (3/x)^2: Panigrahi and Goyal, Fact A.6. */
  CIRCLE_NET(
      "circle-net",
      (n, x) -> StrictMath.log(Math.ceil(Math.PI / (2 * StrictMath.asin(x / 2)) - 1e-9)),
      (n, x) -> 2 * StrictMath.log(3 / x));

  private interface Function {
    double of(int n, double x);
  }

  private final String label;
  private final Function probability;
  private final Function bound;

  TailFact(String label, Function probability, Function bound) {
    this.label = label;
    this.probability = probability;
    this.bound = bound;
  }

  /** The name used in experiment files. */
  public String label() {
    return label;
  }

  /** The logarithm of the probability. */
  public double logProbability(int n, double x) {
    return probability.of(n, x);
  }

  /** The logarithm of what is stated to be above it. */
  public double logBound(int n, double x) {
    return bound.of(n, x);
  }

  private static double logOutside(int mean, double t) {
    return Tails.logSum(Tails.logNormalUpper(t - mean), Tails.logNormalUpper(t + mean));
  }

  /** (1 - sqrt(1 - theta^2)) / theta. */
  private static double shrinkage(double theta) {
    return theta / (1 + Math.sqrt(1 - theta * theta));
  }

  private static double chiSquareBothSides(int n, double share) {
    return Tails.logSum(
        Tails.logChiSquareUpper(n, n * (1 + share)), Tails.logChiSquareLower(n, n * (1 - share)));
  }

  /** relu(x) of n standard normals has a squared norm of chi-square law, its degree binomial. */
  private static double rectified(int n, double square, boolean above) {
    double sum = Double.NEGATIVE_INFINITY;
    for (int degree = 0; degree <= n; degree++) {
      double tail =
          above ? Tails.logChiSquareUpper(degree, square) : Tails.logChiSquareLower(degree, square);
      sum = Tails.logSum(sum, Tails.logBinomial(n, degree, 0.5) + tail);
    }
    return sum;
  }

  /** By the number of coordinates within the level, of which either sign has half at random. */
  private static double fewLarge(int n, double alpha) {
    double inside = Tails.logComplement(Tails.logChiSquareUpper(1, square(5 * alpha / 16)));
    int needed = (int) Math.ceil((1 - alpha) * n / 2);
    double sum = Double.NEGATIVE_INFINITY;
    for (int within = 0; within <= n; within++) {
      double fails = notBetween(n - within, needed);
      if (fails > Double.NEGATIVE_INFINITY) {
        sum = Tails.logSum(sum, Tails.logBinomial(n, within, StrictMath.exp(inside)) + fails);
      }
    }
    return Math.min(0, sum);
  }

  private static double square(double x) {
    return x * x;
  }

  /** log P that a fair binomial of n has less than the needed successes, or failures. */
  private static double notBetween(int n, int needed) {
    if (2 * needed > n) {
      return 0;
    }
    double below = Double.NEGATIVE_INFINITY;
    double term = Double.POSITIVE_INFINITY;
    for (int w = needed - 1; w >= 0 && !(term < below - 45); w--) {
      term = Tails.logBinomial(n, w, 0.5);
      below = Tails.logSum(below, term);
    }
    return below + StrictMath.log(2);
  }

  private static double largestNormal(int n, double level) {
    double one = Tails.logNormalUpper(level) + StrictMath.log(2);
    return Tails.logComplement(n * Tails.logComplement(one));
  }

  /** The mean of n fair bits at least x / sqrt(n) above 1/2, or off it. */
  private static double bits(int n, double x, boolean bothSides) {
    double sum = Double.NEGATIVE_INFINITY;
    double least = n / 2.0 + x * Math.sqrt(n);
    for (int w = (int) Math.ceil(least - 1e-9); w <= n; w++) {
      sum = Tails.logSum(sum, Tails.logBinomial(n, w, 0.5));
    }
    return bothSides ? sum + StrictMath.log(2) : sum;
  }
}
