package io.cnn2gnn.topology.inference;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.DeviceMemoryException;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Outcome;
import io.cnn2gnn.topology.flow.Outcome.Predicted;
import io.cnn2gnn.topology.flow.Outcome.Rejected;
import io.cnn2gnn.topology.flow.Rejection;
import io.cnn2gnn.topology.flow.Rejection.Stage;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.metrics.KindCounter;
import io.cnn2gnn.topology.metrics.KindMeter;
import io.cnn2gnn.topology.serving.Classifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Classifies a batch so that one bad image costs one image: where the model throws, the batch is
 * halved until the culprit stands alone. A batch of n takes at most 3n - 1 calls to the device, and
 * n to the CPU.
 *
 * <p>Before a lone image is blamed it is tried once more, since the fault may have passed, and the
 * model must pass its self-test; if it does not, its exception goes up and no image is rejected for
 * a broken device. A device without memory blames nobody: the batch is halved, and a lone image is
 * answered by the CPU.
 */
final class Bisection {
  private static final Logger LOG = LoggerFactory.getLogger(Bisection.class);

  private final Classifier classifier;
  private final KindCounter<Remedy> shortages;

  /** What was done where the device had no memory for a batch. */
  enum Remedy {
    HALVED,
    FELL_BACK
  }

  /** What is shown of them. */
  static final KindMeter<Remedy> METER =
      new KindMeter<>(
          "cnn2gnn.device.out.of.memory",
          "remedy",
          Remedy.class,
          "Batches that did not fit on the device, by what was done: halved, or answered by the"
              + " CPU");

  Bisection(Classifier classifier, AppMetrics metrics) {
    this.classifier = classifier;
    this.shortages = metrics.counter(METER);
  }

  /** One outcome per image, in order. */
  List<Outcome> classify(List<DecodedImage> images, BankMatrix bank) {
    List<Outcome> outcomes = new ArrayList<>(images.size());
    classify(images, bank, outcomes);
    return outcomes;
  }

  private void classify(List<DecodedImage> images, BankMatrix bank, List<Outcome> outcomes) {
    List<Query> queries = images.stream().map(DecodedImage::query).toList();
    try {
      accept(images, classifier.classify(queries, bank), outcomes);
    } catch (RuntimeException e) {
      boolean shortage = e instanceof DeviceMemoryException;
      if (images.size() > 1) {
        if (shortage) {
          shortages.count(Remedy.HALVED);
        }
        halve(images, bank, outcomes, e);
      } else {
        outcomes.add(alone(images.get(0), bank, e, shortage));
      }
    }
  }

  private static void accept(
      List<DecodedImage> images, List<Answer> answers, List<Outcome> outcomes) {
    for (int i = 0; i < images.size(); i++) {
      outcomes.add(new Predicted(images.get(i), answers.get(i)));
    }
  }

  private void halve(
      List<DecodedImage> images, BankMatrix bank, List<Outcome> outcomes, RuntimeException e) {
    LOG.warn("a batch of {} failed, halving it: {}", images.size(), e.toString());
    int half = images.size() / 2;
    classify(images.subList(0, half), bank, outcomes);
    classify(images.subList(half, images.size()), bank, outcomes);
  }

  /** Tries a lone image once more, on the CPU if the device had no memory for it. */
  private Outcome alone(
      DecodedImage image, BankMatrix bank, RuntimeException fault, boolean shortage) {
    List<Query> query = List.of(image.query());
    try {
      if (shortage) {
        shortages.count(Remedy.FELL_BACK);
        LOG.warn("{}: an image is classified on the CPU", fault.getMessage());
      }
      List<Answer> answers =
          shortage ? classifier.classifyOnCpu(query, bank) : classifier.classify(query, bank);
      return new Predicted(image, answers.get(0));
    } catch (DeviceMemoryException e) {
      e.addSuppressed(fault);
      if (shortage) {
        throw e; // the machine has none either: no image is at fault
      }
      return alone(image, bank, e, true);
    } catch (RuntimeException again) {
      again.addSuppressed(fault);
      return blame(image, again);
    }
  }

  private Outcome blame(DecodedImage image, RuntimeException fault) {
    try {
      classifier.selfTest();
    } catch (RuntimeException e) {
      e.addSuppressed(fault);
      throw e;
    }
    LOG.warn("image {} alone makes the model fail", image.query().id(), fault);
    return new Rejected(
        image.source(),
        new Rejection(
            Stage.CLASSIFY, "INFERENCE_FAILED", fault.toString(), Optional.of(image.query().id())));
  }
}
