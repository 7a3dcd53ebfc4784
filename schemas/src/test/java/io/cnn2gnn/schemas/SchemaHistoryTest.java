package io.cnn2gnn.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Guards the contracts. To change one: edit {@code src/main/avro/X.avsc} and commit a copy of it as
 * the next {@code src/main/avro-history/X/vN.avsc}; committed versions never change.
 */
class SchemaHistoryTest {
  private static final Path CURRENT = Path.of("src/main/avro");
  private static final Path HISTORY = Path.of("src/main/avro-history");

  static List<String> records() throws IOException {
    try (Stream<Path> files = Files.list(CURRENT)) {
      return files
          .map(file -> file.getFileName().toString().replace(".avsc", ""))
          .sorted()
          .toList();
    }
  }

  @Test
  void everyContractHasAHistoryAndEveryHistoryAContract() throws IOException {
    try (Stream<Path> folders = Files.list(HISTORY)) {
      assertThat(folders.map(folder -> folder.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(records())
          .contains("Image", "Prediction", "ModelRelease");
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void theCurrentSchemaReadsEveryCommittedVersion(String name) {
    for (Schema version : history(name)) {
      assertThat(incompatibilities(current(name), version)).isEmpty();
    }
  }

  // Documentation counts: a registry makes a new version of any difference in the text.
  @ParameterizedTest
  @MethodSource("records")
  void theNewestCommittedVersionIsTheCurrentSchema(String name) {
    List<Schema> history = history(name);
    assertThat(history.get(history.size() - 1).toString())
        .as(
            "%s.avsc has changed: copy it to %s",
            name, HISTORY.resolve(name).resolve("v" + (history.size() + 1) + ".avsc"))
        .isEqualTo(current(name).toString());
  }

  @ParameterizedTest
  @MethodSource("records")
  void everythingIsDocumented(String name) {
    assertThat(undocumented(current(name))).isEmpty();
  }

  @Test
  void noticesARequiredFieldAddedToAContract() {
    String added =
        current("Image")
            .toString()
            .replace(
                "\"fields\":[{\"name\":\"id\"",
                "\"fields\":[{\"name\":\"iso\",\"type\":\"int\"},{\"name\":\"id\"");
    assertThat(incompatibilities(new Schema.Parser().parse(added), current("Image")))
        .singleElement()
        .satisfies(fault -> assertThat(fault.getLocation()).isEqualTo("/fields/0"));
  }

  @Test
  void noticesAFieldAndATypeWithoutDocumentation() {
    Schema bare =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "A", "doc": "An A.", "fields": [
                  {"name": "b", "doc": " ", "type": {"type": "array", "items":
                    {"type": "enum", "name": "B", "symbols": ["C"]}}}]}
                """);
    assertThat(undocumented(bare)).containsExactly("A.b", "B");
  }

  private static Schema current(String name) {
    return parse(CURRENT.resolve(name + ".avsc"));
  }

  private static List<Schema> history(String name) {
    Path folder = HISTORY.resolve(name);
    List<Schema> versions = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      long count = files.count();
      for (int version = 1; version <= count; version++) {
        versions.add(parse(folder.resolve("v" + version + ".avsc")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return versions;
  }

  private static Schema parse(Path file) {
    try {
      return new Schema.Parser().parse(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Incompatibility> incompatibilities(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
        .getResult()
        .getIncompatibilities();
  }

  private static List<String> undocumented(Schema schema) {
    List<String> found = new ArrayList<>();
    switch (schema.getType()) {
      case RECORD -> {
        check(schema.getFullName(), schema.getDoc(), found);
        for (Schema.Field field : schema.getFields()) {
          check(schema.getFullName() + "." + field.name(), field.doc(), found);
          found.addAll(undocumented(field.schema()));
        }
      }
      case ENUM, FIXED -> check(schema.getFullName(), schema.getDoc(), found);
      case ARRAY -> found.addAll(undocumented(schema.getElementType()));
      case MAP -> found.addAll(undocumented(schema.getValueType()));
      case UNION -> schema.getTypes().forEach(type -> found.addAll(undocumented(type)));
      default -> {}
    }
    return found;
  }

  private static void check(String name, String doc, List<String> undocumented) {
    if (doc == null || doc.isBlank()) {
      undocumented.add(name);
    }
  }
}
