package io.cnn2gnn.cli.page;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.CtrlC;
import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.intake.InputFormat;
import io.cnn2gnn.page.Page;
import io.cnn2gnn.page.PageConfig;
import io.cnn2gnn.page.PageConfig.Operators;
import io.cnn2gnn.page.PageConfig.Topics;
import io.cnn2gnn.page.PageConfig.Writers;
import io.cnn2gnn.page.PageException;
import io.cnn2gnn.topology.app.AccessTable;
import io.cnn2gnn.topology.flow.TopicNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "page",
    description = {
      "A page for a browser: images as they are answered, what decided each, and labels with a"
          + " click.",
      "It reads and writes topics like any client; any number of instances may run."
    },
    mixinStandardHelpOptions = true)
public final class PageCommand implements Callable<Integer> {
  /** Where a page is, unless somebody says otherwise. */
  public static final int PORT = 8070;

  @Spec private CommandSpec spec;

  @Mixin private Connection connection;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description =
          "to listen on (default: ${DEFAULT-VALUE}); on another than loopback nobody may label"
              + " without --token-file or --trust-user-header",
      defaultValue = "127.0.0.1")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "default: ${DEFAULT-VALUE}; 0 for any that is free",
      defaultValue = "" + PORT)
  private int port;

  @Option(
      names = "--allowed-host",
      split = ",",
      paramLabel = "NAME",
      description = "by which browsers may ask, beside the address; * for any")
  private Set<String> names = Set.of();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "whoever knows the token in it may label")
  private Optional<Path> tokenFile = Optional.empty();

  @Option(
      names = "--trust-user-header",
      paramLabel = "NAME",
      description =
          "header in which a proxy in front of the page names the user, who may label; the proxy"
              + " must drop what a browser sends by that name")
  private Optional<String> userHeader = Optional.empty();

  @Option(
      names = "--release-token-file",
      paramLabel = "FILE",
      description =
          "whoever knows the token in it may promote, roll back and retire releases; not the token"
              + " of --token-file. Without this and --release-user nobody may, but for a page on"
              + " loopback where everybody may label")
  private Optional<Path> releaseTokenFile = Optional.empty();

  @Option(
      names = "--release-user",
      split = ",",
      paramLabel = "NAME",
      description =
          "users of --trust-user-header who may do that; with --release-token-file they need the"
              + " token too")
  private Set<String> operators = Set.of();

  @Option(
      names = "--images",
      paramLabel = "TOPIC",
      description = "whose dead letters, labels and outcomes are meant (default: ${DEFAULT-VALUE})",
      defaultValue = "images")
  private String images;

  @Option(
      names = "--topic-format",
      paramLabel = "FORMAT",
      defaultValue = "avro",
      description = "what the images' values are, avro or raw, as cnn2gnn.input.format says it")
  private InputFormat format;

  @Option(
      names = "--predictions",
      paramLabel = "TOPIC",
      description = "where answers are (default: ${DEFAULT-VALUE})",
      defaultValue = "predictions")
  private String predictions;

  @Option(
      names = "--models-topic",
      paramLabel = "TOPIC",
      description = "where releases are (default: ${DEFAULT-VALUE})",
      defaultValue = "models")
  private String models;

  @Option(
      names = "--application-id",
      paramLabel = "ID",
      description = "of the service whose instances are shown (default: ${DEFAULT-VALUE})",
      defaultValue = "cnn2gnn-streams")
  private String application;

  @Option(
      names = "--events",
      paramLabel = "TOPIC",
      description = "what services tell of their models (default: ${DEFAULT-VALUE})",
      defaultValue = "models.events")
  private String events;

  @Option(
      names = "--bundle",
      paramLabel = "FILE",
      description =
          "whose prototypes are shown where they are neighbours (default: the shipped one)")
  private Optional<Path> bundle = Optional.empty();

  @Override
  public Integer call() throws Exception {
    if (!operators.isEmpty() && userHeader.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--release-user names users of --trust-user-header: give that too");
    }
    Map<String, String> properties = connection.properties();
    String labels = TopicNames.labelsOf(images);
    TopicNames topics =
        new TopicNames(
            images,
            predictions,
            TopicNames.deadLettersOf(images),
            labels,
            TopicNames.outcomesOf(labels),
            models,
            events);
    Connection.check(properties, AccessTable.page(predictions, images, events));
    CountDownLatch cleared = CtrlC.clearUp();
    try (Page page =
        Page.start(
            new PageConfig(
                properties,
                topics(topics),
                format,
                application,
                Optional.of(bundle.orElseGet(Home::bundle)),
                host,
                port,
                names,
                new Writers(token(tokenFile), userHeader),
                new Operators(token(releaseTokenFile), operators)))) {
      System.out.println("the page is at " + page.address());
      System.out.flush();
      Thread.currentThread().join();
      return 0;
    } catch (PageException e) {
      throw new CliException(e.getMessage(), e);
    } finally {
      cleared.countDown();
    }
  }

  /** The topics of a service that has these. */
  public static Topics topics(TopicNames of) {
    return new Topics(
        of.images(),
        of.predictions(),
        of.deadLetters(),
        of.labels(),
        of.labelOutcomes(),
        of.models(),
        of.modelEvents());
  }

  private static Optional<String> token(Optional<Path> file) throws CliException {
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      String token = Files.readString(file.get()).strip();
      if (token.length() < 8) {
        throw new CliException("the token in %s has fewer than 8 characters".formatted(file.get()));
      }
      return Optional.of(token);
    } catch (IOException e) {
      throw new CliException("the token cannot be read: " + e.getMessage(), e);
    }
  }
}
