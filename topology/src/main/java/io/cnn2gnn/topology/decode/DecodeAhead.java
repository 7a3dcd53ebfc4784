package io.cnn2gnn.topology.decode;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.topology.AppMetrics;
import io.cnn2gnn.topology.Source;
import io.cnn2gnn.topology.decode.RecordDecoder.Decoding;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Decodes records on spare cores while their batch is still open. The stream thread takes the
 * results, and decodes by itself what nobody has begun, so that no thread ever waits for a queue;
 * without threads of its own each record is decoded at once.
 *
 * <p>A few records may wait for each helper; when there are more, the stream thread decodes the one
 * it brings. So the end of a batch never has many slow ones to wait for, images by reference from a
 * host that takes its time, while Kafka Streams would have polled between them.
 */
public final class DecodeAhead implements AutoCloseable {
  private static final int WAITING = 8;

  private final Supplier<RecordDecoder> decoders;
  private final int threads;
  private final AppMetrics metrics;
  private final ExecutorService executor;
  private final Queue<RecordDecoder> idle = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  /**
   * Makes one.
   *
   * @param decoders as many are made as records are decoded at a time
   * @param threads beside the stream threads; 0 for none
   */
  public DecodeAhead(Supplier<RecordDecoder> decoders, int threads, AppMetrics metrics) {
    this.decoders = decoders;
    this.threads = threads;
    this.metrics = metrics;
    AtomicInteger number = new AtomicInteger();
    this.executor =
        new ThreadPoolExecutor(
            Math.max(1, threads),
            Math.max(1, threads),
            0,
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(WAITING * Math.max(1, threads)),
            work -> {
              Thread thread = new Thread(work, "cnn2gnn-decode-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.CallerRunsPolicy());
  }

  /** Begins to decode a record; as {@link RecordDecoder#decode}. */
  public Pending begin(Source source, InputSpec input) {
    Pending pending = new Pending(source, input);
    if (threads == 0) {
      pending.first.run();
    } else {
      executor.execute(pending.first);
    }
    return pending;
  }

  private Decoding decode(Source source, InputSpec input) {
    RecordDecoder decoder = idle.poll();
    if (decoder == null) {
      decoder = decoders.get();
    }
    long start = System.nanoTime();
    try {
      return decoder.decode(source, input);
    } finally {
      metrics.decoded(System.nanoTime() - start);
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
    private final FutureTask<Decoding> first;
    private volatile boolean refused;
    private boolean failed;

    private Pending(Source source, InputSpec input) {
      this.source = source;
      this.input = input;
      this.first =
          new FutureTask<>(
              () -> {
                Decoding decoding = decode(source, input);
                refused = decoding instanceof Decoding.Refused;
                return decoding;
              });
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
      return first.isDone();
    }

    /** Whether it is known to be at fault. */
    public boolean isRefused() {
      return refused && isDone();
    }

    /** Decodes it now, unless somebody has begun to. */
    public void help() {
      first.run();
    }

    /**
     * The result, for one thread; what {@link RecordDecoder#decode} throws is thrown here. Called
     * again after that, it tries again.
     */
    public Decoding get() {
      if (failed) {
        return decode(source, input);
      }
      first.run();
      try {
        return first.get();
      } catch (ExecutionException e) {
        failed = true;
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) e.getCause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while a record was decoded", e);
      }
    }
  }

  /** Gives up what has not begun; decoders at work are closed when they are done. */
  @Override
  public void close() {
    executor.shutdownNow();
    closed = true;
    closeIdle();
  }
}
