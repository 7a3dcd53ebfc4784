package io.cnn2gnn.topology.decode;

import java.util.EnumMap;
import java.util.Map;

/** Where work is done beside the stream threads; partitions share each kind of thread fairly. */
public final class Lanes implements AutoCloseable {
  private static final int REMOTE_THREADS = 16;
  private static final int REMOTE_OF_ONE = 4;

  private final boolean inline;
  private final Map<Work, Lane> lanes = new EnumMap<>(Work.class);

  private Lanes(boolean inline) {
    this.inline = inline;
  }

  /** No threads: whoever brings work does it, at once. */
  public static Lanes inline() {
    return new Lanes(true);
  }

  /**
   * Threads that come when there is work for them.
   *
   * @param helpers for what stream threads help with; 0: they do it alone
   */
  public static Lanes of(int helpers) {
    Lanes lanes = new Lanes(false);
    if (helpers > 0) {
      lanes.lanes.put(Work.LIGHT, new Lane("cnn2gnn-decode", helpers, helpers));
    }
    // Two at least, of which one partition has one: another's large pictures go on beside it.
    int heavy = Math.max(2, helpers);
    lanes.lanes.put(Work.HEAVY, new Lane("cnn2gnn-decode-heavy", heavy, heavy - 1));
    lanes.lanes.put(Work.REMOTE, new Lane("cnn2gnn-remote", REMOTE_THREADS, REMOTE_OF_ONE));
    return lanes;
  }

  boolean isAlone() {
    return !inline && !lanes.containsKey(Work.LIGHT);
  }

  /** Does it, or has it done; what nobody here does waits for the stream thread. */
  void submit(Work work, int partition, Runnable run) {
    if (inline) {
      run.run();
    } else if (lanes.containsKey(work)) {
      lanes.get(work).submit(partition, run);
    }
  }

  @Override
  public void close() {
    lanes.values().forEach(Lane::close);
  }
}
