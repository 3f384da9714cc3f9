package org.rnnsweep.kernels.ntk;

/**
 * The arc-cosine kernels of Cho and Saul (2009) of degree 0 and 1 as functions of {@code e = 1 -
 * rho}, without loss of digits where rho is near 1. With theta = arccos(1 - e),
 *
 * <pre>
 * Sigma(rho) = 2 P(u &gt; 0, v &gt; 0)            = 1 - theta / pi
 * Gamma(rho) = 2 E[relu(u) relu(v)]         = 1 - (e - (sin theta - theta cos theta) / pi)
 * </pre>
 *
 * for standard normals u and v of correlation rho.
 *
 * <p>Neither branches nor calls a library: the loops over arrays that inline these methods are
 * compiled to vector instructions, and since Java rounds every operation alike, to the same bits as
 * one number alone. {@code theta = 8 arctan(tan(theta / 8))} by two half-angle steps and a
 * polynomial; {@code (sin theta - theta cos theta) / theta^3} is an entire function of theta^2.
 * Both polynomials are interpolations at Chebyshev points with a relative error below 2e-18. Over e
 * in [0, 2] the angle was found within 4 ulps and the deficit of Gamma within 8 of values of 40
 * digits; the tests hold these bounds.
 */
public final class ArcCosine {
  private static final double INVERSE_PI = 1 / Math.PI;

  private ArcCosine() {}

  /**
   * theta = arccos(1 - e), in [0, pi].
   *
   * @param e 1 - rho, in [0, 2]; NaN gives NaN; what rounding put just above 2 is taken for 2
   */
  public static double angle(double e) {
    double half = 0.5 * e;
    double sine = Math.sqrt(half);
    double cosine = Math.sqrt(Math.abs(1 - half));
    return Math.min(8 * smallArctan(halved(sine / (1 + cosine))), Math.PI);
  }

  /**
   * 1 - Gamma(1 - e), in [0, 1].
   *
   * @param e 1 - rho, in [0, 2]
   * @param angle {@link #angle} of e
   */
  public static double deficit(double e, double angle) {
    return e - moon(angle) * INVERSE_PI;
  }

  /** sin theta - theta cos theta for theta in [0, pi], with all its digits where theta is small. */
  public static double moon(double angle) {
    double s = angle * angle;
    double p = -1.4119428332489182e-24;
    p = p * s + 8.475428077111955e-22;
    p = p * s - 3.914077811042259e-19;
    p = p * s + 1.479709547988298e-16;
    p = p * s - 4.498331308803435e-14;
    p = p * s + 1.0706029212174211e-11;
    p = p * s - 1.9270852603847736e-09;
    p = p * s + 2.5052108385435857e-07;
    p = p * s - 2.2045855379188653e-05;
    p = p * s + 0.0011904761904761904;
    p = p * s - 0.03333333333333333;
    p = p * s + 0.3333333333333333;
    return p * s * angle;
  }

  /** Sigma = 1 - theta / pi, in [0, 1]. */
  public static double step(double angle) {
    return 1 - angle * INVERSE_PI;
  }

  /** arctan(t) of any finite t: two half-angle steps. */
  static double arctan(double t) {
    return 4 * smallArctan(halved(halved(t)));
  }

  /** tan(x / 2) of t = tan(x). */
  private static double halved(double t) {
    return t / (1 + Math.sqrt(1 + t * t));
  }

  /** arctan(u) for |u| at most tan(pi / 8). */
  private static double smallArctan(double u) {
    double s = u * u;
    double p = -0.017805395704537506;
    p = p * s + 0.037965256099576565;
    p = p * s - 0.050351024039430294;
    p = p * s + 0.05846878285787001;
    p = p * s - 0.06662951812061838;
    p = p * s + 0.07692045330765912;
    p = p * s - 0.09090896809056438;
    p = p * s + 0.11111110744919396;
    p = p * s - 0.1428571427925024;
    p = p * s + 0.1999999999994089;
    p = p * s - 0.3333333333333312;
    return u + u * s * p;
  }
}
