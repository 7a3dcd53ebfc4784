package io.cnn2gnn.cli.kit;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a command does about Ctrl-C, and about every other signal that ends a process in order. */
public final class CtrlC {
  private static final int SECONDS = 40;

  private CtrlC() {}

  /**
   * Has a signal interrupt this thread, and the process wait until it has closed everything in its
   * order.
   *
   * @return what the thread counts down when it has
   */
  public static CountDownLatch clearUp() {
    CountDownLatch cleared = new CountDownLatch(1);
    Thread command = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  command.interrupt();
                  try {
                    if (!cleared.await(SECONDS, TimeUnit.SECONDS)) {
                      System.err.println("cnn2gnn: the stack did not stop in time");
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                },
                "clear-up"));
    return cleared;
  }
}
