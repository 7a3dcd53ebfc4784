package io.cnn2gnn.training.service;

import java.io.IOException;
import java.util.Optional;

/** Says when it is time to train. One thread asks. */
public interface Trigger {
  /**
   * Why it is time, for people; empty if it is not.
   *
   * @param last the training that ended last
   */
  Optional<String> fired(Optional<LastTraining> last) throws IOException, InterruptedException;
}
