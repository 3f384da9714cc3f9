package org.rnnsweep.driver.plan;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.kernels.NumericsProfile;

/**
 * A bundle as bytes, for tasks: records cannot cross Spark's serialiser. Exact, real numbers by
 * their bits: the trials that come out have the ids of those that went in. Both ends run the same
 * jar, so the form may change from version to version.
 */
public final class BundleCodec {
  private static final int FORMAT = 0x726e7702; // "rnw", 2

  private BundleCodec() {}

  /**
   * Encodes a bundle.
   *
   * @throws IllegalArgumentException if its trials differ in job, version, numerics or root seed
   */
  public static byte[] encode(Bundle bundle) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      Trial common = bundle.groups().get(0).first();
      out.writeInt(FORMAT);
      out.writeUTF(common.job());
      out.writeInt(common.jobVersion());
      out.writeUTF(common.numerics().canonical());
      out.writeLong(common.rootSeed());
      out.writeDouble(bundle.flops());
      out.writeLong(bundle.memoryBytes());
      out.writeInt(bundle.repeat());
      out.writeInt(bundle.groups().size());
      for (TrialGroup group : bundle.groups()) {
        out.writeInt(group.trials().size());
        for (Trial trial : group.trials()) {
          requireCommon(common, trial);
          out.writeInt(trial.seedIndex());
          write(out, trial.configuration());
        }
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("a byte array is always written", e);
    }
  }

  private static void requireCommon(Trial common, Trial trial) {
    Trial expected =
        new Trial(
            common.job(),
            common.jobVersion(),
            common.numerics(),
            common.rootSeed(),
            trial.seedIndex(),
            trial.configuration());
    if (!expected.equals(trial)) {
      throw new IllegalArgumentException(
          "one bundle, one job, version, numerics and root seed; found "
              + common
              + " and "
              + trial);
    }
  }

  private static void write(DataOutputStream out, Configuration configuration) throws IOException {
    Map<String, Object> content = configuration.asMap();
    out.writeInt(content.size());
    for (Map.Entry<String, Object> entry : content.entrySet()) {
      out.writeUTF(entry.getKey());
      if (entry.getValue() instanceof Long v) {
        out.writeByte('i');
        out.writeLong(v);
      } else if (entry.getValue() instanceof Double v) {
        out.writeByte('r');
        out.writeDouble(v);
      } else {
        out.writeByte('c');
        out.writeUTF((String) entry.getValue());
      }
    }
  }

  /**
   * Decodes what {@link #encode} made.
   *
   * @throws IllegalArgumentException if the bytes are of another format or torn
   */
  public static Bundle decode(byte[] bytes) {
    try {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
      if (in.readInt() != FORMAT) {
        throw new IllegalArgumentException("not a bundle of this version of the program");
      }
      String job = in.readUTF();
      int version = in.readInt();
      NumericsProfile numerics = NumericsProfile.parse(in.readUTF());
      long root = in.readLong();
      double flops = in.readDouble();
      long memoryBytes = in.readLong();
      int repeat = in.readInt();
      List<TrialGroup> groups = new ArrayList<>();
      for (int group = in.readInt(); group > 0; group--) {
        List<Trial> trials = new ArrayList<>();
        for (int trial = in.readInt(); trial > 0; trial--) {
          trials.add(new Trial(job, version, numerics, root, in.readInt(), configuration(in)));
        }
        groups.add(new TrialGroup(trials));
      }
      if (in.available() > 0) {
        throw new IllegalArgumentException("a bundle is followed by " + in.available() + " bytes");
      }
      return new Bundle(List.copyOf(groups), flops, memoryBytes, repeat);
    } catch (IOException e) {
      throw new IllegalArgumentException("a torn bundle of " + bytes.length + " bytes", e);
    }
  }

  private static Configuration configuration(DataInputStream in) throws IOException {
    Map<String, Object> content = new LinkedHashMap<>();
    for (int entry = in.readInt(); entry > 0; entry--) {
      String name = in.readUTF();
      int type = in.readByte();
      Object value =
          switch (type) {
            case 'i' -> (Object) in.readLong();
            case 'r' -> in.readDouble();
            case 'c' -> in.readUTF();
            default -> throw new IOException("unknown type " + type);
          };
      content.put(name, value);
    }
    return Configuration.of(content);
  }
}
