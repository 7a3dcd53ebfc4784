package io.cnn2gnn.lab.bench;

import io.cnn2gnn.benchmarks.bank.BankBenchmark;
import io.cnn2gnn.benchmarks.bank.BankReport;
import io.cnn2gnn.benchmarks.buffers.BuffersBenchmark;
import io.cnn2gnn.benchmarks.buffers.Report;
import io.cnn2gnn.benchmarks.goal.SuiteReport;
import io.cnn2gnn.benchmarks.pipeline.Contestant;
import io.cnn2gnn.benchmarks.pipeline.PipelineBenchmark;
import io.cnn2gnn.benchmarks.service.TestBed;
import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.CtrlC;
import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.cli.kit.StateFolder;
import io.cnn2gnn.cli.kit.Summary;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.localstack.LocalStackException;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.topology.app.ConfigNames;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "bench",
    description = {
      "Measures parts of the service beside their alternatives, on this machine.",
      "Without a subcommand: one suite after another, and every goal in one table."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      BenchCommand.Pipeline.class,
      BenchCommand.Bank.class,
      BenchCommand.Buffers.class,
      BenchFrames.class,
      BenchPieces.class,
      BenchLatency.class,
      BenchRecovery.class,
      BenchSwap.class,
      BenchStart.class
    })
public final class BenchCommand implements Callable<Integer> {
  @Mixin BenchAll all;

  @Override
  public Integer call() throws Exception {
    return all.run();
  }

  /** A benchmark on a broker and a registry that are its own. */
  interface OnLocalStack {
    void run(LocalStack stack, Path folder) throws Exception;
  }

  static int onLocalStack(OnLocalStack benchmark) throws Exception {
    CountDownLatch cleared = CtrlC.clearUp();
    try (StateFolder folder = StateFolder.in(Optional.empty());
        LocalStack stack = LocalStack.start(LocalStackConfig.temporary())) {
      benchmark.run(stack, folder.path());
      return 0;
    } catch (ExecutionException e) {
      throw new CliException(e.getCause().getMessage(), e);
    } catch (LocalStackException e) {
      throw new CliException(e.getMessage(), e);
    } finally {
      cleared.countDown();
    }
  }

  /** A benchmark on a broker and a registry that are up. */
  interface Suite {
    SuiteReport run(TestBed bed) throws Exception;
  }

  /** Runs a suite on a stack of its own and shows what it has to tell. */
  static int measure(Optional<Path> summary, Suite suite) throws Exception {
    return onLocalStack(
        (stack, folder) -> {
          SuiteReport report = suite.run(on(stack, folder));
          show(report.tables(), summary, report.summary());
        });
  }

  /** Progress is for people, and goes to standard error. */
  static TestBed on(LocalStack stack, Path folder) throws ExecutionException, InterruptedException {
    return new TestBed(
        stack.broker().get(),
        stack.registry().get().toString(),
        folder,
        line -> System.err.println(line));
  }

  /** Makes a suite's options; settings of the service and what is out of range are named. */
  static <O> O options(Map<String, String> settings, Supplier<O> options) throws CliException {
    try {
      ConfigNames.check(settings.keySet());
      return options.get();
    } catch (IllegalArgumentException e) {
      throw new CliException(e.getMessage(), e);
    }
  }

  static void show(String tables, Optional<Path> summary, Object figures) throws CliException {
    System.out.print(tables);
    if (summary.isPresent()) {
      Summary.write(summary.get(), figures);
    }
  }

  @Command(
      name = "buffers",
      description = "Ways to hold an open batch: what each costs, and what a kill -9 loses.",
      showDefaultValues = true,
      mixinStandardHelpOptions = true)
  static final class Buffers implements Callable<Integer> {
    @Option(names = "--sizes", split = ",", defaultValue = "3072,102400", description = "in bytes")
    private List<Integer> sizes;

    @Option(
        names = "--images",
        paramLabel = "N",
        defaultValue = "20000",
        description = "per run as fast as they go, but no more than 200 MiB of them")
    private int images;

