package io.cnn2gnn.training;

import io.cnn2gnn.training.fit.Progress;

/** Where a training run tells how far it is. */
public interface TrainListener {
  /** A phase ({@code teacher} or {@code student}) begins; its progress goes to the result. */
  Progress phase(String name);
}
