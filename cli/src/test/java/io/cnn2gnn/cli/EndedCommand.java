package io.cnn2gnn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;

/** What a command that has ended said to its user. */
record EndedCommand(int code, String errors) {
  static EndedCommand run(String... args) {
    PrintStream before = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      int code = Main.run(false, args);
      return new EndedCommand(code, captured.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(before);
    }
  }

  static void saysInOneLine(EndedCommand ended, String... parts) {
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.errors().strip().lines()).hasSize(1);
    assertThat(ended.errors()).startsWith("cnn2gnn: ").contains(parts);
  }

  /** An address at which nobody listens. */
  static String closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }
}
