package org.rnnsweep.kernels.ntk;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The networks of the papers, all rectifiers, by name. Their A has the variance v/m and their
 * kernel a factor 1/m in front of the gradients' inner product; here that is {@code inputVariance}
 * v and {@link Parametrization#ENTRIES} (see {@link NetworkLaw}). Outputs: one; with d outputs
 * divide the readout's variance where the paper does.
 */
public enum Preset {
  /**
   * Wang, Shen, Hu and Cao, Section 2.3: W and M_0 N(0, 2/m), A N(0, 2/(L^3 m)), h_0 = relu(M_0), W
   * trained; B repaired to N(0, 1), without which the kernel has no limit but 0.
   */
  WANG("wang", Trained.RECURRENT) {
    @Override
    public NetworkLaw law(int length) {
      return rectifier(2 / Math.pow(length, 3), 2, 1);
    }
  },
  /** The same as printed, B ~ N(0, 1/m): the kernel with its factor 1/m vanishes like 1/m. */
  WANG_PRINTED("wang-printed", Trained.RECURRENT) {
    @Override
    public NetworkLaw law(int length) {
      return WANG.law(length).withReadoutVariance(0);
    }
  },
  /** As {@link #WANG}, but A ~ N(0, 2/m) as in the paper's Algorithm 1. */
  WANG_ALGORITHM("wang-algorithm", Trained.RECURRENT) {
    @Override
    public NetworkLaw law(int length) {
      return rectifier(2, 2, 1);
    }
  },
  /**
   * Panigrahi and Goyal, Definition 3.2: W and A N(0, 2/m), h_0 = 0, W and A trained; B repaired to
   * N(0, 1/d_out), as the proofs need it.
   */
  PANIGRAHI_GOYAL("panigrahi-goyal", Trained.RECURRENT_AND_INPUT) {
    @Override
    public NetworkLaw law(int length) {
      return rectifier(2, 0, 1);
    }
  },
  /** The same as printed, B ~ N(0, 2/d_out): twice the kernel. */
  PANIGRAHI_GOYAL_PRINTED("panigrahi-goyal-printed", Trained.RECURRENT_AND_INPUT) {
    @Override
    public NetworkLaw law(int length) {
      return rectifier(2, 0, 2);
    }
  },
  /** Allen-Zhu and Li, Definition 3.3: W and A N(0, 2/m), B N(0, 1/d), h_0 = 0, W trained. */
  ALLEN_ZHU_LI("allen-zhu-li", Trained.RECURRENT) {
    @Override
    public NetworkLaw law(int length) {
      return rectifier(2, 0, 1);
    }
  },
  /** Allen-Zhu, Li and Song, Definition 2.2: the same law. */
  ALLEN_ZHU_LI_SONG("allen-zhu-li-song", Trained.RECURRENT) {
    @Override
    public NetworkLaw law(int length) {
      return rectifier(2, 0, 1);
    }
  };

  private final String label;
  private final Trained trained;

  Preset(String label, Trained trained) {
    this.label = label;
    this.trained = trained;
  }

  private static NetworkLaw rectifier(double input, double initial, double readout) {
    return new NetworkLaw(Activation.RELU, 2, input, InputScale.ONE, 0, initial, readout);
  }

  /**
   * The law for sequences of one length L.
   *
   * @param length L; of no account where {@link #dependsOnLength} is false
   */
  public abstract NetworkLaw law(int length);

  /** Whether A's variance falls with L; then all sequences need one length. */
  public boolean dependsOnLength() {
    return this == WANG || this == WANG_PRINTED;
  }

  /** The name used on the command line. */
  public String label() {
    return label;
  }

  /** What the paper trains. */
  public Trained trained() {
    return trained;
  }

  /** The preset of this name. */
  public static Preset ofLabel(String label) {
    for (Preset preset : values()) {
      if (preset.label.equals(label)) {
        return preset;
      }
    }
    throw new IllegalArgumentException(
        "no preset is called '"
            + label
            + "', the names are "
            + Arrays.stream(values()).map(Preset::label).collect(Collectors.joining(", ")));
  }
}
