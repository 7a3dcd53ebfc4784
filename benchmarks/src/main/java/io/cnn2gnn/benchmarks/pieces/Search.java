package io.cnn2gnn.benchmarks.pieces;

import io.cnn2gnn.model.inference.Answer;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The student by the rows of its bank. The search is within its one native call: it is what the
 * figures differ by.
 */
@State(Scope.Benchmark)
public class Search {
  @Param("64")
  public int batch;

  @Param({"0", "2048", "10000"})
  public int rows;

  private Serving serving;

  /** Loads the model and fills its bank. */
  @Setup
  public void open() throws Exception {
    serving = new Serving(batch, rows);
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
