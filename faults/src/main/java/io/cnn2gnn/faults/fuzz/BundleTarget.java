package io.cnn2gnn.faults.fuzz;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.bundle.Golden;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.bundle.Prototypes;
import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.SafeTensors;
import io.cnn2gnn.model.torch.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * {@link Bundle#parse}; an input that is no zip at all goes to {@link SafeTensors#read} instead.
 *
 * <p>A bundle is guarded by checksums that anybody can make, so half of the inputs are damaged
 * inside and then sealed again: text at its tokens, tensors in their header.
 */
final class BundleTarget {
  private static final String SUMS = "SHA256SUMS";
  private static final String TENSORS = "tensors.safetensors";
  private static final Pattern TOKEN =
      Pattern.compile("\"[^\"]*\"|-?[0-9][0-9.eE+-]*|true|false|null|[\\[\\]{}:,]");
  private static final List<String> TOKENS =
      List.of(
          "0",
          "-1",
          "1",
          "2",
          "1024",
          "100000",
          "2147483647",
          "2147483648",
          "-9223372036854775808",
          "4611686018427387904",
          "9223372036854775807",
          "1e9",
          "1e400",
          "1e-400",
          "1e999999999",
          "0.5",
          "NaN",
          "-Infinity",
          "null",
          "true",
          "\"\"",
          "\"x\"",
          "\"\\u0000\"",
          "[]",
          "{}",
          "[",
          "]",
          "{",
          "}",
          ",",
          ":",
          "[".repeat(20_000),
          "{\"a\":".repeat(5_000),
          "9".repeat(5_000),
          "\"F32\"",
          "\"LEARNED_WITH_SELF\"",
          "\"card.json\"");
  private static final List<String> EXTENTS = List.of("1", "2", "4", "8", "256", "1024");
  private static final Predicate<String> NUMBER = Pattern.compile("[0-9]+").asMatchPredicate();

  private BundleTarget() {}

  static FuzzTarget of() {
    try {
      byte[] grey = bundle(1, Ranking.LEARNED, true).bytes();
      byte[] colour = bundle(3, Ranking.NONE, false).bytes();
      List<Map<String, byte[]>> bundles = List.of(unzip(grey), unzip(colour));
      List<byte[]> tensors = bundles.stream().map(b -> b.get(TENSORS)).toList();
      List<byte[]> corpus = List.of(grey, colour, tensors.get(0), tensors.get(1));
      return new FuzzTarget(
          "bundle",
          corpus,
          random ->
              random.nextBoolean()
                  ? Mutations.of(random, corpus)
                  : sealed(random, bundles, tensors),
          () -> BundleTarget::refusal);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> refusal(byte[] input) {
    try {
      if (input.length > 1 && input[0] == 'P' && input[1] == 'K') {
        Bundle.parse("input", input);
      } else {
        SafeTensors.read(input);
      }
      return Optional.empty();
    } catch (BundleException e) {
      return Optional.of(
          e.getCause() == null ? "BundleException" : e.getCause().getClass().getSimpleName());
    } catch (IllegalArgumentException e) {
      return Optional.of("IllegalArgumentException");
    }
  }

  /** The smallest model there is: a bundle's parser does not care for what it can do. */
  private static Bundle bundle(int channels, Ranking ranking, boolean labels) {
    InputSpec input =
        new InputSpec(
            4,
            4,
            channels,
            Collections.nCopies(channels, 0.5f),
            Collections.nCopies(channels, 0.25f));
    StudentSpec spec =
        new StudentSpec(input, List.of(4), List.of(2), 1, 4, 4, 2, 1, 0.5f, ranking, labels);
    Map<String, Tensor> weights = Student.initial(spec, 1);
    ModelCard card =
        new ModelCard(
            "fuzz",
            "1",
            Bundle.space(weights),
            List.of("ant", "bee"),
            spec,
            "none",
            "none",
            "none",
            1,
            Map.of("accuracy", 0.5));
    return new Bundle(
        card,
        weights,
        new Prototypes(List.of("a", "b"), List.of(0, 1), Tensor.filled(0.5f, 2, spec.rowLength())),
        new Golden(Tensor.filled(3, 1, 4, 4, channels), Tensor.filled(0.5f, 1, 2)));
  }

  private static byte[] sealed(
      RandomGenerator random, List<Map<String, byte[]>> bundles, List<byte[]> tensors) {
    Map<String, byte[]> entries = new LinkedHashMap<>(bundles.get(random.nextInt(bundles.size())));
    List<String> names = List.copyOf(entries.keySet());
    String name = names.get(random.nextInt(names.size()));
    byte[] entry = entries.get(name).clone();
    boolean header = random.nextInt(4) > 0;
    if (name.equals(TENSORS)) {
      entry = header ? headerDamaged(random, entry) : Mutations.once(random, entry, tensors);
      if (random.nextInt(4) == 0) {
        return entry;
      }
    } else if (name.equals(SUMS)) {
      entry = Mutations.once(random, entry, List.of(entry));
    } else {
      entry = header ? textDamaged(random, entry) : Mutations.once(random, entry, List.of(entry));
    }
    entries.put(name, entry);
    if (!name.equals(SUMS)) {
      StringBuilder sums = new StringBuilder();
      entries.forEach(
          (n, bytes) -> sums.append(Sha256.hex(bytes)).append("  ").append(n).append('\n'));
      entries.put(SUMS, sums.toString().getBytes(StandardCharsets.US_ASCII));
    }
    return zip(entries);
  }

  /** One to four tokens replaced, removed, or a stretch of them repeated. */
  private static byte[] textDamaged(RandomGenerator random, byte[] json) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(new String(json, StandardCharsets.UTF_8));
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    for (int n = 1 + random.nextInt(4); n > 0 && !tokens.isEmpty(); n--) {
      int at = random.nextInt(tokens.size());
      switch (random.nextInt(7)) {
        case 5 -> {
          // Several together: a size alone contradicts the others before it costs anything.
          int end = Math.min(tokens.size(), at + 24);
          tokens
              .subList(at, end)
              .replaceAll(t -> NUMBER.test(t) ? EXTENTS.get(random.nextInt(EXTENTS.size())) : t);
        }
        case 0 -> tokens.remove(at);
        case 1 -> tokens.add(at, TOKENS.get(random.nextInt(TOKENS.size())));
        case 2 -> tokens.set(at, tokens.get(random.nextInt(tokens.size())));
        case 3 -> {
          int end = Math.min(tokens.size(), at + 1 + random.nextInt(24));
          List<String> stretch = List.copyOf(tokens.subList(at, end));
          for (int times = 1 << random.nextInt(7); times > 0; times--) {
            tokens.addAll(at, stretch);
          }
        }
        default -> tokens.set(at, TOKENS.get(random.nextInt(TOKENS.size())));
      }
    }
    return String.join("", tokens).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] headerDamaged(RandomGenerator random, byte[] tensors) {
    ByteBuffer in = ByteBuffer.wrap(tensors).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[(int) in.getLong()];
    in.get(header);
    byte[] damaged = textDamaged(random, header);
    return ByteBuffer.allocate(Long.BYTES + damaged.length + in.remaining())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(damaged.length)
        .put(damaged)
        .put(in)
        .array();
  }

  private static Map<String, byte[]> unzip(byte[] bytes) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        entries.put(e.getName(), zip.readAllBytes());
      }
    }
    return entries;
  }

  private static byte[] zip(Map<String, byte[]> entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(Deflater.BEST_SPEED);
      for (Map.Entry<String, byte[]> e : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(e.getKey());
        // The clock must not get into an input.
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(e.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
