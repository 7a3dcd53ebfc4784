package io.cnn2gnn.lab.drift;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.CtrlC;
import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.localstack.LocalStackException;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.topology.app.StartupException;
import io.cnn2gnn.training.data.DataSet;
import io.cnn2gnn.training.data.DataSets;
import io.cnn2gnn.training.data.ImageSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "drift",
    description = {
      "Sends real images whose appearance changes half way to three services with the same model:"
          + " labels teach the first two, the first is retrained from the stream, too, and the third"
          + " hears of none. Draws the accuracy of each."
    },
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
public final class DriftCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      required = true,
      description = "as for train: test images come unlabelled, training images with their label")
  private Path data;

  @Option(names = "--bundle", description = "default: the shipped Fashion-MNIST bundle")
  private Optional<Path> bundle = Optional.empty();

  @Option(names = "--out", paramLabel = "FOLDER", required = true, description = "must be new")
  private Path out;

  @Option(
      names = "--shift",
      defaultValue = "ROTATE",
      description = "what changes: ${COMPLETION-CANDIDATES}")
  private DriftStream.Shift shift;

  @Option(
      names = "--shift-at",
      paramLabel = "SHARE",
      defaultValue = "0.4",
      description = "of the stream")
  private double shiftAt;

  @Option(names = "--images", paramLabel = "N", defaultValue = "14000", description = "at most")
  private int images;

  @Option(
      names = "--labelled",
      paramLabel = "SHARE",
      defaultValue = "0.3",
      description = "of the stream, by training images")
  private double labelled;

  @Option(names = "--rate", paramLabel = "R", defaultValue = "30", description = "images a second")
  private double rate;

  @Option(
      names = "--every-labelled",
      paramLabel = "N",
      defaultValue = "500",
      description = "train at the latest when so many images were labelled")
  private int everyLabelled;

  @Option(
      names = "--window",
      paramLabel = "DURATION",
      defaultValue = "PT150S",
      description = "of the stream that a training sees")
  private String window;

  @Option(names = "--seed", defaultValue = "1", description = "of the stream")
  private long seed;

  @Override
  public Integer call() throws Exception {
    if (!(labelled > 0 && labelled < 1) || !(shiftAt > 0 && shiftAt < 1)) {
      throw new CliException("--labelled and --shift-at are shares between 0 and 1");
    }
    if (images < 1 || !(rate > 0)) {
      throw new CliException("--images and --rate must be more than 0");
    }
    Path model = bundle.orElseGet(Home::bundle);
    DataSet set = read(classes(model));
    DriftStream stream = DriftStream.of(set, images, labelled, shiftAt, shift, seed);
    newFolder();
    DriftRun.Options options =
        new DriftRun.Options(model, out.toAbsolutePath(), rate, everyLabelled, window);
    CountDownLatch cleared = CtrlC.clearUp();
    try (DriftRun run = DriftRun.start(options, stream)) {
      String title = "%s, from image %d on %s";
      run.run().write(title.formatted(set.test().name(), stream.shiftAt(), shift.words()), out);
      return 0;
    } catch (StartupException | LocalStackException e) {
      throw new CliException(e.getMessage(), e);
    } finally {
      cleared.countDown();
    }
  }

  /** Labelled images only, by the names that the model has for their classes. */
  private DataSet read(List<String> classes) throws IOException {
    DataSet set = DataSets.read(data, new DataSets.Options(List.of(), Optional.empty()));
    ImageSet train = set.train().subset(set.train().labelled());
    return new DataSet(train.inClasses(classes), set.test().inClasses(classes));
  }

  private static List<String> classes(Path model) throws CliException {
    try {
      return Bundle.read(model).card().classes();
    } catch (BundleException e) {
      throw new CliException(e.getMessage(), e);
    }
  }

  private void newFolder() throws CliException {
    try {
      if (Files.exists(out)) {
        throw new CliException("--out " + out + " exists: name a new folder");
      }
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new CliException("no folder for what comes out: " + e, e);
    }
  }
}
