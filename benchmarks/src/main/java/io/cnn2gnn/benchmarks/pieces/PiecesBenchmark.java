package io.cnn2gnn.benchmarks.pieces;

import io.cnn2gnn.benchmarks.pipeline.Workload;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Times single pieces by JMH, each in processes of its own with this one's class path and the
 * launcher's kind of JVM. Iterations take a second, three warm up.
 */
public final class PiecesBenchmark {
  private static final String[] JVM = {
    "-Xmx1g", "-Djava.awt.headless=true", "-XX:+UseSerialGC", "-Xshare:auto"
  };
  private static final int WARM_UPS = 3;

  private final Options options;
  private final PrintStream progress;

  /**
   * What to measure.
   *
   * @param bundle the student
   * @param images zip of PNG files
   * @param only pieces in whose name it is found, such as {@code Wire} or {@code Wire.readImage}
   * @param forks processes of each piece
   * @param iterations of each process that count, at least three: JMH tells no error of fewer
   */
  public record Options(
      Path bundle, Path images, Optional<Pattern> only, int forks, int iterations) {
    static final int LEAST = 3;

    public Options {
      if (forks < 1 || iterations < LEAST) {
        throw new IllegalArgumentException(
            "forks must be positive, iterations at least %d: %d, %d"
                .formatted(LEAST, forks, iterations));
      }
    }
  }

  /** Prepares a benchmark; JMH tells of its progress. */
  public PiecesBenchmark(Options options, PrintStream progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * Runs the pieces.
   *
   * @throws IllegalArgumentException if there is none of such a name
   * @throws IllegalStateException if one fails; its reason is among the progress
   * @throws BundleException if the student cannot be read
   * @throws IOException if the images cannot be read
   */
  public PiecesReport run() throws BundleException, IOException {
    // Read here too, so that what is wrong with them is said once and not by every fork.
    Bundle.read(options.bundle());
    Workload.of(options.images(), 1, Material.SIDE, Material.SEED);
    List<PiecesReport.Piece> pieces = new ArrayList<>();
    try {
      for (RunResult result : new Runner(forJmh(), format()).run()) {
        pieces.add(piece(result.getParams(), result.getPrimaryResult()));
      }
    } catch (NoBenchmarksException e) {
      throw new IllegalArgumentException(
          "no piece has a name with " + options.only().map(Pattern::pattern).orElse(""), e);
    } catch (RunnerException e) {
      throw new IllegalStateException("a piece failed: " + e.getMessage(), e);
    }
    return new PiecesReport(describe(), pieces);
  }

  private org.openjdk.jmh.runner.options.Options forJmh() {
    return new OptionsBuilder()
        .include(options.only().map(Pattern::pattern).orElse(getClass().getPackageName()))
        .mode(Mode.AverageTime)
        .timeUnit(TimeUnit.MICROSECONDS)
        .forks(options.forks())
        .warmupIterations(WARM_UPS)
        .warmupTime(TimeValue.seconds(1))
        .measurementIterations(options.iterations())
        .measurementTime(TimeValue.seconds(1))
        .shouldFailOnError(true)
        .jvmArgs(JVM)
        .jvmArgsAppend(
            "-D" + Material.BUNDLE + "=" + options.bundle().toAbsolutePath(),
            "-D" + Material.IMAGES + "=" + options.images().toAbsolutePath())
        .build();
  }

  private OutputFormat format() {
    return OutputFormatFactory.createFormatInstance(progress, VerboseMode.NORMAL);
  }

  private static PiecesReport.Piece piece(BenchmarkParams benchmark, Result<?> result) {
    Map<String, String> parameters = new TreeMap<>();
    for (Object key : benchmark.getParamsKeys()) {
      parameters.put((String) key, benchmark.getParam((String) key));
    }
    String name = benchmark.getBenchmark();
    int method = name.lastIndexOf('.');
    return new PiecesReport.Piece(
        name.substring(name.lastIndexOf('.', method - 1) + 1),
        parameters,
        result.getScore(),
        result.getScoreError());
  }

  private String describe() {
    return String.format(
        Locale.ROOT,
        "%d fork(s) of %d + %d iterations of 1 s, one thread, %s; %d processors, Java %s, %s %s.",
        options.forks(),
        WARM_UPS,
        options.iterations(),
        String.join(" ", JVM),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"),
        System.getProperty("os.name"),
        System.getProperty("os.arch"));
  }
}
