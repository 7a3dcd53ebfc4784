package io.cnn2gnn.localstack;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import kafka.server.StandardFaultHandlerFactory;

/** Runs an {@link EmbeddedBroker} until this JVM ends, and says on stdout when it is ready. */
final class BrokerMain {
  private BrokerMain() {}

  /** Takes the data directory, the port, and any number of {@code property=value}. */
  public static void main(String[] args) {
    Map<String, String> overrides =
        Arrays.stream(args)
            .skip(2)
            .map(arg -> arg.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    EmbeddedBroker broker =
        EmbeddedBroker.start(
            Path.of(args[0]),
            Integer.parseInt(args[1]),
            overrides,
            new StandardFaultHandlerFactory());
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-close"));
    System.out.println(LocalStack.BROKER_READY + broker.bootstrapServers());
  }
}
