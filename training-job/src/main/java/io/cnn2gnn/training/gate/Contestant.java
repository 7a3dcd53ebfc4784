package io.cnn2gnn.training.gate;

import ai.djl.Device;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.Views;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** One of the two models, with the images as it takes them and its prototypes in the bank. */
final class Contestant implements AutoCloseable {
  private final StudentModel model;
  private final BankMatrix bank;
  private final ImageSet images;

  Contestant(Bundle bundle, ImageSet heldOut, Device device) throws BundleException {
    images = heldOut.to(bundle.card().student().input());
    model = StudentModel.open(bundle, device, Candidates.BOTH);
    try {
      bank = model.newBank(0);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** Whether each image is answered rightly, by class names, in batches in a random order. */
  boolean[] right(int batch, long seed) {
    int[] order = Views.shuffled(images.size(), seed);
    boolean[] right = new boolean[order.length];
    for (int from = 0; from < order.length; from += batch) {
      int to = Math.min(order.length, from + batch);
      List<Query> queries = new ArrayList<>();
      for (int i = from; i < to; i++) {
        queries.add(query(order[i]));
      }
      List<Answer> answers = model.classify(queries, bank);
      for (int i = from; i < to; i++) {
        String truth = images.classes().get(images.labels()[order[i]]);
        right[order[i]] = answers.get(i - from).label().equals(truth);
      }
    }
    return right;
  }

  /** Milliseconds per image of one batch of the first images. */
  double millis(int batch) {
    List<Query> queries = IntStream.range(0, batch).mapToObj(this::query).toList();
    long begin = System.nanoTime();
    model.classify(queries, bank);
    return (System.nanoTime() - begin) / 1e6 / batch;
  }

  private Query query(int image) {
    return new Query(images.id(image), images.samples(image, image + 1), Optional.empty());
  }

  @Override
  public void close() {
    bank.close();
    model.close();
  }
}
