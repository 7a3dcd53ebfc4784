package io.cnn2gnn.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortTest {
  /** More than would miss each other by luck alone. */
  private static final int PORTS = 300;

  @Test
  void aPortCanBeListenedOnAndIsNoneOfOutgoingConnections() throws IOException {
    List<ServerSocket> open = new ArrayList<>();
    try {
      for (int i = 0; i < PORTS; i++) {
        int port = FreePort.find();
        assertThat(port).isBetween(1024, 32_767);
        open.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
      }
    } finally {
      for (ServerSocket socket : open) {
        socket.close();
      }
    }
    assertThat(open).hasSize(PORTS);
  }
}
