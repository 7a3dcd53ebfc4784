package io.cnn2gnn.benchmarks.pieces;

import io.cnn2gnn.benchmarks.pieces.LabelledTask.Answered;
import io.cnn2gnn.topology.teaching.Teaching;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The answers that are kept for labels: what they cost a batch, and a start. */
@State(Scope.Benchmark)
public class Remember {
  @Param("64")
  public int batch;

  private final List<Answered> batches = new ArrayList<>();
  private LabelledTask task;
  private int next;

  /** Fills the store. */
  @Setup
  public void open() throws Exception {
    task = new LabelledTask();
    for (int i = 0; i < task.limits().recent(); i += batch) {
      Answered one = task.answers(batch);
      batches.add(one);
      task.remember(one);
    }
  }

  /** A batch's answers, where the oldest give way. */
  @Benchmark
  public void answers() {
    task.remember(batches.get(next++ % batches.size()));
  }

  /** Reading the whole store, as a task does that begins. */
  @Benchmark
  public Teaching restore() {
    return task.restored();
  }

  /** Frees the model. */
  @TearDown
  public void close() {
    task.close();
  }
}
