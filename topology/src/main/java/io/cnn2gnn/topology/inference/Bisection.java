package io.cnn2gnn.topology.inference;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.topology.DecodedImage;
import io.cnn2gnn.topology.Outcome;
import io.cnn2gnn.topology.Outcome.Predicted;
import io.cnn2gnn.topology.Outcome.Rejected;
import io.cnn2gnn.topology.Rejection;
import io.cnn2gnn.topology.Rejection.Stage;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Classifies a batch so that one bad image costs one image: where the model throws, the batch is
 * halved until the culprit stands alone. A batch of n takes at most 2n - 1 calls.
 *
 * <p>Before a lone image is blamed, the model must pass its self-test; if it does not, its
 * exception goes up and no image is rejected for a broken device.
 */
final class Bisection {
  private static final Logger LOG = LoggerFactory.getLogger(Bisection.class);

  private final Classifier classifier;

  Bisection(Classifier classifier) {
    this.classifier = classifier;
  }

  /** One outcome per image, in order. */
  List<Outcome> classify(List<DecodedImage> images, BankMatrix bank) {
    List<Outcome> outcomes = new ArrayList<>(images.size());
    classify(images, bank, outcomes);
    return outcomes;
  }

  private void classify(List<DecodedImage> images, BankMatrix bank, List<Outcome> outcomes) {
    List<Query> queries = images.stream().map(DecodedImage::query).toList();
    List<Answer> answers;
    try {
      answers = classifier.classify(queries, bank);
    } catch (RuntimeException e) {
      if (images.size() == 1) {
        outcomes.add(blame(images.get(0), e));
      } else {
        LOG.warn("a batch of {} failed, halving it: {}", images.size(), e.toString());
        int half = images.size() / 2;
        classify(images.subList(0, half), bank, outcomes);
        classify(images.subList(half, images.size()), bank, outcomes);
      }
      return;
    }
    for (int i = 0; i < images.size(); i++) {
      outcomes.add(new Predicted(images.get(i), answers.get(i)));
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
        image.source(), new Rejection(Stage.CLASSIFY, "INFERENCE_FAILED", fault.toString()));
  }
}
