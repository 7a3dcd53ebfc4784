package io.cnn2gnn.faults.fuzz;

import java.util.List;

/** The decoders that meet strangers' bytes. */
public final class FuzzTargets {
  private FuzzTargets() {}

  /**
   * JPEG, PNG and raw images, decoded and brought to a model's input.
   *
   * @param files real images that join those made here; other files make other inputs
   */
  public static FuzzTarget image(List<byte[]> files) {
    return ImageTarget.of(files);
  }

  /** Records of images in Confluent's wire format. */
  public static FuzzTarget avro() {
    return AvroTarget.of();
  }

  /** Model bundles, and the safetensors in them. */
  public static FuzzTarget bundle() {
    return BundleTarget.of();
  }
}
