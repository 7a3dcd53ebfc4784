package io.cnn2gnn.lab.bench;

import io.cnn2gnn.benchmarks.pipeline.FramesBenchmark;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "frames",
    description =
        "Camera frames through the service, beside loops with the JDK's reader and with OpenCV.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class BenchFrames implements Callable<Integer> {
  static final int ROUNDS = 3;
  static final double SECONDS = 8;

  @Mixin private BenchFlags flags;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "" + ROUNDS,
      description = "whose median counts, after one that does not")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "" + SECONDS,
      description = "for each in each round, of which the later half counts")
  private double seconds;

  @Override
  public Integer call() throws Exception {
    FramesBenchmark.Options options =
        BenchCommand.options(
            Map.of(),
            () -> new FramesBenchmark.Options(flags.bundle(), rounds, seconds, flags.seed()));
    return BenchCommand.measure(flags.summary(), bed -> new FramesBenchmark(bed, options).run());
  }
}
