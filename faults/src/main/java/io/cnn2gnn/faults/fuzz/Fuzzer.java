package io.cnn2gnn.faults.fuzz;

import com.sun.management.ThreadMXBean;
import io.cnn2gnn.faults.fuzz.FuzzTarget.Subject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gives a target so many inputs and checks each answer: accepted or refused, within the limits.
 * Anything else is a finding: the input goes to {@code target-seed-index.bin} and what happened to
 * {@code target-seed-index.txt}, and the run goes on.
 */
public final class Fuzzer {
  /** An abandoned thread may burn a processor until the JVM ends. */
  private static final int MAX_ABANDONED = 8;

  /** A target that fails always would fill the disk. */
  private static final int MAX_FILES = 1000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long POLL_MILLIS = 50;

  private final FuzzLimits limits;
  private final Path findings;

  /**
   * Makes a fuzzer.
   *
   * @param findings folder for what is found, made when there is something
   */
  public Fuzzer(FuzzLimits limits, Path findings) {
    this.limits = limits;
    this.findings = findings;
  }

  /** Runs the inputs {@code from} to {@code from + inputs} of a seed. */
  public FuzzResult run(FuzzTarget target, long seed, long from, long inputs)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Run run = new Run(target, seed, from, inputs);
    int abandoned = 0;
    for (long next = from; next < from + inputs && abandoned < MAX_ABANDONED; abandoned++) {
      Worker worker = new Worker(run, next);
      worker.start();
      next = watch(worker);
    }
    return run.result((System.nanoTime() - start) / 1e9);
  }

  /** Returns the index to go on with after a worker ended, or after it was given up. */
  private long watch(Worker worker) throws InterruptedException, IOException {
    while (true) {
      worker.join(POLL_MILLIS);
      if (!worker.isAlive()) {
        return worker.end();
      }
      Optional<Long> stuck = worker.abandonIfStuck();
      if (stuck.isPresent()) {
        return stuck.get() + 1;
      }
    }
  }

  /** What the workers of one run have counted. */
  private final class Run {
    private final FuzzTarget target;
    private final long seed;
    private final long from;
    private final long inputs;
    private final Map<String, Long> refused = new TreeMap<>();
    private long done;
    private long accepted;
    private long found;
    private long slowestNanos;
    private long largestAllocation;
    private long heapStart;

    Run(FuzzTarget target, long seed, long from, long inputs) {
      this.target = target;
      this.seed = seed;
      this.from = from;
      this.inputs = inputs;
    }

    synchronized void count(Answer answer) throws IOException {
      done++;
      slowestNanos = Math.max(slowestNanos, answer.nanos());
      largestAllocation = Math.max(largestAllocation, answer.allocated());
      if (answer.finding().isPresent()) {
        report(Long.toString(answer.index()), answer.input(), answer.finding().get());
      } else if (answer.refusal().isPresent()) {
        refused.merge(answer.refusal().get(), 1L, Long::sum);
      } else {
        accepted++;
      }
    }

    synchronized void warmedUp() {
      heapStart = usedHeap();
    }

    synchronized FuzzResult result(double seconds) throws IOException {
      long heapEnd = usedHeap();
      if (heapEnd - heapStart > limits.heapGrowth()) {
        report("heap", new byte[0], "the heap grew from %d to %d".formatted(heapStart, heapEnd));
      }
      return new FuzzResult(
          target.name(),
          done,
          accepted,
          new TreeMap<>(refused),
          found,
          slowestNanos / 1_000_000,
          largestAllocation,
          heapStart,
          heapEnd,
          seconds);
    }

    private void report(String index, byte[] input, String what) throws IOException {
      if (found++ < MAX_FILES) {
        Files.createDirectories(findings);
        String name = target.name() + "-" + seed + "-" + index;
        Files.write(findings.resolve(name + ".bin"), input);
        Files.writeString(findings.resolve(name + ".txt"), what + "\n");
      }
    }
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** The answer to one input, and its price. */
  private record Answer(
      long index,
      byte[] input,
      Optional<String> refusal,
      Optional<String> finding,
      long nanos,
      long allocated) {}

  private final class Worker extends Thread {
    private final Run run;
    private final long end;
    private long index;
    private byte[] input = {};
    private long started;
    private boolean busy;
    private boolean abandoned;
    private Optional<Throwable> failure = Optional.empty();

    Worker(Run run, long first) {
      super("fuzz-" + run.target.name());
      setDaemon(true);
      this.run = run;
      this.index = first;
      this.end = run.from + run.inputs;
    }

    /** Where a worker that ended came to, which is the end unless the fuzzer itself failed. */
    long end() {
      failure.ifPresent(
          e -> {
            throw new IllegalStateException("the fuzzer failed at input " + index + ": " + e, e);
          });
      return end;
    }

    @Override
    public void run() {
      try {
        Subject subject = run.target.subjects().get();
        for (long i = index; i < end; i++) {
          if (i == run.from + run.inputs / 10) {
            run.warmedUp();
          }
          byte[] bytes = run.target.input(run.seed, i);
          begin(i, bytes);
          Answer answer = ask(subject, i, bytes);
          if (!finish(answer)) {
            return;
          }
          if (answer.finding().isPresent()) {
            // The next input must not suffer from what this one left behind.
            subject = run.target.subjects().get();
          }
        }
      } catch (IOException | RuntimeException | Error e) {
        failure = Optional.of(e);
      }
    }

    private synchronized void begin(long next, byte[] bytes) {
      index = next;
      input = bytes;
      started = System.nanoTime();
      busy = true;
    }

    private synchronized boolean finish(Answer answer) throws IOException {
      busy = false;
      if (!abandoned) {
        run.count(answer);
      }
      return !abandoned;
    }

    private synchronized long nanos() {
      return System.nanoTime() - started;
    }

    /** Counts an input that outlasts our patience as a finding, and returns its index. */
    synchronized Optional<Long> abandonIfStuck() throws IOException {
      if (!busy || nanos() < limits.patience().toNanos()) {
        return Optional.empty();
      }
      abandoned = true;
      StringBuilder where = new StringBuilder("no answer after " + limits.patience());
      for (StackTraceElement frame : getStackTrace()) {
        where.append("\n\tat ").append(frame);
      }
      interrupt();
      run.count(
          new Answer(index, input, Optional.empty(), Optional.of(where.toString()), nanos(), 0));
      return Optional.of(index);
    }

    private Answer ask(Subject subject, long i, byte[] bytes) {
      Optional<String> refusal = Optional.empty();
      Optional<String> finding = Optional.empty();
      long cpu = THREADS.getCurrentThreadCpuTime();
      long allocated = THREADS.getCurrentThreadAllocatedBytes();
      try {
        // A copy: an input that its decoder wrote to could not be replayed.
        refusal = subject.refusal(bytes.clone());
      } catch (Throwable e) {
        finding = Optional.of(trace(e));
      }
      allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
      cpu = THREADS.getCurrentThreadCpuTime() - cpu;
      if (finding.isEmpty() && cpu > limits.answer().toNanos()) {
        finding = Optional.of("took " + cpu / 1_000_000 + " ms of processor time");
      }
      if (finding.isEmpty() && allocated > limits.allocation()) {
        finding = Optional.of("allocated " + allocated + " bytes for " + bytes.length);
      }
      return new Answer(i, bytes, refusal, finding, nanos(), allocated);
    }
  }

  private static String trace(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
