package io.cnn2gnn.topology.serving;

import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.inference.StudentModel;

/**
 * A model and what answers for it, shared by everybody who still needs it: it is closed when the
 * last of its users has closed it. Who makes one is its first user.
 */
public final class ServedModel implements AutoCloseable {
  private final StudentModel model;
  private final Classifier classifier;
  private int users = 1;

  /**
   * Puts a model into service.
   *
   * @param model closed by the last user
   * @param classifier answers for it, usually {@link Classifier#of}
   */
  public ServedModel(StudentModel model, Classifier classifier) {
    this.model = model;
    this.classifier = classifier;
  }

  public ModelCard card() {
    return model.card();
  }

  /** The model itself, to open banks for it. */
  public StudentModel model() {
    return model;
  }

  /** What answers for it. */
  public Classifier classifier() {
    return classifier;
  }

  /** One user more, who closes it too. */
  public synchronized ServedModel retain() {
    if (users == 0) {
      throw new IllegalStateException(card().id() + " is closed already");
    }
    users++;
    return this;
  }

  /** One user less. */
  @Override
  public synchronized void close() {
    if (users == 0) {
      throw new IllegalStateException(card().id() + " has been closed more often than used");
    }
    users--;
    if (users == 0) {
      model.close();
    }
  }

  @Override
  public String toString() {
    return card().id();
  }
}
