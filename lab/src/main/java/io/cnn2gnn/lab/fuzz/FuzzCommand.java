package io.cnn2gnn.lab.fuzz;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.cli.kit.Summary;
import io.cnn2gnn.faults.fuzz.FuzzLimits;
import io.cnn2gnn.faults.fuzz.FuzzResult;
import io.cnn2gnn.faults.fuzz.FuzzTarget;
import io.cnn2gnn.faults.fuzz.FuzzTargets;
import io.cnn2gnn.faults.fuzz.Fuzzer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "fuzz",
    description = "Gives damaged images, records and bundles to the decoders.",
    footer =
        "Exit code 1: an input was neither accepted nor refused as documented, or cost too much.",
    mixinStandardHelpOptions = true)
public final class FuzzCommand implements Callable<Integer> {
  private static final int SAMPLES = 8;

  enum Target {
    ALL,
    IMAGE,
    AVRO,
    BUNDLE
  }

  @Option(
      names = "--inputs",
      defaultValue = "100000",
      description = "per target (default: ${DEFAULT-VALUE})")
  private long inputs;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "of the inputs (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--from",
      defaultValue = "0",
      description = "index of the first (default: ${DEFAULT-VALUE})")
  private long from;

  @Option(names = "--target", defaultValue = "all", description = "all, image, avro or bundle")
  private Target target;

  @Option(
      names = "--images",
      description = "folder or zip whose first images are damaged too (default: the samples)")
  private Optional<Path> images = Optional.empty();

  @Option(
      names = "--findings",
      description = "folder for inputs that are findings (default: a temporary one)")
  private Optional<Path> findings = Optional.empty();

  @Option(names = "--summary", description = "also write the figures to this file as JSON")
  private Optional<Path> summary = Optional.empty();

  private record Figures(long seed, long from, List<FuzzResult> targets) {}

  @Override
  public Integer call() throws Exception {
    if (inputs < 1 || from < 0) {
      throw new CliException("--inputs must be positive, and --from not negative");
    }
    Path folder =
        findings.isPresent() ? findings.get() : Files.createTempDirectory("cnn2gnn-fuzz-");
    Fuzzer fuzzer = new Fuzzer(FuzzLimits.standard(), folder);
    List<FuzzResult> results = new ArrayList<>();
    for (FuzzTarget each : targets()) {
      FuzzResult result = fuzzer.run(each, seed, from, inputs);
      print(result, results.isEmpty());
      results.add(result);
    }
    if (summary.isPresent()) {
      Summary.write(summary.get(), new Figures(seed, from, results));
    }
    boolean found = results.stream().anyMatch(r -> r.findings() > 0);
    if (found) {
      System.err.println("cnn2gnn: findings are in " + folder);
    } else if (findings.isEmpty()) {
      Files.delete(folder);
    }
    return found ? 1 : 0;
  }

  private List<FuzzTarget> targets() throws CliException, IOException {
    List<FuzzTarget> targets = new ArrayList<>();
    if (target == Target.ALL || target == Target.IMAGE) {
      List<byte[]> files = new ArrayList<>();
      List<ImageFile> all = ImageFiles.in(images.orElseGet(Home::samples));
      for (ImageFile file : all.subList(0, Math.min(SAMPLES, all.size()))) {
        files.add(file.content().read());
      }
      targets.add(FuzzTargets.image(files));
    }
    if (target == Target.ALL || target == Target.AVRO) {
      targets.add(FuzzTargets.avro());
    }
    if (target == Target.ALL || target == Target.BUNDLE) {
      targets.add(FuzzTargets.bundle());
    }
    return targets;
  }

  private static void print(FuzzResult r, boolean first) {
    if (first) {
      System.out.printf(
          "%-8s%10s%10s%10s%10s%12s%12s%16s%9s%n",
          "target",
          "inputs",
          "accepted",
          "refused",
          "findings",
          "slowest ms",
          "largest MB",
          "heap MB",
          "seconds");
    }
    System.out.printf(
        Locale.ROOT,
        "%-8s%10d%10d%10d%10d%12d%12.1f%16s%9.1f%n",
        r.target(),
        r.inputs(),
        r.accepted(),
        r.refused().values().stream().mapToLong(Long::longValue).sum(),
        r.findings(),
        r.slowestMillis(),
        r.largestAllocationBytes() / 1e6,
        "%.1f to %.1f".formatted(r.heapStartBytes() / 1e6, r.heapEndBytes() / 1e6),
        r.seconds());
    r.refused().forEach((reason, count) -> System.out.printf("  %-34s%10d%n", reason, count));
  }
}
