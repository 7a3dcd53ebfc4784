package io.cnn2gnn.topology.serving;

import io.cnn2gnn.model.bundle.ModelCard;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The one reference by which every task finds the model that answers. Replacing it takes effect
 * with a task's next batch; the batch under way keeps the model it was given.
 */
public final class ActiveModel implements AutoCloseable {
  private final InstantSource clock;
  private ServedModel current;
  private Instant since;

  /** What the model in service says of itself, and since when it is in service here. */
  public record InService(ModelCard card, Instant since) {}

  /** Begins with a model, of which it becomes the owner. */
  public ActiveModel(ServedModel first) {
    this(first, InstantSource.system());
  }

  /** As above, by another clock. */
  public ActiveModel(ServedModel first, InstantSource clock) {
    this.clock = clock;
    this.current = first;
    this.since = clock.instant();
  }

  /** The model that answers now; the caller closes it. */
  public synchronized ServedModel acquire() {
    return current.retain();
  }

  /** What the model that answers now says of itself. */
  public synchronized ModelCard card() {
    return current.card();
  }

  /** As {@link #card}, with the moment since when. */
  public synchronized InService inService() {
    return new InService(current.card(), since);
  }

  /** Exchanges it for another one, of which this becomes the owner. */
  public void replace(ServedModel next) {
    ServedModel before;
    synchronized (this) {
      before = current;
      current = next;
      since = clock.instant();
    }
    before.close();
  }

  @Override
  public synchronized void close() {
    current.close();
  }
}
