package io.cnn2gnn.localstack;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import kafka.server.StandardFaultHandlerFactory;

/** Runs an {@link EmbeddedBroker} until this JVM ends, and says on stdout when it is ready. */
final class BrokerMain {
  private BrokerMain() {}

  /**
   * Takes the data directory, the port, the file of the security settings or nothing, and any
   * number of {@code property=value}.
   */
  public static void main(String[] args) throws IOException {
    Map<String, String> overrides =
        Arrays.stream(args)
            .skip(3)
            .map(arg -> arg.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    EmbeddedBroker broker =
        EmbeddedBroker.start(
            Path.of(args[0]),
            Integer.parseInt(args[1]),
            overrides,
            security(args[2]),
            new StandardFaultHandlerFactory());
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-close"));
    System.out.println(LocalStack.BROKER_READY + broker.bootstrapServers());
  }

  private static Optional<BrokerSecurity> security(String file) throws IOException {
    if (file.isEmpty()) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(Path.of(file))) {
      properties.load(in);
    }
    return Optional.of(BrokerSecurity.read(properties));
  }
}
