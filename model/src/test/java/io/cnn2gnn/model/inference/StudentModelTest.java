package io.cnn2gnn.model.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.bundle.Golden;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.Answer.Neighbour;
import io.cnn2gnn.model.inference.Answer.Origin;
import io.cnn2gnn.model.inference.Answer.Without;
import io.cnn2gnn.model.label.LabelledRow;
import io.cnn2gnn.model.label.LabelledRow.Own;
import io.cnn2gnn.model.label.LabelledRows;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StudentModelTest {
  private static final Bundle BUNDLE = TestModels.untrained(1);

  private static StudentModel open(Candidates candidates) throws BundleException {
    return StudentModel.open(BUNDLE, Torch.device("cpu"), candidates);
  }

  private static List<Query> queries(int count, long seed) {
    byte[] pixels = TestModels.noise(count, seed);
    List<Query> queries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] one = Arrays.copyOfRange(pixels, i * 64, (i + 1) * 64);
      queries.add(new Query("image-" + i, one, Optional.empty()));
    }
    return queries;
  }

  @Test
  void namesNeighboursWithAtMostAllTheWeightOfTheirTierAndNeverTheImageItself() throws Exception {
    try (StudentModel model = open(Candidates.BOTH);
        BankMatrix bank = model.newBank(4)) {
      int named = 0;
      for (Answer answer : model.classify(queries(20, 5), bank)) {
        for (Origin origin : List.of(Origin.BATCH, Origin.PROTOTYPE)) {
          double sum =
              answer.neighbours().stream()
                  .filter(n -> n.origin() == origin)
                  .mapToDouble(Neighbour::weight)
                  .sum();
          assertThat(sum).isLessThan(1 + 1e-5);
        }
        named += answer.neighbours().size();
        assertThat(answer.neighbours())
            .allSatisfy(n -> assertThat(n.reliability().orElseThrow()).isBetween(0.0, 0.98))
            .isSortedAccordingTo(
                Comparator.comparingDouble(n -> -Math.abs(n.evidence().orElseThrow())))
            .extracting(Neighbour::imageId)
            .doesNotContain(answer.row().imageId());
      }
      assertThat(named).isPositive();
    }
  }

  @Test
  void theEvidenceOfANeighbourIsWhatItsWeightItsReliabilityAndItsLabelComeTo() throws Exception {
    double strength = Math.exp(BUNDLE.weights().get("shown_strength").data()[0]);
    try (StudentModel model = open(Candidates.BANK);
        BankMatrix bank = model.newBank(0)) {
      for (Answer answer : model.classify(queries(8, 5), bank)) {
        for (Neighbour n : answer.neighbours()) {
          double q = 0.02 / 3 + (n.label().equals(answer.label()) ? 0.98 : 0);
          double r = n.reliability().orElseThrow();
          double expected = strength * n.weight() * Math.log(3 * (r * q + (1 - r) / 3));
          assertThat(n.evidence().orElseThrow()).isEqualTo(expected, within(1e-4));
        }
      }
    }
  }

  @Test
  void labelsOfImagesThatTheModelMistookMoveAnAnswerMoreAndWithoutThemItIsAsBefore()
      throws Exception {
    try (StudentModel model = open(Candidates.BANK);
        BankMatrix bank = model.newBank(0)) {
      Answer before = model.classify(queries(1, 5), bank).get(0);
      String other = before.label().equals("cat") ? "ant" : "cat";
      float[] metric = Arrays.copyOf(before.row().values(), 8);
      metric[0] += 0.4f;
      List<Double> evidence = new ArrayList<>();
      for (Own own : new Own[] {Own.RIGHT, Own.WRONG}) {
        List<LabelledRow> rows =
            IntStream.range(0, 6)
                .mapToObj(
                    i ->
                        new LabelledRow(
                            "n" + i, "", "n" + i, other, BUNDLE.card().space(), unit(metric), own))
                .toList();
        bank.teach(new LabelledRows(rows, evidence.size() + 1), false);
        Answer answer = model.classify(queries(1, 5), bank).get(0);
        evidence.add(
            answer.neighbours().stream()
                .filter(n -> n.origin() == Origin.LABELLED)
                .mapToDouble(n -> n.evidence().orElseThrow())
                .map(answer.label().equals(other) ? x -> x : x -> -x)
                .sum());
        Without without =
            answer.without().stream()
                .filter(w -> w.tier() == Origin.LABELLED)
                .findFirst()
                .orElseThrow();
        assertThat(without.answer().label()).isEqualTo(before.label());
        assertThat(without.answer().probability()).isEqualTo(before.confidence(), within(1e-5f));
      }
      assertThat(evidence.get(1)).isGreaterThan(evidence.get(0) + 0.05);
    }
  }

  @Test
  void withoutWhatAnImageHasNotGotItsAnswerIsThatOfTheRest() throws Exception {
    try (StudentModel model = open(Candidates.BOTH);
        BankMatrix bank = model.newBank(4)) {
      // Batch mates are all that this one has and the lone one has not.
      Answer among = model.classify(queries(20, 5), bank).get(0);
      Answer lone = model.classify(queries(1, 5), bank).get(0);
      assertThat(among.without()).extracting(Without::tier).contains(Origin.BATCH);
      for (Without without : among.without()) {
        if (without.tier() == Origin.BATCH) {
          assertThat(without.answer().label()).isEqualTo(lone.label());
          assertThat(without.answer().probability()).isEqualTo(lone.confidence(), within(1e-5f));
        }
      }
      assertThat(lone.without()).extracting(Without::tier).containsExactly(Origin.PROTOTYPE);
    }
  }

  @Test
  void aBundleOfBeforeStillAnswersWithItsGraphLayers() throws Exception {
    Bundle before = TestModels.withLayers(1);
    try (StudentModel model = StudentModel.open(before, Torch.device("cpu"), Candidates.BOTH);
        BankMatrix bank = model.newBank(4)) {
      for (Answer answer : model.classify(queries(20, 5), bank)) {
        double sum = answer.neighbours().stream().mapToDouble(Neighbour::weight).sum();
        assertThat(sum).isEqualTo(1, within(1e-5));
        assertThat(answer.neighbours()).hasSizeLessThanOrEqualTo(4);
        assertThat(answer.row().values()).hasSize(before.card().student().rowLength());
      }
      bank.add(List.of(model.classify(queries(1, 6), bank).get(0).row()));
      assertThat(bank.size()).isEqualTo(13);
    }
  }

  @Test
  void aModelWithoutSomeOfItsClassesAnswersTheOthersUntilALabelSaysOne() throws Exception {
    Bundle fewer = BundleAssembly.without(BUNDLE, Set.of("bee"), Torch.device("cpu"));
    assertThat(fewer.card().classes()).containsExactly("ant", "cat");
    try (StudentModel model = StudentModel.open(fewer, Torch.device("cpu"), Candidates.BOTH);
        BankMatrix bank = model.newBank(4)) {
      Answer answer = model.classify(queries(1, 5), bank).get(0);
      assertThat(answer.scores()).extracting(Answer.Score::label).doesNotContain("bee");
      float[] metric = Arrays.copyOf(answer.row().values(), 8);
      metric[0] += 0.15f;
      LabelledRow told =
          new LabelledRow(
              "other", "", "other", "bee", fewer.card().space(), unit(metric), Own.UNKNOWN);
      bank.teach(new LabelledRows(List.of(told), 1), false);
      Answer after = model.classify(queries(1, 5), bank).get(0);
      assertThat(after.scores()).extracting(Answer.Score::label).contains("bee").hasSize(3);
      assertThat(after.neighbours())
          .anySatisfy(n -> assertThat(n.origin()).isEqualTo(Origin.LABELLED));
    }
  }

  private static float[] unit(float[] v) {
    double length = 0;
    for (float x : v) {
      length += x * x;
    }
    float[] unit = new float[v.length];
    for (int i = 0; i < v.length; i++) {
      unit[i] = (float) (v[i] / Math.sqrt(length));
    }
    return unit;
  }

  @Test
  void permutingABatchPermutesItsAnswers() throws Exception {
    try (StudentModel model = open(Candidates.BOTH);
        BankMatrix bank = model.newBank(0)) {
      List<Query> batch = queries(16, 6);
      List<Query> shuffled = new ArrayList<>(batch);
      Collections.shuffle(shuffled, new Random(1));
      List<Answer> answers = model.classify(batch, bank);
      List<Answer> permuted = model.classify(shuffled, bank);
      for (int i = 0; i < shuffled.size(); i++) {
        Answer expected = answers.get(batch.indexOf(shuffled.get(i)));
        assertThat(permuted.get(i).confidence()).isEqualTo(expected.confidence(), within(1e-5f));
        assertThat(permuted.get(i).label()).isEqualTo(expected.label());
      }
    }
  }

  @Test
  void againstTheBankAloneAnAnswerDoesNotDependOnItsBatch() throws Exception {
    try (StudentModel model = open(Candidates.BANK);
        BankMatrix bank = model.newBank(0)) {
      List<Query> batch = queries(9, 7);
      List<Answer> together = model.classify(batch, bank);
      for (int i = 0; i < batch.size(); i++) {
        Answer alone = model.classify(List.of(batch.get(i)), bank).get(0);
        assertThat(alone.confidence()).isEqualTo(together.get(i).confidence(), within(1e-5f));
        assertThat(alone.neighbours()).extracting(Neighbour::origin).containsOnly(Origin.PROTOTYPE);
      }
    }
  }

  @Test
  void aRowInTheBankIsFoundAsANeighbourByTheSameImage() throws Exception {
    try (StudentModel model = open(Candidates.BANK);
        BankMatrix bank = model.newBank(3)) {
      List<Query> batch = queries(1, 8);
      bank.add(List.of(model.classify(batch, bank).get(0).row()));
      Neighbour nearest = model.classify(batch, bank).get(0).neighbours().get(0);
      assertThat(nearest.imageId()).isEqualTo("image-0");
      assertThat(nearest.origin()).isEqualTo(Origin.BANK);
    }
  }

  @Test
  void theRingKeepsTheMostRecentRows() throws Exception {
    try (StudentModel model = open(Candidates.BANK);
        BankMatrix bank = model.newBank(3)) {
      List<BankRow> rows = model.classify(queries(8, 9), bank).stream().map(Answer::row).toList();
      bank.add(rows.subList(0, 2));
      bank.add(rows.subList(2, 4));
      assertThat(bank.size()).isEqualTo(15);
      assertThat(List.of(bank.id(12), bank.id(13), bank.id(14)))
          .containsExactlyInAnyOrder("image-1", "image-2", "image-3");
      bank.add(rows);
      assertThat(List.of(bank.id(12), bank.id(13), bank.id(14)))
          .containsExactlyInAnyOrder("image-5", "image-6", "image-7");
    }
  }

  @Test
  void theShippedBundleStillGivesTheAnswersThatItWasMadeWith() throws Exception {
    Bundle shipped = Bundle.read(Path.of("..", "models", "fashion-mnist.bundle"));
    try (StudentModel model = StudentModel.open(shipped, Torch.device("cpu"), Candidates.BOTH)) {
      model.selfTest();
    }
  }

  @Test
  void refusesToServeWhenItsGoldenAnswersDiffer() {
    float[] wrong = BUNDLE.golden().logits().data().clone();
    wrong[2] += 1;
    Bundle broken =
        new Bundle(
            BUNDLE.card(),
            BUNDLE.weights(),
            BUNDLE.prototypes(),
            new Golden(
                BUNDLE.golden().images(), new Tensor(BUNDLE.golden().logits().shape(), wrong)));
    assertThatThrownBy(() -> StudentModel.open(broken, Torch.device("cpu"), Candidates.BOTH))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("self-test");
  }

  @Test
  void answersFromTwoThreadsAsFromOne() throws Exception {
    try (StudentModel model = open(Candidates.BOTH)) {
      List<Query> batch = queries(16, 10);
      List<List<Answer>> results = Collections.synchronizedList(new ArrayList<>());
      Runnable work =
          () -> {
            try (BankMatrix bank = model.newBank(0)) {
              for (int i = 0; i < 50; i++) {
                results.add(model.classify(batch, bank));
              }
            }
          };
      Thread one = new Thread(work);
      Thread two = new Thread(work);
      one.start();
      two.start();
      one.join();
      two.join();
      assertThat(results).hasSize(100);
      assertThat(results).allSatisfy(r -> assertThat(r).isEqualTo(results.get(0)));
    }
  }

  @Test
  void tellsThePhasesOfOneBatchInSixteenAndAnswersItLikeTheOthers() throws Exception {
    try (StudentModel model = open(Candidates.BOTH);
        BankMatrix bank = model.newBank(0)) {
      List<Long> graph = new ArrayList<>();
      List<Long> student = new ArrayList<>();
      model.observe(
          (graphNanos, studentNanos) -> {
            graph.add(graphNanos);
            student.add(studentNanos);
          });
      List<Query> batch = queries(16, 11);
      List<Answer> first = model.classify(batch, bank);
      for (int i = 1; i < 48; i++) {
        assertThat(model.classify(batch, bank)).isEqualTo(first);
      }
      assertThat(graph).hasSize(3).allMatch(nanos -> nanos > 0);
      assertThat(student).hasSize(3).allMatch(nanos -> nanos > 0);
    }
  }

  @Test
  void tellsHowFarTheNearestPrototypeIs() throws Exception {
    try (StudentModel model = open(Candidates.BOTH);
        BankMatrix bank = model.newBank(4)) {
      int length = BUNDLE.card().student().projection();
      float[] prototypes = BUNDLE.prototypes().rows().data();
      for (int size : new int[] {1, 2, 20}) {
        List<Answer> answers = model.classify(queries(size, 5), bank);
        for (Answer answer : answers) {
          double nearest = Double.POSITIVE_INFINITY;
          for (int p = 0; p < BUNDLE.prototypes().size(); p++) {
            double squares = 0;
            for (int i = 0; i < length; i++) {
              double difference =
                  answer.row().values()[i]
                      - prototypes[p * BUNDLE.card().student().rowLength() + i];
              squares += difference * difference;
            }
            nearest = Math.min(nearest, squares);
          }
          assertThat(answer.distance()).isEqualTo((float) nearest, within(1e-5f));
        }
        // What the bank takes in makes later images no nearer to what the model was shown.
        bank.add(answers.stream().map(Answer::row).toList());
      }
      byte[] shown = Arrays.copyOf(TestModels.noise(12, 2), 64);
      Query prototype = new Query("again", shown, Optional.empty());
      assertThat(model.classify(List.of(prototype), bank).get(0).distance())
          .isEqualTo(0, within(1e-5f));
    }
  }
}
