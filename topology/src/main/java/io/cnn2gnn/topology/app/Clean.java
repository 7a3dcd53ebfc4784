package io.cnn2gnn.topology.app;

import io.cnn2gnn.topology.backlog.PendingLog;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Deletes the state of a stopped application, on its broker and on this machine. It keeps its place
 * in the images topic, the user topics, the ids of its instances (a former member comes back under
 * its id at once) and the bundles that were fetched.
 */
public final class Clean {
  /** What Kafka Streams makes; anything else in its folder is somebody's. */
  private static final Pattern OWN =
      Pattern.compile("[0-9]+_[0-9]+|global|kafka-streams-process-metadata|\\.lock");

  private final Footprint footprint;
  private final boolean dryRun;

  /**
   * Of a stopped application.
   *
   * @param dryRun whether it only says what it would do
   */
  public Clean(Footprint footprint, boolean dryRun) {
    this.footprint = footprint;
    this.dryRun = dryRun;
  }

  /**
   * Does it and says what it did.
   *
   * @throws StartupException in one line, if the application runs, if images still wait for their
   *     batch, or if broker or disk refuse
   */
  public List<UpkeepStep> run() throws StartupException {
    return Topics.call(
        footprint.clients(),
        admin -> {
          Stopped.require(admin, footprint);
          List<String> internal =
              InternalTopics.present(
                  admin, footprint, AccessTable.clean(footprint.applicationId()));
          if (internal.contains(footprint.pendingChangelog())) {
            requireNoneOpen();
          }
          List<UpkeepStep> steps = new ArrayList<>(InternalTopics.delete(admin, internal, dryRun));
          steps.addAll(folder());
          return steps;
        });
  }

  /** Their offsets are committed: only the pending store knows that they were not answered. */
  private void requireNoneOpen() throws StartupException {
    int open;
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            footprint.reader(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      open =
          PendingLog.read(consumer, footprint.pendingChangelog()).values().stream()
              .mapToInt(pending -> pending.open().size())
              .sum();
    }
    if (open > 0) {
      throw new StartupException(
          "%d images wait for their batch, as after a crash, and would never be answered: start the"
                  .formatted(open)
              + " service and stop it with SIGTERM, or use 'reset', which says where to go on");
    }
  }

  private List<UpkeepStep> folder() throws StartupException {
    Path folder = footprint.state();
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<UpkeepStep> steps = new ArrayList<>();
    try {
      List<Path> files;
      try (Stream<Path> all = Files.list(folder)) {
        files = all.sorted().toList();
      }
      for (Path file : files) {
        boolean own = OWN.matcher(file.getFileName().toString()).matches();
        if (own && !dryRun) {
          delete(file);
        }
        steps.add(new UpkeepStep(file.toString(), "there", own ? "deleted" : "not ours: kept"));
      }
      if (!dryRun && isEmpty(folder)) {
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new StartupException(
          "the state folder %s could not be deleted: %s".formatted(folder, e), e);
    }
    return steps;
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> left = Files.list(folder)) {
      return left.findAny().isEmpty();
    }
  }

  /** Links are deleted, not followed. */
  private static void delete(Path tree) throws IOException {
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
