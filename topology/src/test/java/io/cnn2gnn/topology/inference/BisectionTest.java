package io.cnn2gnn.topology.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.BankRow;
import io.cnn2gnn.model.inference.DeviceMemoryException;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.inference.TestModels;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Outcome;
import io.cnn2gnn.topology.flow.Outcome.Predicted;
import io.cnn2gnn.topology.flow.Outcome.Rejected;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.serving.Classifier;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many calls the search for culprits may cost, whatever the model throws. */
class BisectionTest {
  private static final int LARGEST = 64;
  private static StudentModel model;
  private static BankMatrix bank;

  @BeforeAll
  static void open() throws Exception {
    model = StudentModel.open(TestModels.untrained(1), Torch.device("cpu"), Candidates.BOTH);
    bank = model.newBank(0);
  }

  @AfterAll
  static void close() {
    bank.close();
    model.close();
  }

  private static List<DecodedImage> images(int count) {
    InputSpec input = new InputSpec(1, 1, 1, List.of(0.5f), List.of(0.25f));
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new DecodedImage(
                    new Source(
                        "images", 0, i, 0, Optional.empty(), Optional.empty(), new RecordHeaders()),
                    Instant.EPOCH,
                    new Query(Integer.toString(i), new byte[1], Optional.empty()),
                    input))
        .toList();
  }

  private static List<Outcome> classify(Classifier model, int images) {
    return new Bisection(model, new AppMetrics(new SimpleMeterRegistry()))
        .classify(images(images), bank);
  }

  /** Fails as a test says, by the number of the call to the device. */
  private static final class Moody implements Classifier {
    private final IntFunction<Optional<RuntimeException>> faults;
    private int calls;
    private int cpuCalls;

    Moody(IntFunction<Optional<RuntimeException>> faults) {
      this.faults = faults;
    }

    @Override
    public List<Answer> classify(List<Query> batch, BankMatrix bank) {
      Optional<RuntimeException> fault = faults.apply(calls++);
      if (fault.isPresent()) {
        throw fault.get();
      }
      return answers(batch);
    }

    @Override
    public List<Answer> classifyOnCpu(List<Query> batch, BankMatrix bank) {
      assertThat(batch).hasSize(1);
      cpuCalls++;
      return answers(batch);
    }

    @Override
    public void selfTest() {}

    private static List<Answer> answers(List<Query> batch) {
      return batch.stream()
          .map(
              q ->
                  new Answer(
                      q.id(),
                      1,
                      List.of(),
                      List.of(),
                      0,
                      new BankRow(q.id(), q.id(), false, new float[0])))
          .toList();
    }
  }

  /** Without a stack trace, which thousands of lines of the log would repeat. */
  private static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;

    Broken() {
      super("broken", null, false, false);
    }
  }

  private static RuntimeException shortage() {
    return new DeviceMemoryException("no memory", new IllegalStateException());
  }

  private static List<Long> offsets(List<Outcome> outcomes) {
    List<Long> offsets = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Predicted predicted) {
        assertThat(predicted.answer().label()).isEqualTo(predicted.image().query().id());
        offsets.add(predicted.image().source().offset());
      } else if (outcome instanceof Rejected rejected) {
        offsets.add(rejected.source().offset());
      }
    }
    return offsets;
  }

  private static List<Long> all(int images) {
    return IntStream.range(0, images).mapToObj(i -> (long) i).toList();
  }

  @Test
  void aSoundBatchIsOneCall() {
    Moody sound = new Moody(call -> Optional.empty());
    assertThat(offsets(classify(sound, LARGEST))).isEqualTo(all(LARGEST));
    assertThat(sound.calls).isEqualTo(1);
  }

  @Test
  void aModelThatAlwaysFailsIsCalledAsOftenAsIsAllowed() {
    for (int n : new int[] {1, 2, 3, 7, 8, 33, LARGEST}) {
      Moody broken = new Moody(call -> Optional.of(new Broken()));
      assertThat(classify(broken, n)).hasSize(n).allMatch(Rejected.class::isInstance);
      assertThat(broken.calls).as("for %d images", n).isEqualTo(3 * n - 1);
      assertThat(broken.cpuCalls).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9, 0.99})
  void whateverFailsABatchCostsAtMostThreeCallsAnImageLessOne(double share) {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      int n = 1 + random.nextInt(LARGEST);
      Moody moody =
          new Moody(
              call ->
                  random.nextDouble() < share
                      ? Optional.of(random.nextBoolean() ? new Broken() : shortage())
                      : Optional.empty());
      List<Outcome> outcomes = classify(moody, n);
      assertThat(offsets(outcomes)).as("seed %d", seed).isEqualTo(all(n));
      assertThat(moody.calls).as("seed %d, %d images", seed, n).isBetween(1, 3 * n - 1);
      assertThat(moody.cpuCalls).as("seed %d, %d images", seed, n).isLessThanOrEqualTo(n);
    }
  }

  /** A device that is full whenever an image is tried again. */
  @Test
  void aShortageAtTheSecondTryGoesToTheCpuAndIsNoThirdCallToTheDevice() {
    Moody moody = new Moody(call -> Optional.of(call == 0 ? new Broken() : shortage()));
    assertThat(classify(moody, 1)).singleElement().isInstanceOf(Predicted.class);
    assertThat(moody.calls).isEqualTo(2);
    assertThat(moody.cpuCalls).isEqualTo(1);
  }

  @Test
  void aMachineWithoutMemoryEndsTheSearch() {
    Classifier full =
        new Classifier() {
          @Override
          public List<Answer> classify(List<Query> batch, BankMatrix bank) {
            throw shortage();
          }

          @Override
          public List<Answer> classifyOnCpu(List<Query> batch, BankMatrix bank) {
            throw shortage();
          }

          @Override
          public void selfTest() {}
        };
    assertThatThrownBy(() -> classify(full, 3))
        .isInstanceOf(DeviceMemoryException.class)
        .hasMessage("no memory");
  }
}
