package io.cnn2gnn.training.data;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file {@code tracks.tsv}: lines of columns that tabs separate, and before them a line with their
 * names. Of each image it names, {@code path} is where it lies in the data set, {@code track} what
 * its track is called, and {@code frame} its number there. Other columns are not read.
 */
final class TrackTable {
  private static final Logger LOG = LoggerFactory.getLogger(TrackTable.class);
  private static final int TOLD = 20;
  private static final int MOST_BYTES = 256 << 20;
  private static final String BYTE_ORDER_MARK = "\ufeff";

  private final String file;
  private final Map<String, String> images;
  private final Map<String, TrackFrame> frames = new HashMap<>();
  private final Set<String> places = new HashSet<>();
  private final List<String> faults = new ArrayList<>();

  private TrackTable(String file, Map<String, String> images) {
    this.file = file;
    this.images = images;
  }

  /** Where the columns are. */
  private record Columns(int path, int track, int frame) {
    int count() {
      return 1 + Math.max(path, Math.max(track, frame));
    }
  }

  /**
   * Reads a table.
   *
   * @param file as messages name it
   * @param images the ids of the data set's images by their paths, as {@link #key} writes them
   * @return frames by the ids of images; empty if it is a table of something else
   * @throws IOException that names the lines that are wrong, and why
   */
  static Map<String, TrackFrame> read(String file, InputStream in, Map<String, String> images)
      throws IOException {
    TrackTable table = new TrackTable(file, images);
    try (BufferedReader text =
        new BufferedReader(
            new InputStreamReader(bounded(file, in), StandardCharsets.UTF_8.newDecoder()))) {
      String header = text.readLine();
      Optional<Columns> columns = table.columns(header == null ? "" : header);
      if (columns.isEmpty()) {
        return Map.of();
      }
      int number = 1;
      for (String line = text.readLine(); line != null; line = text.readLine()) {
        number++;
        if (!line.isBlank()) {
          table.line(number, line.split("\t", -1), columns.get());
        }
      }
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is not UTF-8", e);
    }
    table.check();
    return table.frames;
  }

  /** A small entry of a zip may unpack to more than there is memory. */
  private static InputStream bounded(String file, InputStream in) throws IOException {
    try (in) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IOException("%s is larger than %d MiB".formatted(file, MOST_BYTES >> 20));
      }
      return new ByteArrayInputStream(bytes);
    }
  }

  /** A path as the table may write it, or a file system. */
  static String key(String path) {
    String slashed = path.strip().replace('\\', '/');
    return Normalizer.normalize(
        slashed.startsWith("./") ? slashed.substring(2) : slashed, Normalizer.Form.NFC);
  }

  private Optional<Columns> columns(String header) throws IOException {
    List<String> names =
        Arrays.stream(header.replace(BYTE_ORDER_MARK, "").split("\t", -1))
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .toList();
    if (!names.contains("path")) {
      LOG.warn(
          "{} is not read: its first line names no column path beside track and frame, with tabs"
              + " between them",
          file);
      return Optional.empty();
    }
    if (!names.contains("track") || !names.contains("frame")) {
      throw new IOException(
          "%s has the columns %s; path, track and frame are needed, with tabs between them"
              .formatted(file, String.join(", ", names)));
    }
    return Optional.of(
        new Columns(names.indexOf("path"), names.indexOf("track"), names.indexOf("frame")));
  }

  private void line(int number, String[] fields, Columns columns) {
    if (fields.length < columns.count()) {
      faults.add("line %d has %d columns".formatted(number, fields.length));
      return;
    }
    String path = fields[columns.path()].strip();
    String track = fields[columns.track()].strip();
    String frame = fields[columns.frame()].strip();
    String image = images.get(key(path));
    if (image == null) {
      faults.add("line %d: there is no image %s".formatted(number, path));
    } else if (track.isEmpty()) {
      faults.add("line %d: the track of %s has no name".formatted(number, path));
    } else if (!frame.matches("\\d{1,18}")) {
      faults.add("line %d: frame '%s' is not a whole number".formatted(number, frame));
    } else {
      TrackFrame place = new TrackFrame(track, Long.parseLong(frame));
      if (frames.put(image, place) != null) {
        faults.add("line %d: %s was named before".formatted(number, path));
      } else if (!places.add(folder(image) + "\t" + track + "\t" + place.number())) {
        faults.add(
            "line %d: track %s has a frame %s already in this class"
                .formatted(number, track, frame));
      }
    }
  }

  private static String folder(String path) {
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  private void check() throws IOException {
    if (!faults.isEmpty()) {
      String more = faults.size() > TOLD ? "; and %d more".formatted(faults.size() - TOLD) : "";
      throw new IOException(
          "%s: %s%s"
              .formatted(
                  file, String.join("; ", faults.subList(0, Math.min(TOLD, faults.size()))), more));
    }
  }
}