    @Option(names = "--repeats", paramLabel = "N", defaultValue = "3", description = "0 for none")
    private int repeats;

    @Option(
        names = "--kills",
        paramLabel = "K",
        defaultValue = "3",
        description = "kills per buffer; 0 for none")
    private int kills;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "of all chance")
    private long seed;

    @Option(names = "--summary", paramLabel = "FILE", description = "write the tables as JSON")
    private Optional<Path> summary = Optional.empty();

    @Override
    public Integer call() throws Exception {
      BuffersBenchmark.Options options = options();
      return onLocalStack(
          (stack, folder) -> {
            Report report =
                new BuffersBenchmark(
                        stack.broker().get(), folder, options, line -> System.err.println(line))
                    .run();
            show(report.tables(), summary, report.summary());
          });
    }

    private BuffersBenchmark.Options options() throws CliException {
      try {
        return new BuffersBenchmark.Options(sizes, images, repeats, kills, seed);
      } catch (IllegalArgumentException e) {
        throw new CliException(e.getMessage(), e);
      }
    }
  }

  @Command(
      name = "pipeline",
      description =
          "Images per second of the service beside what people would use instead, on one broker.",
      showDefaultValues = true,
      mixinStandardHelpOptions = true)
  static final class Pipeline implements Callable<Integer> {
    @Mixin private BenchFlags flags;

    @Option(names = "--images", paramLabel = "ZIP", description = "default: the sample images")
    private Optional<Path> images = Optional.empty();

    @Option(
        names = "--side",
        defaultValue = "72",
        description = "pixels to which they are enlarged: 72 gives PNG files of 3 KB")
    private int side;

    @Option(
        names = "--records",
        paramLabel = "N",
        defaultValue = "60000",
        description = "on the input topic")
    private int records;

    @Option(
        names = "--rounds",
        paramLabel = "N",
        defaultValue = "3",
        description = "whose median counts, after one that does not")
    private int rounds;

    @Option(
        names = "--seconds",
        paramLabel = "S",
        defaultValue = "12",
        description = "for each in each round, of which the later half counts")
    private double seconds;

    @Option(
        names = "--only",
        split = ",",
        paramLabel = "NAME",
        description = "of ${COMPLETION-CANDIDATES} (default: all)")
    private List<Contestant> only = List.of();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a setting of the service")
    private Map<String, String> settings = Map.of();

    @Override
    public Integer call() throws Exception {
      PipelineBenchmark.Options options = options();
      return measure(flags.summary(), bed -> new PipelineBenchmark(bed, options).run());
    }

    private PipelineBenchmark.Options options() throws CliException {
      try {
        return new PipelineBenchmark.Options(
            flags.bundle(),
            images.orElseGet(Home::samples),
            side,
            records,
            rounds,
            seconds,
            only.isEmpty() ? PipelineBenchmark.everybody() : only,
            settings,
            flags.seed());
      } catch (IllegalArgumentException e) {
        throw new CliException(e.getMessage(), e);
      }
    }
  }

  @Command(
      name = "bank",
      description =
          "What an image costs against small and large banks, beside approximate indexes.",
      showDefaultValues = true,
      mixinStandardHelpOptions = true)
  static final class Bank implements Callable<Integer> {
    @Mixin private BenchFlags flags;

    @Option(
        names = "--sizes",
        split = ",",
        paramLabel = "ROWS",
        defaultValue = "1000,10000,100000",
        description = "of the banks")
    private List<Integer> sizes;

    @Option(
        names = "--rounds",
        paramLabel = "N",
        defaultValue = "25",
        description = "whose median counts")
    private int rounds;

    @Override
    public Integer call() throws Exception {
      try {
        BankReport report =
            new BankBenchmark(
                    new BankBenchmark.Options(flags.bundle(), sizes, rounds, flags.seed()),
                    line -> System.err.println(line))
                .run();
        show(report.tables(), flags.summary(), report.summary());
        return 0;
      } catch (IllegalArgumentException | BundleException e) {
        throw new CliException(e.getMessage(), e);
      }
    }
  }
}
