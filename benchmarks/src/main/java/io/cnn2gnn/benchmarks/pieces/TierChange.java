package io.cnn2gnn.benchmarks.pieces;

import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.label.LabelledRows;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One label more in the labelled tier: the process takes it in, then each task's bank. */
public class TierChange {
  /** A full tier, and labels to come. */
  @State(Scope.Benchmark)
  public static class Full {
    @Param({"1000", "10000"})
    public int rows;

    private LabelledTask task;
    private BankMatrix bank;
    private List<ConsumerRecord<byte[], byte[]>> said;
    private int next;
    private long offset;

    /** Fills the tier. */
    @Setup
    public void open() throws Exception {
      task = new LabelledTask();
      task.fill(rows, 40);
      bank = task.model().newBank(0);
      bank.teach(task.tier().rows(), false);
      task.answer(500);
      task.labels(500, 40).forEach(task::take);
      said = task.sent().stream().filter(record -> record.value() != null).toList();
      offset = 10L * rows;
    }

    LabelledRows apply() {
      ConsumerRecord<byte[], byte[]> record = said.get(next++ % said.size());
      task.tier()
          .apply(
              List.of(
                  new ConsumerRecord<>(record.topic(), 0, offset++, record.key(), record.value())));
      return task.tier().rows();
    }

    /** Frees the model. */
    @TearDown
    public void close() {
      bank.close();
      task.close();
    }
  }

  /** The same where the process has it already. */
  @State(Scope.Benchmark)
  public static class Read {
    private LabelledRows changed;

    /** Changes the tier. */
    @Setup(Level.Invocation)
    public void change(Full full) {
      changed = full.apply();
    }
  }

  /** What the thread does that follows the topic. */
  @Benchmark
  public LabelledRows apply(Full full) {
    return full.apply();
  }

  /** What a task does before its next batch. */
  @Benchmark
  public void teach(Full full, Read read) {
    full.bank.teach(read.changed, false);
  }
}
