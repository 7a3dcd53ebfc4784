package io.cnn2gnn.topology.decode;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.reference.ReferenceUnavailableException;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.topology.decode.MemoryBudget.Hold;
import io.cnn2gnn.topology.decode.RecordDecoder.Decoding;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.heap.HeapFaults.Place;
import io.cnn2gnn.topology.metrics.AppMetrics;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Decodes records on other threads than the one that brings them: on spare cores what is soon done,
 * on threads of their own large pictures, and what needs a registry's or a host's answer. The
 * stream thread helps with the first kind only, so that nothing a record asks for holds up the
 * partitions that its thread has beside it.
 *
 * <p>A record that needs something that is away is tried again, with growing pauses, whenever its
 * owner asks for it. One that the heap is too small for is tried a second time while no other
 * picture is decoded, and then refused.
 */
public final class DecodeAhead implements AutoCloseable {
  private final Supplier<RecordDecoder> decoders;
  private final Lanes lanes;
  private final ImageLimits limits;
  private final Patience patience;
  private final HeapFaults heap;
  private final AppMetrics metrics;
  private final Queue<RecordDecoder> idle = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  /**
   * Decodes with the threads of some lanes.
   *
   * @param decoders as many are made as records are decoded at a time
   * @param lanes closed with this
   * @param limits the decoders' own
   * @param patience with what is away
   * @param heap decides what becomes of a record that it is too small for
   */
  public DecodeAhead(
      Supplier<RecordDecoder> decoders,
      Lanes lanes,
      ImageLimits limits,
      Patience patience,
      HeapFaults heap,
      AppMetrics metrics) {
    this.decoders = decoders;
    this.lanes = lanes;
    this.limits = limits;
    this.patience = patience;
    this.heap = heap;
    this.metrics = metrics;
  }

  /** Begins to decode a record; as {@link RecordDecoder#decode}. */
  public Pending begin(Source source, InputSpec input) {
    Pending pending = new Pending(source, input);
    submit(pending, Work.LIGHT);
    return pending;
  }

  /** Whether stream threads have to do by themselves what they could help with. */
  public boolean isAlone() {
    return lanes.isAlone();
  }

  private void submit(Pending pending, Work work) {
    lanes.submit(work, pending.source.partition(), () -> run(pending, work, true));
  }

  /** Goes on with a record for as long as its next step is of this kind. */
  private void run(Pending pending, Work work, boolean waits) {
    try {
      goOn(pending, work, waits);
    } catch (RuntimeException | Error e) {
      // Whoever waits for it must hear of it: a thread that is not his has nobody else to tell.
      pending.fail(e);
    }
  }

  private void goOn(Pending pending, Work work, boolean waits) {
    boolean moved = false;
    for (Optional<Step.Next> next = pending.claim(work);
        next.isPresent();
        next = pending.claim(work)) {
      if (!advance(pending, next.get(), waits)) {
        return;
      }
      moved = true;
    }
    if (moved) {
      pending.needs().ifPresent(needed -> submit(pending, needed));
    }
  }

  /** Returns false if it has to be come back to. */
  private boolean advance(Pending pending, Step.Next next, boolean waits) {
    boolean alone = pending.isStruck();
    Optional<Hold> pixels = Optional.empty();
    try {
      MemoryBudget budget = limits.budget(next.work());
      if (next.work() == Work.REMOTE) {
        // What it had would never come free for it.
        pending.dropFile();
        pending.keep(budget.take(next.bytes()));
      } else {
        long bytes = alone ? Long.MAX_VALUE : next.bytes();
        pixels = waits ? Optional.of(budget.take(bytes)) : budget.tryTake(bytes);
        if (pixels.isEmpty()) {
          pending.putBack(next);
          submit(pending, next.work());
          return false;
        }
      }
      pending.settle(step(pending, next));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the service stops
      pending.putBack(next);
      return false;
    } catch (RegistryUnavailableException | ReferenceUnavailableException e) {
      pending.wait(next, e);
    } catch (OutOfMemoryError e) {
      var unused = heap.decide(Place.DECODE, pending.source.coordinates(), e);
      pending.settle(
          alone
              ? next.refused(
                  "OUT_OF_MEMORY", "the service's heap is too small to decode it, even alone")
              : pending.struck(next));
    } catch (StackOverflowError e) {
      pending.settle(next.refused("DECODER_FAILED", "a decoder ran out of stack"));
    } catch (RuntimeException | Error e) {
      pending.fail(e);
    } finally {
      pixels.ifPresent(Hold::close);
    }
    return true;
  }

  private Step step(Pending pending, Step.Next next) {
    RecordDecoder decoder = idle.poll();
    if (decoder == null) {
      decoder = decoders.get();
    }
    long start = System.nanoTime();
    try {
      return next.stage().run(decoder);
    } finally {
      pending.took(System.nanoTime() - start);
      idle.add(decoder);
      if (closed) {
        closeIdle();
      }
    }
  }

  private void closeIdle() {
    for (RecordDecoder decoder = idle.poll(); decoder != null; decoder = idle.poll()) {
      decoder.close();
    }
  }

