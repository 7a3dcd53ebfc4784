package io.cnn2gnn.cli.label;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelKind;
import io.cnn2gnn.schemas.avro.LabelledImage;
import java.nio.file.Path;
import java.util.List;

/** The labels that a command line means: its own, or those of a file. */
final class LabelInput {
  private final LabelFlags flags;
  private final LabelDefaults defaults;

  /**
   * Of a command line.
   *
   * @param imagesTopic of which its partitions and offsets are
   */
  LabelInput(LabelFlags flags, String imagesTopic) {
    this.flags = flags;
    this.defaults =
        new LabelDefaults(
            flags.by.orElseGet(() -> System.getProperty("user.name")),
            flags.kind.orElse(flags.isOne() ? LabelKind.CORRECTION : LabelKind.TRUTH),
            LabelTimes.now(),
            flags.comment,
            imagesTopic);
  }

  /** Its name in messages. */
  String name() {
    return flags.file.or(() -> flags.export).map(Path::toString).orElse("the label");
  }

  /**
   * Reads them.
   *
   * @param faults takes what is wrong with those of a file
   * @throws CliException if a file cannot be read or has none, or if a single one will not do
   */
  LabelList read(Faults faults) throws CliException {
    if (flags.isOne()) {
      return new LabelList(List.of(one()), 0);
    }
    LabelList list =
        flags.file.isPresent()
            ? LabelFile.read(flags.file.get(), defaults, faults)
            : LabelStudioExport.read(
                flags.export.orElseThrow(),
                new LabelStudioExport.Fields(
                    flags.sourceField.orElse("source"), flags.idField.orElse("imageId")),
                defaults,
                faults);
    faults.end(name());
    if (list.requests().isEmpty()) {
      throw new CliException(
          name()
              + " has no label"
              + (list.unlabelled() > 0 ? ": nobody has annotated its tasks" : ""));
    }
    return list;
  }

  private LabelRequest one() throws CliException {
    Label.Builder label = defaults.label(flags.imageId.orElseThrow(), flags.label);
    flags.partition.ifPresent(
        partition ->
            label.setImage(
                new LabelledImage(defaults.imagesTopic(), partition, flags.offset.orElseThrow())));
    return LabelRequest.of("the label", flags.source.orElseThrow(), label.build());
  }
}
