package io.cnn2gnn.training.report;

import ai.djl.Device;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.drift.DriftReference;
import io.cnn2gnn.model.files.AtomicFile;
import io.cnn2gnn.model.files.Json;
import io.cnn2gnn.model.inference.BundleAssembly;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.fit.Epoch;
import io.cnn2gnn.training.fit.HeldOut;
import io.cnn2gnn.training.fit.History;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;

/**
 * What a training run leaves beside its bundle for people to look at: {@code data.txt}, which says
 * what it learned from and which classes were left out, {@code metrics.json}, {@code report.md},
 * which says what each figure and file means, and pictures and the learning curve, whose names say
 * which splits they show.
 */
public final class Report {
  private Report() {}

  /**
   * What is shown.
   *
   * @param history of the student
   * @param heldOut the split that the history's accuracy held out is of
   * @param tests how many images the figures and the confusion are of
   * @param confusion rows are true classes, columns answers
   * @param test a few test images
   * @param prototypes of the bundle, with their pixels
   */
  public record Contents(
      Bundle bundle,
      List<Epoch> history,
      HeldOut.Split heldOut,
      int tests,
      int[][] confusion,
      ImageSet test,
      BundleAssembly.Labelled prototypes) {
    /** Of the learning curve, without ending. */
    String curves() {
      return "learning-curves-train-" + heldOut.word();
    }
  }

  public static void write(Path folder, Contents contents, Device device)
      throws IOException, BundleException {
    ModelCard card = contents.bundle().card();
    Map<String, Double> metrics = new TreeMap<>(DriftReference.without(card.metrics()));
    text(folder.resolve("metrics.json"), Json.text(metrics));
    text(folder.resolve("data.txt"), card.data() + "\n");
    text(folder.resolve("report.md"), explained(contents, metrics));
    History.write(
        folder.resolve(contents.curves() + ".csv"), contents.history(), contents.heldOut());
    png(
        folder.resolve(contents.curves() + ".png"),
        Charts.curves(contents.history(), contents.heldOut()));
    png(
        folder.resolve("confusion-test.png"),
        Charts.confusion(contents.confusion(), card.classes(), contents.tests()));
    png(folder.resolve("neighbours-test.png"), NeighbourPicture.draw(contents, device));
  }

  private static String explained(Contents contents, Map<String, Double> metrics) {
    ModelCard card = contents.bundle().card();
    StringBuilder md = new StringBuilder();
    md.append("# %s %s%n%n".formatted(card.name(), card.version()));
    md.append("Measured on the test split, %d images.%n%n".formatted(contents.tests()));
    md.append("| figure | value | what it is |\n| --- | --- | --- |\n");
    metrics.forEach(
        (name, value) ->
            md.append(
                "| %s | %s | %s |%n".formatted(name, Figures.text(value), Figures.meaning(name))));
    String held =
        contents.heldOut() == HeldOut.Split.TEST
            ? "test images (up to 1,000), by which nothing is chosen"
            : "images held out of the training split (--validation)";
    md.append("%n* `%s.png` and `.csv`: loss and accuracy".formatted(contents.curves()));
    md.append(" on training views during each epoch, and the accuracy after it on " + held);
    md.append(".\n");
    md.append("* `confusion-test.png`: what each true class of the test split was taken for.\n");
    md.append("* `neighbours-test.png`: test images, and the training images nearest to them.\n");
    md.append("* `data.txt`: what was learned from, and which classes were left out.\n");
    md.append("* `metrics.json`: the figures above, for programs.\n");
    return md.toString();
  }

  private static void text(Path file, String text) throws IOException {
    AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void png(Path file, BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    AtomicFile.write(file, bytes.toByteArray());
  }
}
