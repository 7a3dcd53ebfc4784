package io.cnn2gnn.model.bundle;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.cnn2gnn.model.files.AtomicFile;
import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.torch.SafeTensors;
import io.cnn2gnn.model.torch.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A model as one file: a zip of {@code card.json}, {@code prototypes.json}, {@code
 * tensors.safetensors}, perhaps {@code thumbnails.jpg}, and {@code SHA256SUMS}. It holds data only,
 * no code: the serving script is generated from the card's shape, so a hostile bundle can at worst
 * classify badly.
 *
 * @param card what it is
 * @param weights the student's tensors in training form
 * @param prototypes the shipped part of the bank
 * @param golden the self-test
 */
public record Bundle(
    ModelCard card, Map<String, Tensor> weights, Prototypes prototypes, Golden golden) {
  private static final String CARD = "card.json";
  private static final String PROTOTYPES = "prototypes.json";
  private static final String TENSORS = "tensors.safetensors";
  private static final String SUMS = "SHA256SUMS";
  private static final List<String> ENTRIES = List.of(CARD, PROTOTYPES, TENSORS, SUMS);
  private static final String THUMBNAILS = "thumbnails.jpg";
  private static final int MAX_BYTES = 256 << 20;

  /** Floats hardly shrink, and JSON by ten or so; a zip of zeros by a thousand. */
  private static final long MAX_RATIO = 64;

  private static final int MIN_UNPACKED = 1 << 20;
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private record Names(List<String> ids, List<Integer> labels) {}

  public Bundle {
    weights = new LinkedHashMap<>(weights);
  }

  /** The id of the embedding space that these weights span. */
  public static String space(Map<String, Tensor> weights) {
    return SafeTensors.digest(weights).substring(0, 16);
  }

  /** Writes to a temporary name, syncs to disk and renames, so no half bundle is ever seen. */
  public void write(Path file) throws IOException {
    AtomicFile.write(file, bytes());
  }

  /** The card as the file has it. */
  public byte[] cardJson() {
    return json(card);
  }

  /** The file of this bundle; the same bundle is the same bytes. */
  public byte[] bytes() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    weights.forEach((name, tensor) -> tensors.put("student." + name, tensor));
    tensors.put("prototypes", prototypes.rows());
    tensors.put("golden.images", golden.images());
    tensors.put("golden.logits", golden.logits());
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(CARD, cardJson());
    entries.put(PROTOTYPES, json(new Names(prototypes.ids(), prototypes.labels())));
    entries.put(TENSORS, SafeTensors.write(tensors));
    if (!prototypes.thumbnails().isEmpty()) {
      entries.put(THUMBNAILS, prototypes.thumbnails().jpeg());
    }
    StringBuilder sums = new StringBuilder();
    entries.forEach(
        (name, bytes) -> sums.append(Sha256.hex(bytes)).append("  ").append(name).append('\n'));
    entries.put(SUMS, sums.toString().getBytes(StandardCharsets.US_ASCII));
    return zip(entries);
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> e : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(e.getKey());
        CRC32 crc = new CRC32();
        crc.update(e.getValue());
        entry.setCrc(crc.getValue());
        // A fixed time, so the same model is the same file.
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        zip.putNextEntry(entry);
        zip.write(e.getValue());
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }

  /** Reads a bundle and checks sums, card, shapes and finiteness. */
  public static Bundle read(Path file) throws BundleException {
    return read(file, Optional.empty());
  }

  /**
   * Reads a bundle whose whole-file hash is known, which is checked before anything is parsed.
   *
   * @throws BundleException naming the file and what is wrong with it
   */
  public static Bundle read(Path file, Optional<String> sha256) throws BundleException {
    byte[] bytes;
    try {
      if (!Files.isRegularFile(file)) {
        throw new BundleException("no bundle at " + file + ": give the path of a .bundle file");
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new BundleException(
            file + " is larger than a bundle may be, " + MAX_BYTES + " bytes");
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new BundleException(file + " cannot be read: " + e.getMessage(), e);
    }
    if (sha256.isPresent() && !sha256.get().equalsIgnoreCase(Sha256.hex(bytes))) {
      throw new BundleException(file + " is not the released file: its sha256 differs");
    }
    return parse(file.toString(), bytes);
  }

  /**
   * Reads the bytes of a bundle.
   *
   * @param name of where they come from, for messages
   * @throws BundleException naming it and what is wrong with it
   */
  public static Bundle parse(String name, byte[] bytes) throws BundleException {
    try {
      return parse(bytes);
    } catch (IOException | RuntimeException e) {
      // List.copyOf and its like have no words for a null that JSON brought.
      String what = e.getMessage() == null ? "a value is missing" : e.getMessage();
      throw new BundleException(name + " is not a valid bundle: " + what, e);
    }
  }

  private static Bundle parse(byte[] bytes) throws IOException {
    Map<String, byte[]> entries = unzip(bytes);
    checkSums(entries);
    ModelCard card = fromJson(entries.get(CARD), ModelCard.class);
    Names names = fromJson(entries.get(PROTOTYPES), Names.class);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    Map<String, Tensor> others = new LinkedHashMap<>();
    SafeTensors.read(entries.get(TENSORS))
        .forEach(
            (name, tensor) -> {
              if (!tensor.isFinite()) {
                throw new IllegalArgumentException("tensor " + name + " holds NaN or infinity");
              }
              if (name.startsWith("student.")) {
                weights.put(name.substring("student.".length()), tensor);
              } else {
                others.put(name, tensor);
              }
            });
    Student.check(card.student(), weights);
    if (!space(weights).equals(card.space())) {
      throw new IllegalArgumentException("the card's space id is not that of the weights");
    }
    Prototypes prototypes =
        new Prototypes(
            names.ids(),
            names.labels(),
            required(others, "prototypes"),
            entries.containsKey(THUMBNAILS)
                ? Thumbnails.read(entries.get(THUMBNAILS))
                : Thumbnails.NONE);
    checkShape(prototypes.rows(), prototypes.size(), card.student().rowLength());
    for (int label : prototypes.labels()) {
      if (label < 0 || label >= card.classes().size()) {
        throw new IllegalArgumentException("prototype label " + label + " is not a class");
      }
    }
    Golden golden =
        new Golden(required(others, "golden.images"), required(others, "golden.logits"));
    long count = golden.images().shape()[0];
    checkShape(
        golden.images(),
        count,
        card.student().input().height(),
        card.student().input().width(),
        card.student().input().channels());
    checkShape(golden.logits(), count, card.classes().size());
    return new Bundle(card, weights, prototypes, golden);
  }

  private static Map<String, byte[]> unzip(byte[] bytes) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    long total = 0;
    int limit = (int) Math.min(MAX_BYTES, Math.max(MIN_UNPACKED, MAX_RATIO * bytes.length));
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        boolean known = ENTRIES.contains(e.getName()) || e.getName().equals(THUMBNAILS);
        if (!known || entries.containsKey(e.getName())) {
          throw new IOException("unexpected entry " + e.getName());
        }
        byte[] data = zip.readNBytes(limit + 1);
        total += data.length;
        if (total > limit) {
          throw new IOException("it unpacks to more than " + limit + " bytes");
        }
        entries.put(e.getName(), data);
      }
    }
    if (!entries.keySet().containsAll(ENTRIES)) {
      throw new IOException("it holds " + entries.keySet() + ", expected " + ENTRIES);
    }
    return entries;
  }

  private static void checkSums(Map<String, byte[]> entries) throws IOException {
    String sums = new String(entries.get(SUMS), StandardCharsets.US_ASCII);
    for (String name : entries.keySet()) {
      if (!name.equals(SUMS)
          && !sums.contains(Sha256.hex(entries.get(name)) + "  " + name + "\n")) {
        throw new IOException(name + " does not match its checksum; fetch the bundle again");
      }
    }
  }

  private static Tensor required(Map<String, Tensor> tensors, String name) {
    Tensor t = tensors.get(name);
    if (t == null) {
      throw new IllegalArgumentException("tensor " + name + " is missing");
    }
    return t;
  }

  private static void checkShape(Tensor tensor, long... shape) {
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw new IllegalArgumentException(tensor + " should have shape " + Arrays.toString(shape));
    }
  }

  private static byte[] json(Object value) {
    return (GSON.toJson(value) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static <T> T fromJson(byte[] json, Class<T> type) {
    try {
      T value = GSON.fromJson(new String(json, StandardCharsets.UTF_8), type);
      if (value == null) {
        throw new IllegalArgumentException("empty " + type.getSimpleName());
      }
      return value;
    } catch (JsonParseException e) {
      throw new IllegalArgumentException("malformed json: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      // Gson wraps what a record's constructor says, and says "failed to invoke" itself.
      if (e.getCause() instanceof IllegalArgumentException
          || e.getCause() instanceof NullPointerException) {
        throw (RuntimeException) e.getCause();
      }
      throw e;
    }
  }
}
