package io.cnn2gnn.model.image;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** How much processor time its thread may still spend; asked often, it asks the system seldom. */
final class Deadline {
  /** Tells apart what we gave up from what is damaged. */
  static final class OverdueException extends IOException {
    private static final long serialVersionUID = 1L;

    OverdueException() {
      super("the decoder's time is over");
    }
  }

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int SELDOM = 8;

  private final double end;
  private int asked;
  private boolean over;

  Deadline(double nanos) {
    this.end = THREADS.getCurrentThreadCpuTime() + nanos;
  }

  boolean isOver() {
    if (!over && ++asked % SELDOM == 0) {
      over = THREADS.getCurrentThreadCpuTime() > end;
    }
    return over;
  }

  void check() throws OverdueException {
    if (isOver()) {
      throw new OverdueException();
    }
  }
}
