package io.cnn2gnn.benchmarks.pieces;

import io.cnn2gnn.model.inference.Answer;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The student by the size of its batch, with a bank of 2,048 rows. */
@State(Scope.Benchmark)
public class Classify {
  private static final int ROWS = 2048;

  @Param({"1", "8", "64", "256"})
  public int batch;

  private Serving serving;

  /** Loads the model and fills its bank. */
  @Setup
  public void open() throws Exception {
    serving = new Serving(batch, ROWS);
  }

  /** One batch. */
  @Benchmark
  public List<Answer> images() {
    return serving.classify();
  }

  /** Frees the model. */
  @TearDown
  public void close() {
    serving.close();
  }
}
