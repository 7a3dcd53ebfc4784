package io.cnn2gnn.benchmarks.bank;

import com.google.common.math.Quantiles;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.BankRow;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.label.LabelledRow;
import io.cnn2gnn.model.label.LabelledRows;
import io.cnn2gnn.model.torch.Torch;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What an image costs against banks and labelled tiers of several sizes, by the service's exact
 * search and by approximate indexes. Rows are those of noise images that were moved at random, so
 * that no two are alike; batches against every size take turns, so that a busy machine is busy for
 * all.
 */
public final class BankBenchmark {
  /** Links per node, and nodes looked at, of every index. */
  static final int LINKS = 16;

  static final int BREADTH = 100;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int BATCH = 64;
  private static final int QUERIES = 200;

  /** Rows of the labelled tier, ascending. */
  private static final List<Integer> LABELLED = List.of(0, 1_000, 10_000);

  /** Images that are answered one by one. */
  private static final int ALONE = 16;

  private static final Map<String, Supplier<NeighbourIndex>> INDEXES = indexes();

  private final Options options;
  private final Consumer<String> progress;

  /**
   * What to measure.
   *
   * @param bundle the student
   * @param sizes rows besides the prototypes, ascending
   * @param rounds whose median counts
   * @param seed of images and rows
   * @param indexes whether approximate indexes are measured too, which takes minutes
   */
  public record Options(Path bundle, List<Integer> sizes, int rounds, long seed, boolean indexes) {
    /** With approximate indexes. */
    public Options(Path bundle, List<Integer> sizes, int rounds, long seed) {
      this(bundle, sizes, rounds, seed, true);
    }

    public Options {
      sizes = sizes.stream().sorted().toList();
      if (sizes.isEmpty() || sizes.get(0) < BATCH || rounds < 1) {
        throw new IllegalArgumentException(
            "sizes must be at least %d, rounds positive: %s, %d".formatted(BATCH, sizes, rounds));
      }
    }
  }

  /** Prepares a benchmark that tells of its progress. */
  public BankBenchmark(Options options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
  }

  private static Map<String, Supplier<NeighbourIndex>> indexes() {
    Map<String, Supplier<NeighbourIndex>> indexes = new LinkedHashMap<>();
    indexes.put("hnswlib", Hnswlib::new);
    indexes.put("jvector", Jvector::new);
    indexes.put("Lucene", Lucene::new);
    return indexes;
  }

  /** Runs everything. */
  public BankReport run() throws BundleException {
    Bundle bundle = Bundle.read(options.bundle());
    int neighbours = bundle.card().student().neighbours();
    try (StudentModel model = StudentModel.open(bundle, Torch.device("cpu"), Candidates.BANK)) {
      Random random = new Random(options.seed());
      List<Query> batch = batch(bundle, random);
      List<BankRow> seeds = new ArrayList<>();
      try (BankMatrix empty = model.newBank(0)) {
        model.classify(batch, empty).forEach(answer -> seeds.add(answer.row()));
      }
      int most = options.sizes().get(options.sizes().size() - 1);
      int projection = bundle.card().student().projection();
      List<BankRow> rows = MovedRows.of(seeds, most, projection, random);
      Map<Integer, Double> exact = exact(model, batch, rows);
      Map<Integer, Map<Integer, Double>> labelled = labelled(model, batch, rows, seeds, random);
      List<BankReport.Approximate> approximate = new ArrayList<>();
      float[][] queries = vectors(MovedRows.of(seeds, QUERIES, projection, random), projection);
      for (int size : options.indexes() ? options.sizes() : List.<Integer>of()) {
        float[][] vectors = vectors(rows.subList(0, size), projection);
        int[][] truth =
            Arrays.stream(queries).map(q -> nearest(vectors, q, neighbours)).toArray(int[][]::new);
        INDEXES.forEach(
            (name, made) ->
                approximate.add(measure(name, made.get(), vectors, queries, truth, neighbours)));
      }
      return new BankReport(
          String.format(
              Locale.ROOT,
              "%s, batches of %d, %d prototypes besides, s = %d, vectors of %d; %d rounds, seed %d;"
                  + " %d processors.",
              bundle.card().id(),
              BATCH,
              bundle.prototypes().size(),
              neighbours,
              projection,
              options.rounds(),
              options.seed(),
              Runtime.getRuntime().availableProcessors()),
          exact,
          labelled,
          approximate);
    }
  }

