package io.cnn2gnn.training.service;

import io.cnn2gnn.model.bundle.BundleException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Work that is interrupted when the lease is lost. */
final class Guarded {
  private static final long LOOK_MILLIS = 100;

  private Guarded() {}

  /** What is done under the lease. */
  interface Work<T> {
    T run() throws IOException, BundleException, InterruptedException, LeaseLostException;
  }

  /**
   * Runs work in a thread of its own, which is the one that is interrupted, and waits for its end.
   *
   * @throws LeaseLostException if the term ended first
   */
  static <T> T during(Lease lease, long term, Work<T> work)
      throws IOException, BundleException, InterruptedException, LeaseLostException {
    FutureTask<T> task = new FutureTask<>(work::run);
    Thread thread = new Thread(task, "training");
    thread.setDaemon(true);
    thread.start();
    try {
      while (true) {
        try {
          return task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (lease.term() != term) {
            throw new LeaseLostException("the lease was lost while training");
          }
        } catch (ExecutionException e) {
          throw thrown(e);
        }
      }
    } finally {
      thread.interrupt();
      thread.join();
    }
  }

  private static IllegalStateException thrown(ExecutionException e)
      throws IOException, BundleException, InterruptedException, LeaseLostException {
    Throwable cause = e.getCause();
    if (cause instanceof IOException io) {
      throw io;
    }
    if (cause instanceof BundleException bundle) {
      throw bundle;
    }
    if (cause instanceof InterruptedException interrupted) {
      throw interrupted;
    }
    if (cause instanceof LeaseLostException lost) {
      throw lost;
    }
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("work throws nothing else", cause);
  }
}
