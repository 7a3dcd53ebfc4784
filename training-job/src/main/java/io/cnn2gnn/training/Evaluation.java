package io.cnn2gnn.training;

import ai.djl.Device;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.drift.DriftReference;
import io.cnn2gnn.model.drift.Observation;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.Views;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A student measured in the ways it is used. The bank holds its prototypes, training images all;
 * batches are shuffled, so classes mix as chance has it.
 *
 * @param metrics {@code images} that were measured on, {@code accuracy} in batches of 64 whose
 *     images may be each other's neighbours, {@code accuracyBatch1} one by one, {@code
 *     accuracyBankOnly} in batches whose neighbours come from the bank alone, {@code
 *     accuracyNoGraph} with A = I, {@code flipRate} the share of images whose answer differs
 *     between two shufflings, {@code neighbourPurity} the mean weight of the neighbours in the bank
 *     that are of the image's true class
 * @param answers the class index that each test image got in the first of these
 * @param drift what is usual for those answers, if they are enough to tell
 */
public record Evaluation(
    Map<String, Double> metrics, int[] answers, Optional<DriftReference> drift) {
  static final int BATCH = 64;

  static Evaluation of(Bundle bundle, ImageSet test, long seed, Device device)
      throws BundleException {
    Map<String, Double> metrics = new LinkedHashMap<>();
    List<String> names = bundle.card().classes();
    int[] first;
    List<Observation> seen = new ArrayList<>();
    try (StudentModel model = StudentModel.open(bundle, device, Candidates.BOTH);
        BankMatrix bank = model.newBank(0)) {
      Function<List<Query>, List<String>> graph = batch -> labels(model.classify(batch, bank));
      first =
          answers(
              names,
              test,
              BATCH,
              seed,
              batch -> {
                List<Answer> answers = model.classify(batch, bank);
                answers.forEach(a -> seen.add(a.observation(Optional.empty())));
                return labels(answers);
              });
      int[] second = answers(names, test, BATCH, seed + 1, graph);
      int[] alone = answers(names, test, 1, seed, graph);
      int[] none =
          answers(names, test, BATCH, seed, batch -> model.classifyWithoutGraph(batch, bank));
      metrics.put("images", (double) test.size());
      metrics.put("accuracy", share(first, test.labels(), true));
      metrics.put("accuracyBatch1", share(alone, test.labels(), true));
      metrics.put("accuracyNoGraph", share(none, test.labels(), true));
      metrics.put("flipRate", share(first, second, false));
    }
    try (StudentModel model = StudentModel.open(bundle, device, Candidates.BANK);
        BankMatrix bank = model.newBank(0)) {
      Map<String, Double> agreeing = new HashMap<>();
      int[] banked =
          answers(
              names,
              test,
              BATCH,
              seed,
              batch -> {
                List<Answer> answers = model.classify(batch, bank);
                answers.forEach(
                    a ->
                        agreeing.put(a.row().imageId(), purity(a, truth(test, a.row().imageId()))));
                return labels(answers);
              });
      metrics.put("accuracyBankOnly", share(banked, test.labels(), true));
      metrics.put(
          "neighbourPurity",
          agreeing.values().stream().mapToDouble(Double::doubleValue).average().orElseThrow());
    }
    return new Evaluation(metrics, first, DriftReference.learn(seen, seed));
  }

  /** A card's metrics with these, and with what drift is told by, if that was learnt here. */
  Map<String, Double> addedTo(Map<String, Double> others) {
    Map<String, Double> all =
        new LinkedHashMap<>(drift.isPresent() ? DriftReference.without(others) : others);
    all.putAll(metrics);
    drift.ifPresent(reference -> all.putAll(reference.metrics()));
    return all;
  }

  /** The weight of the neighbours that are of a class. */
  private static double purity(Answer answer, String label) {
    return answer.neighbours().stream()
        .filter(neighbour -> neighbour.label().equals(label))
        .mapToDouble(Answer.Neighbour::weight)
        .sum();
  }

  private static String truth(ImageSet test, String query) {
    return test.classes().get(test.labels()[Integer.parseInt(query)]);
  }

  private static List<String> labels(List<Answer> answers) {
    return answers.stream().map(Answer::label).toList();
  }

  private static int[] answers(
      List<String> names,
      ImageSet test,
      int size,
      long seed,
      Function<List<Query>, List<String>> classify) {
    int[] order = Views.shuffled(test.size(), seed);
    int[] answers = new int[test.size()];
    for (int from = 0; from < test.size(); from += size) {
      int to = Math.min(test.size(), from + size);
      List<Query> queries = new ArrayList<>();
      for (int i = from; i < to; i++) {
        queries.add(query(test, order[i]));
      }
      List<String> labels = classify.apply(queries);
      for (int i = from; i < to; i++) {
        answers[order[i]] = names.indexOf(labels.get(i - from));
      }
    }
    return answers;
  }

  /**
   * A test image as the topology would ask about it, without its label. It is called by its number:
   * images of two sources may share an id.
   */
  static Query query(ImageSet test, int image) {
    return new Query(Integer.toString(image), test.samples(image, image + 1), Optional.empty());
  }

  private static double share(int[] a, int[] b, boolean same) {
    int count = 0;
    for (int i = 0; i < a.length; i++) {
      count += (a[i] == b[i]) == same ? 1 : 0;
    }
    return (double) count / a.length;
  }

  /** Rows are true classes, columns answers. */
  int[][] confusion(ImageSet test) {
    int classes = test.classes().size();
    int[][] matrix = new int[classes][classes];
    for (int i = 0; i < answers.length; i++) {
      matrix[test.labels()[i]][answers[i]]++;
    }
    return matrix;
  }
}
