package io.cnn2gnn.training.teacher;

import io.cnn2gnn.model.files.AtomicFile;
import io.cnn2gnn.training.data.Views;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * A teacher's answers to augmented views. Where views recur each is asked once and its answers are
 * kept as a file, so that further epochs and further students cost the teacher nothing; otherwise
 * the teacher answers each batch as it comes.
 */
public final class AnswerBook {
  private static final int BATCH = 64;

  private final Responder teacher;
  private final Views views;
  private final Path folder;
  private int view = -1;
  private float[] page = {};

  /**
   * Makes a book, empty or as an earlier run left it.
   *
   * @param teacher who answers; its owner closes it after the book's last use
   * @param folder for this teacher and these views alone
   */
  public AnswerBook(Responder teacher, Views views, Path folder) {
    this.teacher = teacher;
    this.views = views;
    this.folder = folder;
  }

  /**
   * Makes the answers for an epoch ready.
   *
   * @param progress hears how many images the teacher has just answered
   */
  public void open(int epoch, IntConsumer progress) throws IOException {
    int wanted = views.number(epoch);
    if (!views.recur() || wanted == view) {
      return;
    }
    int classes = teacher.classes();
    int images = views.set().size();
    Path file = file(wanted);
    float[] values = new float[images * classes];
    if (Files.exists(file) && Files.size(file) == (long) values.length * Float.BYTES) {
      ByteBuffer.wrap(Files.readAllBytes(file))
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(values);
    } else {
      for (int from = 0; from < images; from += BATCH) {
        int[] batch = IntStream.range(from, Math.min(from + BATCH, images)).toArray();
        float[] logits = teacher.logits(views.samples(batch, wanted));
        System.arraycopy(logits, 0, values, from * classes, logits.length);
        progress.accept(batch.length);
      }
      ByteBuffer bytes =
          ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values);
      AtomicFile.write(file, bytes.array());
    }
    view = wanted;
    page = values;
  }

  private Path file(int number) {
    return folder.resolve("view-" + number + ".f32");
  }

  /** How many images the teacher would be asked about from this epoch to before that one. */
  public long unanswered(int from, int to) {
    IntStream wanted = IntStream.range(from, to).map(views::number);
    long pages =
        views.recur()
            ? wanted.distinct().filter(number -> !Files.exists(file(number))).count()
            : wanted.count();
    return pages * views.set().size();
  }

  /**
   * The logits for these images in the epoch that was opened, row by row.
   *
   * @param samples their views
   */
  public float[] logits(int[] images, byte[] samples) {
    if (!views.recur()) {
      return teacher.logits(samples);
    }
    int classes = teacher.classes();
    float[] logits = new float[images.length * classes];
    for (int i = 0; i < images.length; i++) {
      System.arraycopy(page, images[i] * classes, logits, i * classes, classes);
    }
    return logits;
  }
}
