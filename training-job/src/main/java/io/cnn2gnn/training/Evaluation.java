package io.cnn2gnn.training;

import ai.djl.ndarray.NDManager;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.net.Images;
import io.cnn2gnn.model.torch.TorchModule;
import io.cnn2gnn.training.data.Batches;
import io.cnn2gnn.training.data.ImageSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/** Measures accuracy on held-out images. */
final class Evaluation {
  private static final int BATCH = 64;

  private Evaluation() {}

  static double teacher(TorchModule teacher, InputSpec input, ImageSet test) {
    int right = 0;
    Batches batches = new Batches(test, new Random(0));
    for (int from = 0; from < test.size(); from += BATCH) {
      Batches.Batch b = batches.plain(from, Math.min(test.size(), from + BATCH));
      try (NDManager scope = teacher.newManager()) {
        long[] best =
            teacher
                .run("logits", Images.batch(scope, input, b.pixels()))
                .head()
                .argMax(1)
                .toLongArray();
        for (int i = 0; i < best.length; i++) {
          right += best[i] == b.labels()[i] ? 1 : 0;
        }
      }
    }
    return (double) right / test.size();
  }

  /**
   * The student in the ways it is used: in shuffled batches of 64 ({@code accuracy}), alone against
   * the prototypes ({@code accuracyBatch1}) and without a graph ({@code accuracyNoGraph}).
   */
  static Map<String, Double> student(StudentModel model, ImageSet test, long seed) {
    try (BankMatrix bank = model.newBank(0)) {
      Function<List<Query>, List<String>> graph =
          batch -> model.classify(batch, bank).stream().map(Answer::label).toList();
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("accuracy", accuracy(test, BATCH, seed, graph));
      metrics.put("accuracyBatch1", accuracy(test, 1, seed, graph));
      metrics.put(
          "accuracyNoGraph",
          accuracy(test, BATCH, seed, batch -> model.classifyWithoutGraph(batch, bank)));
      return metrics;
    }
  }

  private static double accuracy(
      ImageSet test, int size, long seed, Function<List<Query>, List<String>> classify) {
    Batches batches = new Batches(test, new Random(seed));
    batches.shuffle();
    int right = 0;
    for (int from = 0; from < test.size(); from += size) {
      Batches.Batch b = batches.plain(from, Math.min(test.size(), from + size));
      List<Query> queries = new ArrayList<>();
      for (int i = 0; i < b.labels().length; i++) {
        int at = i * test.imageBytes();
        byte[] pixels = Arrays.copyOfRange(b.pixels(), at, at + test.imageBytes());
        queries.add(new Query(Integer.toString(from + i), pixels, Optional.empty()));
      }
      List<String> answers = classify.apply(queries);
      for (int i = 0; i < answers.size(); i++) {
        right += answers.get(i).equals(test.classes().get((int) b.labels()[i])) ? 1 : 0;
      }
    }
    return (double) right / test.size();
  }
}
