package org.rnnsweep.kernels.linalg;

/** JavaCPP's settings, which it reads once, when its first class loads. */
final class JavaCpp {
  private JavaCpp() {}

  /** To be called before anything touches a class of JavaCPP. Idempotent. */
  static void configure() {
    // Its own limits are -Xmx and twice that; ours is the arena's, and the machine's memory ticket.
    System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
  }
}
