package io.cnn2gnn.training.report;

import ai.djl.Device;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.drift.DriftReference;
import io.cnn2gnn.model.files.AtomicFile;
import io.cnn2gnn.model.files.Json;
import io.cnn2gnn.model.inference.BundleAssembly;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.fit.Epoch;
import io.cnn2gnn.training.fit.History;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * What a training run leaves beside its bundle for people to look at: {@code data.txt}, which says
 * what it learned from and which classes were left out, {@code metrics.json}, {@code student.csv},
 * {@code learning-curves.png}, {@code confusion.png} and {@code neighbours.png}.
 */
public final class Report {
  private Report() {}

  /**
   * What is shown.
   *
   * @param history of the student
   * @param confusion rows are true classes, columns answers
   * @param test a few test images
   * @param prototypes of the bundle, with their pixels
   */
  public record Contents(
      Bundle bundle,
      List<Epoch> history,
      int[][] confusion,
      ImageSet test,
      BundleAssembly.Labelled prototypes) {}

  public static void write(Path folder, Contents contents, Device device)
      throws IOException, BundleException {
    String metrics = Json.text(DriftReference.without(contents.bundle().card().metrics()));
    AtomicFile.write(folder.resolve("metrics.json"), metrics.getBytes(StandardCharsets.UTF_8));
    AtomicFile.write(
        folder.resolve("data.txt"),
        (contents.bundle().card().data() + "\n").getBytes(StandardCharsets.UTF_8));
    History.write(folder.resolve("student.csv"), contents.history());
    png(folder.resolve("learning-curves.png"), Charts.curves(contents.history()));
    png(
        folder.resolve("confusion.png"),
        Charts.confusion(contents.confusion(), contents.bundle().card().classes()));
    png(folder.resolve("neighbours.png"), NeighbourPicture.draw(contents, device));
  }

  private static void png(Path file, BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    AtomicFile.write(file, bytes.toByteArray());
  }
}
