package io.cnn2gnn.training.service;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.training.data.DataSet;
import io.cnn2gnn.training.topic.StreamRange;
import java.io.IOException;
import java.nio.file.Path;

/** What a service needs done to train. */
public interface Trainer {
  /** All there is to learn from now. */
  StreamRange range() throws IOException, InterruptedException;

  /**
   * The images of a training.
   *
   * @throws IOException if one cannot train on them
   */
  DataSet read(PendingTraining training) throws IOException, InterruptedException;

  /**
   * Trains, going on where an earlier call was stopped, and writes the bundle.
   *
   * @param out where to
   * @param work where checkpoints are
   */
  Bundle train(PendingTraining training, DataSet data, Path out, Path work)
      throws IOException, BundleException, InterruptedException;
}
