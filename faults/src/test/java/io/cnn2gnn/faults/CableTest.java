package io.cnn2gnn.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Between a client and a server that are this test. */
class CableTest {
  private static final int SHORT_MILLIS = 100;
  private static final int LONG_MILLIS = 10_000;

  private ServerSocket server;
  private Cable cable;

  @BeforeEach
  void lay() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    cable = Cable.to(server.getLocalPort());
  }

  @AfterEach
  void remove() throws IOException {
    cable.close();
    server.close();
  }

  private Socket connect() throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), cable.port());
    client.setSoTimeout(LONG_MILLIS);
    return client;
  }

  private Socket accept() throws IOException {
    server.setSoTimeout(LONG_MILLIS);
    Socket accepted = server.accept();
    accepted.setSoTimeout(LONG_MILLIS);
    return accepted;
  }

  @Test
  void forwardsEitherWayAndClosesBoth() throws IOException {
    try (Socket client = connect();
        Socket accepted = accept()) {
      client.getOutputStream().write(1);
      assertThat(accepted.getInputStream().read()).isEqualTo(1);
      accepted.getOutputStream().write(2);
      assertThat(client.getInputStream().read()).isEqualTo(2);
      accepted.shutdownOutput();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void whatIsSentWhileItIsCutArrivesWhenItIsMended() throws IOException {
    try (Socket client = connect();
        Socket accepted = accept()) {
      cable.cut();
      client.getOutputStream().write(1);
      accepted.setSoTimeout(SHORT_MILLIS);
      assertThatThrownBy(() -> accepted.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      cable.mend();
      accepted.setSoTimeout(LONG_MILLIS);
      assertThat(accepted.getInputStream().read()).isEqualTo(1);
    }
  }

  @Test
  void whoComesWhileItIsCutIsNeitherRefusedNorLetIn() throws IOException {
    cable.cut();
    try (Socket client = connect()) {
      server.setSoTimeout(SHORT_MILLIS);
      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
      cable.mend();
      try (Socket accepted = accept()) {
        accepted.getOutputStream().write(3);
        assertThat(client.getInputStream().read()).isEqualTo(3);
      }
    }
  }

  @Test
  void aSlowOneTakesItsTimeEitherWay() throws IOException {
    try (Socket client = connect();
        Socket accepted = accept()) {
      cable.setDelay(Duration.ofMillis(SHORT_MILLIS));
      long start = System.nanoTime();
      client.getOutputStream().write(1);
      accepted.getOutputStream().write(accepted.getInputStream().read());
      assertThat(client.getInputStream().read()).isEqualTo(1);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(199));
    }
  }

  @Test
  void whoComesToNobodyIsSentAway() throws IOException {
    server.close();
    try (Socket client = connect()) {
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }
}