  private static List<Query> batch(Bundle bundle, Random random) {
    List<Query> batch = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      byte[] pixels = new byte[bundle.card().student().input().bytes()];
      random.nextBytes(pixels);
      batch.add(new Query("image-" + i, pixels, Optional.empty()));
    }
    return batch;
  }

  private static float[][] vectors(List<BankRow> rows, int length) {
    return rows.stream().map(row -> Arrays.copyOf(row.values(), length)).toArray(float[][]::new);
  }

  /**
   * Microseconds of the processor per image of the whole model, by rows in the bank; 0 for
   * prototypes alone.
   */
  private Map<Integer, Double> exact(StudentModel model, List<Query> batch, List<BankRow> rows) {
    Map<Integer, BankMatrix> banks = new LinkedHashMap<>();
    try {
      banks.put(0, model.newBank(0));
      for (int size : options.sizes()) {
        BankMatrix bank = model.newBank(size);
        banks.put(size, bank);
        bank.add(rows.subList(0, size));
      }
      Map<Integer, Double> medians = medians(model, List.of(batch), banks);
      progress.accept("exact search: " + medians);
      return medians;
    } finally {
      banks.values().forEach(BankMatrix::close);
    }
  }

  /**
   * Microseconds of the processor per image, by images in a batch and by rows of the labelled tier.
   */
  private Map<Integer, Map<Integer, Double>> labelled(
      StudentModel model,
      List<Query> batch,
      List<BankRow> rows,
      List<BankRow> seeds,
      Random random) {
    List<String> classes = model.card().classes();
    int projection = model.card().student().projection();
    List<LabelledRow> all = new ArrayList<>();
    for (BankRow row : MovedRows.of(seeds, LABELLED.get(LABELLED.size() - 1), projection, random)) {
      all.add(
          new LabelledRow(
              "name of " + row.imageId(),
              "",
              row.imageId(),
              classes.get(all.size() % classes.size()),
              model.card().space(),
              Arrays.copyOf(row.values(), projection),
              LabelledRow.Own.RIGHT));
    }
    Map<Integer, BankMatrix> banks = new LinkedHashMap<>();
    try {
      for (int size : LABELLED) {
        BankMatrix bank = model.newBank(options.sizes().get(0));
        banks.put(size, bank);
        bank.add(rows.subList(0, options.sizes().get(0)));
        bank.teach(new LabelledRows(all.subList(0, size), size), false);
      }
      Map<Integer, Map<Integer, Double>> micros = new LinkedHashMap<>();
      micros.put(BATCH, medians(model, List.of(batch), banks));
      micros.put(1, medians(model, batch.subList(0, ALONE).stream().map(List::of).toList(), banks));
      progress.accept("with labels: " + micros);
      return micros;
    } finally {
      banks.values().forEach(BankMatrix::close);
    }
  }

  /**
   * Microseconds of the processor per image, against banks that take turns. The model computes on
   * the thread that calls it, so a neighbour that takes the core away does not count.
   */
  private Map<Integer, Double> medians(
      StudentModel model, List<List<Query>> batches, Map<Integer, BankMatrix> banks) {
    int images = batches.stream().mapToInt(List::size).sum();
    Map<Integer, double[]> times = new LinkedHashMap<>();
    banks.keySet().forEach(size -> times.put(size, new double[options.rounds()]));
    for (int round = -options.rounds() / 5 - 1; round < options.rounds(); round++) {
      for (Map.Entry<Integer, BankMatrix> each : banks.entrySet()) {
        long start = THREADS.getCurrentThreadCpuTime();
        batches.forEach(batch -> model.classify(batch, each.getValue()));
        if (round >= 0) {
          times.get(each.getKey())[round] =
              (THREADS.getCurrentThreadCpuTime() - start) / 1e3 / images;
        }
      }
    }
    Map<Integer, Double> medians = new LinkedHashMap<>();
    times.forEach((size, all) -> medians.put(size, Quantiles.median().compute(all)));
    return medians;
  }

  private BankReport.Approximate measure(
      String name,
      NeighbourIndex made,
      float[][] vectors,
      float[][] queries,
      int[][] truth,
      int neighbours) {
    try (NeighbourIndex index = made) {
      long start = System.nanoTime();
      index.build(vectors);
      double insert = (System.nanoTime() - start) / 1e3 / vectors.length;
      int found = 0;
      double[] times = new double[options.rounds()];
      for (int round = -1; round < options.rounds(); round++) {
        long begin = System.nanoTime();
        for (int q = 0; q < queries.length; q++) {
          int[] ids = index.search(queries[q], neighbours);
          if (round < 0) {
            int[] right = truth[q];
            found += (int) Arrays.stream(ids).filter(id -> contains(right, id)).count();
          }
        }
        if (round >= 0) {
          times[round] = (System.nanoTime() - begin) / 1e3 / queries.length;
        }
      }
      double recall = (double) found / (queries.length * neighbours);
      BankReport.Approximate result =
          new BankReport.Approximate(
              name, vectors.length, insert, Quantiles.median().compute(times), recall);
      progress.accept(result.toString());
      return result;
    }
  }

  private static boolean contains(int[] ids, int id) {
    return Arrays.stream(ids).anyMatch(other -> other == id);
  }

  static int[] nearest(float[][] vectors, float[] query, int k) {
    double[] distances = Arrays.stream(vectors).mapToDouble(v -> distance(v, query)).toArray();
    return IntStream.range(0, vectors.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> distances[i]))
        .limit(k)
        .mapToInt(i -> i)
        .toArray();
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (double) (a[i] - b[i]);
    }
    return sum;
  }
}
