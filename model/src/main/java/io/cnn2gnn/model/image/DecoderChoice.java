package io.cnn2gnn.model.image;

import java.util.Optional;

/** Which library decodes image files. */
public enum DecoderChoice {
  /** The native one; the JDK's on a machine where that cannot be loaded. */
  AUTO,
  /** The native one; without it nothing is decoded. */
  NATIVE,
  /** The JDK's, which reads no WebP and always decodes the whole of a picture. */
  JAVA;

  /** Why the native library is not there; empty if it is. */
  public static Optional<String> whyNotNative() {
    return NativeReader.failure();
  }

  /** Whether the native library decodes here. */
  public boolean isNative() {
    return this != JAVA && whyNotNative().isEmpty();
  }
}