  /** A record that is being decoded. */
  public final class Pending {
    private final Source source;
    private final InputSpec input;
    private final CompletableFuture<Decoding> result = new CompletableFuture<>();

    /** What comes next; empty while somebody is at it, and after the end. */
    private Optional<Step.Next> next;

    /** Of what comes next, or of what somebody is at. */
    private Work work = Work.LIGHT;

    /** From the first time that something was away until it is there. */
    private Optional<Patience.Wait> wait = Optional.empty();

    private boolean isHeld;
    private Optional<Hold> file = Optional.empty();
    private boolean struck;
    private long nanos;

    private Pending(Source source, InputSpec input) {
      this.source = source;
      this.input = input;
      this.next =
          Optional.of(
              new Step.Next(work, 0, Optional.empty(), decoder -> decoder.begin(source, input)));
    }

    /** The record. */
    public Source source() {
      return source;
    }

    /** What its samples are for. */
    public InputSpec input() {
      return input;
    }

    /** Whether {@link #get} would answer at once. */
    public boolean isDone() {
      return result.isDone();
    }

    /** Whether it is known to be at fault. */
    public boolean isRefused() {
      return result.isDone()
          && !result.isCompletedExceptionally()
          && result.join() instanceof Decoding.Refused;
    }

    /** Whether its end is a matter of milliseconds, as far as one can tell. */
    public synchronized boolean isSoonDone() {
      return wait.isEmpty() && work == Work.LIGHT;
    }

    /** Goes on with it now, on this thread, if that is soon done and nobody is at it. */
    public void help() {
      run(this, Work.LIGHT, false);
    }

    /** Tries again what was away, if it is time to. */
    public void retry() {
      if (isDue()) {
        submit(this, work);
      }
    }

    /**
     * The result of one that is done.
     *
     * @throws RuntimeException or Error that decoding it ended with
     */
    public Decoding get() {
      try {
        return result.join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) e.getCause();
      }
    }

    /** Waits for its end, not long; returns whether it is done. */
    public boolean await(long nanos) {
      try {
        var unused = result.get(nanos, TimeUnit.NANOSECONDS);
        return true;
      } catch (TimeoutException e) {
        return false;
      } catch (ExecutionException e) {
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return isDone();
      }
    }

    /** Nobody wants it any more. */
    public synchronized void cancel() {
      next = Optional.empty();
      result.cancel(false);
      release();
    }

    private synchronized Optional<Step.Next> claim(Work kind) {
      if (isHeld || work != kind) {
        return Optional.empty();
      }
      Optional<Step.Next> claimed = next;
      next = Optional.empty();
      return claimed;
    }

    /** Nothing has come of it. */
    private synchronized void putBack(Step.Next again) {
      if (!result.isDone()) {
        // What was too large for the heap once is alone until its end.
        Step.Next kept = struck && again.work() == Work.LIGHT ? again.heavy() : again;
        next = Optional.of(kept);
        work = kept.work();
      }
    }

    private synchronized void settle(Step step) {
      wait.ifPresent(Patience.Wait::end);
      wait = Optional.empty();
      if (step instanceof Step.Next more) {
        putBack(more);
      } else {
        metrics.decoded(nanos);
        result.complete(((Step.Done) step).decoding());
      }
      if (result.isDone()) {
        release();
      }
    }

    private synchronized void fail(Throwable e) {
      result.completeExceptionally(e);
      release();
    }

    private synchronized void release() {
      wait.ifPresent(Patience.Wait::end);
      wait = Optional.empty();
      dropFile();
    }

    private synchronized void keep(Hold hold) {
      file = Optional.of(hold);
      if (result.isDone()) {
        release();
      }
    }

    private synchronized void dropFile() {
      file.ifPresent(Hold::close);
      file = Optional.empty();
    }

    private synchronized void took(long more) {
      nanos += more;
    }

    private synchronized Step.Next struck(Step.Next again) {
      struck = true;
      return again.heavy();
    }

    private synchronized boolean isStruck() {
      return struck;
    }

    private synchronized void wait(Step.Next again, RuntimeException away) {
      if (result.isDone()) {
        release();
        return;
      }
      dropFile();
      Patience.Wait waited = wait.orElseGet(() -> patience.begin(source.coordinates()));
      wait = Optional.of(waited);
      if (away instanceof ReferenceUnavailableException && waited.isOver()) {
        settle(
            again.refused(
                "REFERENCE_UNAVAILABLE",
                "%s; given up after %s".formatted(away.getMessage(), patience.longest())));
        return;
      }
      waited.failed(away.getMessage());
      isHeld = true;
      putBack(again);
    }

    private synchronized boolean isDue() {
      boolean due = isHeld && wait.isPresent() && wait.get().isDue();
      if (due) {
        isHeld = false;
      }
      return due;
    }

    private synchronized Optional<Work> needs() {
      return isHeld ? Optional.empty() : next.map(Step.Next::work);
    }
  }

  /** Gives up what has not begun; decoders at work are closed when they are done. */
  @Override
  public void close() {
    closed = true;
    lanes.close();
    closeIdle();
  }
}
