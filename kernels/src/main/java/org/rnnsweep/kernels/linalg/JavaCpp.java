package org.rnnsweep.kernels.linalg;

/** JavaCPP's settings, which it reads once, when its first classes load. */
final class JavaCpp {
  private static boolean configured;

  private JavaCpp() {}

  /** To be called before anything touches a class of JavaCPP. Idempotent. */
  static synchronized void configure() {
    if (configured) {
      return;
    }
    // Its own limits are -Xmx and a multiple of it; ours are the arena's and the machine's ticket.
    System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    NativeCache.choose();
    configured = true;
  }
}
