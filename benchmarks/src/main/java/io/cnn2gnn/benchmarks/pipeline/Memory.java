package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.topology.bank.BankConfig;
import io.cnn2gnn.topology.decode.RecordDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The ceiling: one thread that decodes records and classifies them, and no Kafka. */
final class Memory {
  private Memory() {}

  /** Over the later half of so many seconds. */
  static Rate rate(Setup setup, List<byte[]> records, double seconds) throws BundleException {
    BankConfig config = setup.config(Map.of()).topology().bank();
    InputSpec input = setup.bundle().card().student().input();
    try (StudentModel model =
            StudentModel.open(setup.bundle(), Torch.device("cpu"), Candidates.BOTH);
        BankMatrix bank = model.newBank(config.capacity());
        RecordDecoder decoder = setup.decoder()) {
      long start = System.nanoTime();
      long middle = start + (long) (seconds / 2 * 1e9);
      long end = start + (long) (seconds * 1e9);
      long counted = 0;
      ProcessorTime before = ProcessorTime.now();
      long from = 0;
      long now = start;
      for (int next = 0; now < end; ) {
        List<Query> batch = new ArrayList<>(Setup.BATCH);
        for (int i = 0; i < Setup.BATCH; i++, next = (next + 1) % records.size()) {
          batch.add(StreamsPeer.decode(decoder, setup.input(), records.get(next), input).query());
        }
        List<Answer> answers = model.classify(batch, bank);
        bank.add(
            answers.stream()
                .filter(answer -> answer.confidence() >= config.minConfidence())
                .map(Answer::row)
                .toList());
        now = System.nanoTime();
        if (from > 0) {
          counted += batch.size();
        } else if (now >= middle) {
          from = now;
          before = ProcessorTime.now();
        }
      }
      // The broker has nothing to do with it.
      ProcessorTime spent = new ProcessorTime(ProcessorTime.now().since(before).own(), 0);
      return Rate.of(counted * 1e9 / (now - from), spent, (double) counted);
    }
  }
}
