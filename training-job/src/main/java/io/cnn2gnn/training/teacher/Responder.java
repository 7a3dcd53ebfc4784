package io.cnn2gnn.training.teacher;

/** A frozen teacher: answers images. One thread uses it; it owns native memory, so close it. */
public interface Responder extends AutoCloseable {
  /** Its name, for the model card. */
  String name();

  /** A text that differs where its answers may differ. */
  String key();

  /** Classes that it tells apart. */
  int classes();

  /**
   * The logits of a batch.
   *
   * @param samples uint8, image after image, each height x width x channels
   * @return float32 [images, classes], row by row
   */
  float[] logits(byte[] samples);

  /** Multiply-accumulates per image, or 0 where they are not known. */
  long macs();

  @Override
  void close();
}
