package io.cnn2gnn.training.data;

import java.io.IOException;

/** Where the images of a training run come from. Its text form names it in messages. */
public interface DataSource {
  /**
   * Reads both halves into memory; the same source gives the same images in the same order.
   *
   * @throws IOException if anything is missing, damaged or unusable for training
   */
  DataSet read() throws IOException, InterruptedException;
}
