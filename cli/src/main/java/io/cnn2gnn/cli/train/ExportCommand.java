package io.cnn2gnn.cli.train;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.files.AtomicFile;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.inference.SelfTestException;
import io.cnn2gnn.model.inference.TorchScriptExport;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "export",
    description = "Writes the student of a bundle as one TorchScript file, for other servers.",
    footer = "clients/python/torchscript.py reads it.",
    mixinStandardHelpOptions = true)
public final class ExportCommand implements Callable<Integer> {
  @Option(names = "--bundle", description = "default: the shipped Fashion-MNIST bundle")
  private Optional<Path> bundle = Optional.empty();

  @Option(
      names = "--torchscript",
      required = true,
      paramLabel = "FILE",
      description = "to write: forward(images) gives the logits of images beside the prototypes")
  private Path file;

  @Override
  public Integer call() throws Exception {
    try {
      Bundle read = Bundle.read(bundle.orElseGet(Home::bundle));
      TorchScriptExport export = TorchScriptExport.of(read);
      AtomicFile.write(file, export.archive());
      InputSpec input = read.card().student().input();
      Terminal.print(
          String.format(
              Locale.ROOT,
              "%s: %s, %,d bytes; images [b, %d, %d, %d] of 0 to 255 -> logits [b, %d]",
              file,
              read.card().id(),
              export.archive().length,
              input.height(),
              input.width(),
              input.channels(),
              read.card().classes().size()));
      Terminal.print(
          String.format(
              Locale.ROOT,
              "it answers the bundle's %d golden images as the service does, logits within %.1e",
              export.checked(),
              export.difference()));
      return 0;
    } catch (BundleException | SelfTestException e) {
      throw new CliException(e.getMessage(), e);
    }
  }
}
