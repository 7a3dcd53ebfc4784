package io.cnn2gnn.benchmarks.pieces;

import io.cnn2gnn.topology.flow.Source;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A label whose image was answered lately, on its stream thread; outcome, row and what gives way to
 * it included, the stores' caches and the producer not.
 */
@State(Scope.Benchmark)
public class TakeLabel {
  /** Labels between two looks at what the tier's topic has of them. */
  static final int FEW = 100;

  static final int MANY = 2000;

  /** The labelled tier. */
  public enum Tier {
    /** Nothing is labelled. */
    EMPTY(10),
    /** 10,000 rows, classes have room: the labeller who has most loses a row for each label. */
    FULL(40),
    /** 10,000 rows, 500 of each class: the class loses a row for each label. */
    FULL_CLASSES(20);

    private final int classes;

    Tier(int classes) {
      this.classes = classes;
    }
  }

  @Param public Tier tier;

  private LabelledTask task;
  private List<Source> labels = List.of();

  /** Fills the tier. */
  @Setup
  public void open() throws Exception {
    task = new LabelledTask();
    if (tier != Tier.EMPTY) {
      task.fill(task.limits().capacity(), tier.classes);
    }
  }

  /** What was labelled is read; other images are answered. */
  @Setup(Level.Invocation)
  public void answer() {
    if (tier == Tier.EMPTY) {
      task.takeBack(labels.size());
    }
    task.follow();
    task.answer(MANY);
    labels = task.labels(MANY, tier.classes);
  }

  /** A hundred labels of images that were answered last. */
  @Benchmark
  @OperationsPerInvocation(FEW)
  public void few() {
    labels.subList(0, FEW).forEach(task::take);
  }

  /** So many as come in an import. */
  @Benchmark
  @OperationsPerInvocation(MANY)
  public void many() {
    labels.forEach(task::take);
  }

  /** Frees the model. */
  @TearDown
  public void close() {
    task.close();
  }
}
