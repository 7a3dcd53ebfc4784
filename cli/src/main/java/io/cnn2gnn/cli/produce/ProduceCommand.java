package io.cnn2gnn.cli.produce;

import io.cnn2gnn.cli.kit.Carrier;
import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.cli.kit.ImageProducer;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.intake.InputFormat;
import io.cnn2gnn.topology.app.AccessTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "produce",
    description = "Sends the images of a folder or zip to the input topic.",
    mixinStandardHelpOptions = true)
public final class ProduceCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FOLDER|ZIP", description = "JPEG, PNG and WebP files, at any depth")
  private Path source;

  @Mixin private Connection connection;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "where images go (default: ${DEFAULT-VALUE})",
      defaultValue = "images")
  private String topic;

  @Option(
      names = "--topic-format",
      paramLabel = "FORMAT",
      defaultValue = "avro",
      description =
          "avro: Image records; raw: the files themselves, for cnn2gnn.input.format=raw (default:"
              + " ${DEFAULT-VALUE})")
  private InputFormat format;

  @Option(
      names = "--key",
      split = ",",
      description =
          "the source that the images come from, or several that take turns, separated by commas"
              + " (default: ${DEFAULT-VALUE})",
      defaultValue = "upload")
  private List<String> keys;

  @Option(names = "--images", description = "at most so many (default: all)")
  private Optional<Integer> limit = Optional.empty();

  @Option(
      names = "--rate",
      description = "images per second, 0 for no limit (default: ${DEFAULT-VALUE})",
      defaultValue = "0")
  private double rate;

  @Option(names = "--labels", description = "send the folder's name as the image's label")
  private boolean labels;

  @Option(
      names = "--by-reference",
      paramLabel = "URI_PREFIX",
      description = "send where the images are, URI_PREFIX and the path in FOLDER, not their bytes")
  private Optional<String> prefix = Optional.empty();

  @Option(
      names = "--max-bytes",
      description =
          "largest image sent inside its record (default: ${DEFAULT-VALUE}, or what the"
              + " topic takes if that is less)",
      defaultValue = "" + ImageProducer.MAX_BYTES)
  private int maxBytes;

  @Override
  public Integer call() throws Exception {
    if (prefix.isPresent() && Files.isRegularFile(source)) {
      throw new CliException(
          "--by-reference needs a folder: the files inside %s have no URI".formatted(source));
    }
    if (prefix.isPresent() && format == InputFormat.RAW) {
      throw new CliException("--by-reference needs Image records: leave out --topic-format raw");
    }
    List<ImageFile> files = ImageFiles.in(source);
    List<ImageFile> chosen = files.subList(0, Math.min(files.size(), limit.orElse(files.size())));
    Map<String, String> properties = connection.properties();
    Connection.check(properties, AccessTable.produce(topic));
    Carrier carrier =
        prefix.isPresent()
            ? Carrier.byReference(prefix.get())
            : new Carrier.Inline(
                Math.min(maxBytes, Connection.largestImage(properties, topic).orElse(maxBytes)));
    try (ImageProducer producer =
            format == InputFormat.RAW
                ? ImageProducer.raw(properties, topic, carrier.maxBytes(), rate)
                : new ImageProducer(
                    properties, Connection.registry(properties), topic, carrier, rate);
        ProgressBar bar =
            new ProgressBarBuilder()
                .setTaskName("produce")
                .setInitialMax(chosen.size())
                .setUnit(" img", 1)
                .showSpeed()
                .build()) {
      for (int i = 0; i < chosen.size(); i++) {
        ImageFile file = chosen.get(i);
        producer.send(keys.get(i % keys.size()), file, labels ? file.label() : Optional.empty());
        bar.step();
      }
      producer.flush();
    }
    Terminal.printf("%d images sent to %s", chosen.size(), topic);
    return 0;
  }
}
