package io.cnn2gnn.topology.serving;

import io.cnn2gnn.model.bundle.ModelCard;

/**
 * The one reference by which every task finds the model that answers. Replacing it takes effect
 * with a task's next batch; the batch under way keeps the model it was given.
 */
public final class ActiveModel implements AutoCloseable {
  private ServedModel current;

  /** Begins with a model, of which it becomes the owner. */
  public ActiveModel(ServedModel first) {
    this.current = first;
  }

  /** The model that answers now; the caller closes it. */
  public synchronized ServedModel acquire() {
    return current.retain();
  }

  /** What the model that answers now says of itself. */
  public synchronized ModelCard card() {
    return current.card();
  }

  /** Exchanges it for another one, of which this becomes the owner. */
  public void replace(ServedModel next) {
    ServedModel before;
    synchronized (this) {
      before = current;
      current = next;
    }
    before.close();
  }

  @Override
  public synchronized void close() {
    current.close();
  }
}
