package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.BankRow;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.topology.serving.Classifier;
import java.util.List;

/** Answers at once, so that all time is spent around it. */
final class NullModel implements Classifier {
  private static final List<Answer.Score> SCORES =
      List.of(new Answer.Score("one", 0.5f), new Answer.Score("another", 0.5f));

  private final int rowLength;

  NullModel(int rowLength) {
    this.rowLength = rowLength;
  }

  @Override
  public List<Answer> classify(List<Query> batch, BankMatrix bank) {
    float[] row = new float[rowLength];
    return batch.stream()
        .map(
            q ->
                new Answer(
                    "one", 0.5f, SCORES, List.of(), 0, new BankRow(q.id(), "one", false, row)))
        .toList();
  }

  @Override
  public List<Answer> classifyOnCpu(List<Query> batch, BankMatrix bank) {
    return classify(batch, bank);
  }

  @Override
  public void selfTest() {
    // Nothing to be wrong about.
  }
}
