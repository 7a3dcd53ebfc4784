package io.cnn2gnn.training.fit;

import io.cnn2gnn.model.files.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A learning curve as CSV, whose columns name the split that they are of. */
public final class History {
  private History() {}

  public static void write(Path file, List<Epoch> epochs, HeldOut.Split split) throws IOException {
    StringBuilder csv =
        new StringBuilder(
            "epoch,trainLoss,trainAccuracy,%sAccuracy,rate,seconds%n".formatted(split.word()));
    for (Epoch e : epochs) {
      csv.append(
          String.format(
              Locale.ROOT,
              "%d,%.6f,%.4f,%.4f,%.8f,%.1f%n",
              e.epoch(),
              e.loss(),
              e.accuracy(),
              e.heldOut(),
              e.rate(),
              e.seconds()));
    }
    AtomicFile.write(file, csv.toString().getBytes(StandardCharsets.UTF_8));
  }
}
