package io.cnn2gnn.training.files;

import io.cnn2gnn.model.files.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Short names for what was computed from given settings. */
public final class Keys {
  private static final int LENGTH = 12;

  private Keys() {}

  /** Hexadecimal digits that differ where any of the parts differs in its text form. */
  public static String of(Object... parts) {
    return Sha256.hex(Arrays.toString(parts).getBytes(StandardCharsets.UTF_8)).substring(0, LENGTH);
  }
}
