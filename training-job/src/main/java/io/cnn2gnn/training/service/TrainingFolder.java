package io.cnn2gnn.training.service;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.cnn2gnn.model.files.AtomicFile;
import io.cnn2gnn.model.files.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a training service remembers over its death: the training under way in {@code pending.json},
 * the last one in {@code last.json}, and the files of a training until its release is published.
 */
public final class TrainingFolder {
  private static final Gson GSON = new Gson();

  private final Path folder;

  /** Uses a folder, which is made if it is not there. */
  public TrainingFolder(Path folder) throws IOException {
    AtomicFile.prepare(folder);
    this.folder = folder;
  }

  /** The training that was begun and has not ended. */
  public Optional<PendingTraining> pending() throws IOException {
    return read("pending.json", PendingTraining.class);
  }

  /** The training that ended last. */
  public Optional<LastTraining> last() throws IOException {
    return read("last.json", LastTraining.class);
  }

  /** Remembers a training before it begins. */
  void begin(PendingTraining training) throws IOException {
    write("pending.json", training);
  }

  /** A training is over, well or not; its report is kept, its other files are not. */
  void end(PendingTraining training, Instant now) throws IOException {
    write(
        "last.json",
        new LastTraining(training.version(), training.range(), training.labels(), now.toString()));
    delete(work(training));
    Files.deleteIfExists(bundle(training));
    // Last, or what is not yet deleted would stay for ever.
    Files.deleteIfExists(folder.resolve("pending.json"));
  }

  /** Where the bundle of a training is until it is released. */
  public Path bundle(PendingTraining training) {
    return folder.resolve(training.version() + ".bundle");
  }

  /** Where a training keeps its checkpoints. */
  public Path work(PendingTraining training) {
    return folder.resolve(training.version() + ".work");
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> walk = Files.walk(tree)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }

  private void write(String name, Object value) throws IOException {
    AtomicFile.write(folder.resolve(name), Json.text(value).getBytes(StandardCharsets.UTF_8));
  }

  private <T> Optional<T> read(String name, Class<T> type) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(GSON.fromJson(Files.readString(file), type));
    } catch (JsonParseException | NullPointerException | IllegalArgumentException e) {
      throw new IOException(
          file + " is damaged (" + e.getMessage() + "); remove it to have it forgotten", e);
    }
  }
}
