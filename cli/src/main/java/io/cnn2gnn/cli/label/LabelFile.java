package io.cnn2gnn.cli.label;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelKind;
import io.cnn2gnn.schemas.avro.LabelledImage;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Labels as lines of a CSV file: RFC 4180, with a header. */
final class LabelFile {
  private static final List<String> REQUIRED = List.of("source", "imageId", "label");
  private static final List<String> OPTIONAL =
      List.of("labelledBy", "kind", "comment", "labelledAt", "partition", "offset");

  /** A field that is longer has no end: a quote was left open. */
  private static final int MAX_FIELD = 65_536;

  private static final CsvFactory CSV =
      CsvFactory.builder()
          .enable(CsvParser.Feature.WRAP_AS_ARRAY)
          .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(MAX_FIELD).build())
          .build();

  private final LabelDefaults defaults;
  private final Faults faults;
  private final Map<String, Integer> columns = new HashMap<>();
  private final List<LabelRequest> requests = new ArrayList<>();

  private LabelFile(LabelDefaults defaults, Faults faults) {
    this.defaults = defaults;
    this.faults = faults;
  }

  /**
   * Reads a file.
   *
   * @param faults takes what is wrong with its lines
   * @throws CliException if it is no text
   */
  static LabelList read(Path file, LabelDefaults defaults, Faults faults) throws CliException {
    return TextFile.read(file, text -> parse(text, defaults, faults));
  }

  /** As above; of text. */
  static LabelList parse(Reader text, LabelDefaults defaults, Faults faults) throws IOException {
    LabelFile file = new LabelFile(defaults, faults);
    file.lines(text);
    return new LabelList(file.requests, 0);
  }

  private void lines(Reader text) throws IOException {
    int line = 1;
    boolean behindHeader = false;
    List<String> fields = new ArrayList<>();
    try (CsvParser parser = CSV.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_STRING) {
          if (fields.isEmpty()) {
            line = parser.currentTokenLocation().getLineNr();
          }
          fields.add(parser.getText());
        } else if (token == JsonToken.END_ARRAY && isLine(fields)) {
          if (behindHeader) {
            line(line, fields);
          } else if (!header(line, fields)) {
            return;
          }
          behindHeader = true;
        }
        if (token == JsonToken.END_ARRAY) {
          line = parser.currentLocation().getLineNr();
          fields.clear();
        }
      }
    } catch (JsonProcessingException e) {
      faults.add(
          "line " + line,
          "no CSV: %s. Is a quote left open, or not doubled? What is behind it was not looked at"
              .formatted(e.getOriginalMessage()));
      return;
    }
    if (!behindHeader) {
      faults.add("line 1", "there is no header: " + String.join(",", REQUIRED));
    }
  }

  /** A line with nothing on it says nothing. */
  private static boolean isLine(List<String> fields) {
    return !fields.isEmpty() && !(fields.size() == 1 && fields.get(0).isBlank());
  }

  /** Learns where the columns are; false if it cannot be known. */
  private boolean header(int line, List<String> names) {
    String where = "line " + line;
    boolean good = true;
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i).strip();
      if (!REQUIRED.contains(name) && !OPTIONAL.contains(name)) {
        faults.add(
            where,
            "column '%s' means nothing; there are %s and, if you like, %s"
                .formatted(name, String.join(",", REQUIRED), String.join(",", OPTIONAL)));
        good = false;
      } else if (columns.put(name, i) != null) {
        faults.add(where, "there are two columns " + name);
        good = false;
      }
    }
    for (String name : REQUIRED) {
      if (!columns.containsKey(name)) {
        faults.add(where, "the header has no column %s, separated by commas".formatted(name));
        good = false;
      }
    }
    return good;
  }

  private void line(int number, List<String> fields) {
    String where = "line " + number;
    if (fields.size() != columns.size()) {
      faults.add(where, "it has %d fields, the header %d".formatted(fields.size(), columns.size()));
      return;
    }
    try {
      requests.add(LabelRequest.of(where, field(fields, "source"), label(fields)));
    } catch (CliException e) {
      faults.add(where, e.getMessage());
    }
  }

  private Label label(List<String> fields) throws CliException {
    Label.Builder label =
        defaults.label(field(fields, "imageId"), Optional.of(field(fields, "label")));
    given(fields, "labelledBy").ifPresent(label::setLabelledBy);
    given(fields, "comment").ifPresent(label::setComment);
    Optional<String> kind = given(fields, "kind");
    if (kind.isPresent()) {
      label.setKind(kind(kind.get()));
    }
    Optional<String> at = given(fields, "labelledAt");
    if (at.isPresent()) {
      label.setLabelledAt(LabelTimes.parse("labelledAt", at.get()));
    }
    Optional<String> partition = given(fields, "partition");
    Optional<String> offset = given(fields, "offset");
    if (partition.isPresent() != offset.isPresent()) {
      throw new CliException("partition and offset belong together");
    }
    if (partition.isPresent()) {
      label.setImage(
          new LabelledImage(
              defaults.imagesTopic(),
              (int) number("partition", partition.get(), Integer.MAX_VALUE),
              number("offset", offset.orElseThrow(), Long.MAX_VALUE)));
    }
    return label.build();
  }

  private String field(List<String> fields, String column) {
    return fields.get(columns.get(column));
  }

  /** Of an optional column; empty where the line says nothing. */
  private Optional<String> given(List<String> fields, String column) {
    return Optional.ofNullable(columns.get(column))
        .map(fields::get)
        .filter(text -> !text.isBlank());
  }

  private static LabelKind kind(String text) throws CliException {
    for (LabelKind kind : LabelKind.values()) {
      if (kind.name().equals(text.strip().toUpperCase(Locale.ROOT))) {
        return kind;
      }
    }
    throw new CliException("kind must be truth or correction, not '%s'".formatted(text));
  }

  private static long number(String column, String text, long max) throws CliException {
    try {
      long number = Long.parseLong(text.strip());
      if (number >= 0 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new CliException(notANumber(column, text), e);
    }
    throw new CliException(notANumber(column, text));
  }

  private static String notANumber(String column, String text) {
    return "%s must be a whole number from 0 on, not '%s'".formatted(column, text);
  }
}
