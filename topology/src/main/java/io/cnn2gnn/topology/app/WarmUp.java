package io.cnn2gnn.topology.app;

import io.cnn2gnn.model.image.ImageDecoder;
import io.cnn2gnn.model.image.ImageRejectedException;
import io.cnn2gnn.model.image.Resize;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.BankRow;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;

/**
 * Runs the model before the first image does: the script is compiled, native buffers exist, and the
 * slowest time per image is known.
 */
final class WarmUp {
  private static final int SETTLING_RUNS = 3;
  private static final int MEASURED_RUNS = 5;

  private WarmUp() {}

  /** Decodes one image of each format, so that the first real one does not load the readers. */
  static void decoders(StudentModel model) {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_3BYTE_BGR);
    try (ImageDecoder decoder = new ImageDecoder(1024)) {
      for (String format : new String[] {"png", "jpeg"}) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(image, format, file);
        Resize.to(model.card().student().input(), decoder.decode(file.toByteArray()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    } catch (ImageRejectedException e) {
      throw new IllegalStateException("this JDK cannot read the images it writes", e);
    }
  }

  /** The worst milliseconds per image of inference: full batches against a full bank. */
  static double worstMillisPerImage(StudentModel model, int batch, int bankCapacity) {
    byte[] grey = new byte[model.card().student().input().bytes()];
    List<Query> queries = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      queries.add(new Query("warm-up-" + i, grey, Optional.empty()));
    }
    double worst = 0;
    try (BankMatrix bank = model.newBank(bankCapacity)) {
      BankRow row = model.classify(queries.subList(0, 1), bank).get(0).row();
      bank.add(Collections.nCopies(bankCapacity, row));
      for (int run = 0; run < SETTLING_RUNS + MEASURED_RUNS; run++) {
        long start = System.nanoTime();
        model.classify(queries, bank);
        if (run >= SETTLING_RUNS) {
          worst = Math.max(worst, (System.nanoTime() - start) / 1e6 / batch);
        }
      }
      model.classify(queries.subList(0, 1), bank);
    }
    return worst;
  }
}
