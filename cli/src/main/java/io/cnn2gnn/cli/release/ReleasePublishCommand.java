package io.cnn2gnn.cli.release;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.cli.train.GateFlags;
import io.cnn2gnn.cli.train.GateReport;
import io.cnn2gnn.cli.train.StoreFlags;
import io.cnn2gnn.cli.train.StreamFlags;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.release.Releases;
import io.cnn2gnn.training.EvaluateJob;
import io.cnn2gnn.training.gate.GateResult;
import io.cnn2gnn.training.release.BundleStore;
import io.cnn2gnn.training.release.ReleaseRecords;
import io.cnn2gnn.training.service.ReleaseDesk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "publish",
    description = "Stores a bundle and writes its release to the models topic.",
    footer =
        "With --data the bundle has to be as good as the active one; exit code 1 if it does not get"
            + " the state that --as says.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class ReleasePublishCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Mixin private ReleaseTopic topic;

  @Mixin private StoreFlags store;

  @Mixin private GateFlags gate;

  @Parameters(paramLabel = "BUNDLE", description = "the file to release")
  private Path file;

  @Option(
      names = "--as",
      paramLabel = "STATE",
      defaultValue = "CANDIDATE",
      description = "what it becomes: ${COMPLETION-CANDIDATES}")
  private StreamFlags.Release state;

  @Option(
      names = "--data",
      description = "compare with the active release on the test split of this, as for train")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--classes",
      split = ",",
      description = "class names of --data by index (default: as the data has them)")
  private List<String> classes = new ArrayList<>();

  @Option(names = "--device", defaultValue = "auto", description = "auto, cpu or gpu")
  private String device;

  @Override
  public Integer call() throws Exception {
    try {
      return publish();
    } catch (BundleException | IllegalArgumentException e) {
      throw new CliException(e.getMessage(), e);
    }
  }

  private int publish() throws Exception {
    Bundle bundle = Bundle.read(file);
    ReleaseTopic.Open open = topic.decide();
    checkNew(open.releases(), bundle);
    BundleStore folder =
        store
            .open()
            .orElseThrow(
                () -> new CliException("give --store FOLDER, from which services fetch bundles"));
    ReleaseDesk desk =
        new ReleaseDesk(
            open::reader,
            open::writer,
            folder.fetcher(store.allowed(open.properties()), PATIENCE),
            folder,
            new ReleaseRecords(Clock.systemUTC()),
            new ReleaseDesk.Rules(
                gate.options(), Optional.empty(), state.state(), Torch.device(device)));
    GateResult result = judge(desk, bundle);
    ModelRelease release = desk.publish(bundle, result);
    Terminal.printf(
        "%s: %s at %s", Releases.key(release), release.getState(), release.getBundle().getUri());
    return GateReport.released(result, release, state.state());
  }

  private static void checkNew(Releases releases, Bundle bundle) throws CliException, IOException {
    String name = bundle.card().name();
    String version = bundle.card().version();
    if (releases.isFree(name, version)) {
      return;
    }
    ModelRelease before = releases.find(name, version).orElseThrow();
    String sha256 = before.getBundle().getSha256().toLowerCase(Locale.ROOT);
    throw new CliException(
        "%s was released before, %s"
            .formatted(
                Releases.key(name, version),
                sha256.equals(Sha256.hex(bundle.bytes()))
                    ? "and is this bundle: cnn2gnn release promote " + version
                    : "and is another bundle: a bundle to release needs a version of its own"));
  }

  private GateResult judge(ReleaseDesk desk, Bundle bundle)
      throws IOException, BundleException, InterruptedException {
    if (data.isEmpty()) {
      return new GateResult.Passed(Map.of(), "published by hand, compared with nothing");
    }
    return desk.judge(bundle, EvaluateJob.testSplit(bundle, data.get(), classes));
  }
}
