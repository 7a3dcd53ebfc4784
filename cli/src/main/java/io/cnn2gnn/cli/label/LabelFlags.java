package io.cnn2gnn.cli.label;

import io.cnn2gnn.schemas.avro.LabelKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is said of which images, or taken back. */
final class LabelFlags {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SOURCE",
      description = "the key of the image's record; '' if it has none")
  Optional<String> source = Optional.empty();

  @Parameters(index = "1", arity = "0..1", paramLabel = "IMAGE_ID", description = "of the image")
  Optional<String> imageId = Optional.empty();

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "CLASS",
      description = "what it is; the model need not know it")
  Optional<String> label = Optional.empty();

  @Option(names = "--take-back", description = "in place of CLASS: what --by has said of the image")
  boolean takeBack;

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "who says it, where a file does not tell (default: the user's name)")
  Optional<String> by = Optional.empty();

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description =
          "${COMPLETION-CANDIDATES}: the class became known, or a wrong answer was seen (default:"
              + " TRUTH for files, else CORRECTION)")
  Optional<LabelKind> kind = Optional.empty();

  @Option(names = "--comment", paramLabel = "TEXT", description = "for people")
  Optional<String> comment = Optional.empty();

  @Option(
      names = "--partition",
      paramLabel = "N",
      description = "with --offset: where the image's record is, as its prediction says")
  Optional<Integer> partition = Optional.empty();

  @Option(names = "--offset", paramLabel = "N", description = "see --partition")
  Optional<Long> offset = Optional.empty();

  @Option(
      names = "--look-up",
      description =
          "read all predictions for the partitions and offsets of the images; finds those that the"
              + " service does not hold any more")
  boolean lookUp;

  @Option(
      names = "--file",
      paramLabel = "CSV",
      description =
          "labels with a header: source,imageId,label, and if you like"
              + " labelledBy,kind,comment,labelledAt,partition,offset")
  Optional<Path> file = Optional.empty();

  @Option(
      names = "--label-studio",
      paramLabel = "JSON",
      description = "labels as Label Studio exports them as JSON")
  Optional<Path> export = Optional.empty();

  @Option(
      names = "--source-field",
      paramLabel = "NAME",
      description = "of a task's data: the source of its image (default: source)")
  Optional<String> sourceField = Optional.empty();

  @Option(
      names = "--id-field",
      paramLabel = "NAME",
      description = "of a task's data: the id of its image (default: imageId)")
  Optional<String> idField = Optional.empty();

  @Option(
      names = "--retract-all-by",
      paramLabel = "NAME",
      description = "take back every label in force that NAME gave")
  Optional<String> retracted = Optional.empty();

  @Option(names = "--dry-run", description = "say what --retract-all-by would take back")
  boolean dryRun;

  @Option(
      names = "--wait-seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "for an outcome, of many for the next one (default: ${DEFAULT-VALUE})")
  int waitSeconds;

  /** One image is named on the command line itself. */
  boolean isOne() {
    return source.isPresent();
  }

  Duration patience() {
    return Duration.ofSeconds(waitSeconds);
  }

  /** What is wrong with how they are put together; empty if nothing is. */
  Optional<String> mistake() {
    long ways = Stream.of(source, file, export, retracted).filter(Optional::isPresent).count();
    if (ways != 1) {
      return Optional.of(
          "what to label? Give one of SOURCE IMAGE_ID CLASS, --file, --label-studio and"
              + " --retract-all-by");
    }
    if (isOne() && (imageId.isEmpty() || label.isPresent() == takeBack)) {
      return Optional.of("give SOURCE, IMAGE_ID and either CLASS or --take-back");
    }
    if (isOne() && source.get().isEmpty() && partition.isEmpty() && !lookUp) {
      return Optional.of(
          "an image without a source needs its --partition and --offset, or --look-up");
    }
    if (!isOne() && (takeBack || partition.isPresent() || offset.isPresent())) {
      return Optional.of("--take-back, --partition and --offset are for one image");
    }
    if (partition.isPresent() != offset.isPresent()) {
      return Optional.of("--partition and --offset belong together");
    }
    if (partition.orElse(0) < 0 || offset.orElse(0L) < 0) {
      return Optional.of("--partition and --offset begin at 0");
    }
    if (export.isEmpty() && (sourceField.isPresent() || idField.isPresent())) {
      return Optional.of("--source-field and --id-field need --label-studio");
    }
    if (retracted.isEmpty() && dryRun) {
      return Optional.of("--dry-run needs --retract-all-by");
    }
    if (retracted.isPresent()
        && (lookUp || by.isPresent() || kind.isPresent() || comment.isPresent())) {
      return Optional.of("--look-up, --by, --kind and --comment say nothing to --retract-all-by");
    }
    return waitSeconds < 1 ? Optional.of("--wait-seconds must be 1 or more") : Optional.empty();
  }
}
