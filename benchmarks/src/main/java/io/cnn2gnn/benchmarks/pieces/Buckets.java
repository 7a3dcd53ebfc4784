package io.cnn2gnn.benchmarks.pieces;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Whether batches should be padded to few sizes, so that the engine meets each shape again: every
 * size from 1 to 64 once, in an order of chance. The figures are per image without the padding, in
 * the mean.
 */
@State(Scope.Benchmark)
public class Buckets {
  private static final int ROWS = 2048;
  private static final int MOST = 64;
  private static final int IMAGES = MOST * (MOST + 1) / 2;

  @Param({"1", "16", "64"})
  public int multipleOf;

  private final List<Integer> sizes = new ArrayList<>();
  private Serving serving;

  /** Loads the model and fills its bank. */
  @Setup
  public void open() throws Exception {
    for (int size = 1; size <= MOST; size++) {
      sizes.add((size + multipleOf - 1) / multipleOf * multipleOf);
    }
    Collections.shuffle(sizes, new Random(Material.SEED));
    serving = new Serving(MOST, ROWS);
  }

  /** One batch of each size. */
  @Benchmark
  @OperationsPerInvocation(IMAGES)
  public void images(Blackhole sink) {
    for (int size : sizes) {
      sink.consume(serving.classify(size));
    }
  }

  /** Frees the model. */
  @TearDown
  public void close() {
    serving.close();
  }
}
