package org.rnnsweep.kernels.training;

/** As much complex arithmetic as a derivative by a complex step takes. */
record Complex(double re, double im) {
  static final Complex ZERO = new Complex(0, 0);

  Complex plus(Complex other) {
    return new Complex(re + other.re, im + other.im);
  }

  Complex times(Complex other) {
    return new Complex(re * other.re - im * other.im, re * other.im + im * other.re);
  }

  Complex times(double factor) {
    return new Complex(re * factor, im * factor);
  }

  Complex inverse() {
    double square = re * re + im * im;
    return new Complex(re / square, -im / square);
  }

  Complex exp() {
    double size = Math.exp(re);
    return new Complex(size * Math.cos(im), size * Math.sin(im));
  }

  Complex log() {
    return new Complex(Math.log(Math.hypot(re, im)), Math.atan2(im, re));
  }

  /** 1 / (1 + exp(-z)). */
  Complex sigmoid() {
    return new Complex(1, 0).plus(times(-1).exp()).inverse();
  }

  Complex tanh() {
    return times(2).sigmoid().times(2).plus(new Complex(-1, 0));
  }

  Complex relu() {
    return re > 0 ? this : ZERO;
  }
}
