package io.cnn2gnn.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where the kernel allows it. */
class NamespaceRunTest {
  @BeforeEach
  void mayMakeOne() {
    assumeThat(Namespace.obstacle()).isEmpty();
  }

  private static ServerSocket listen(Namespace namespace) throws IOException {
    return new ServerSocket(0, 9, InetAddress.getByName(namespace.address()));
  }

  /**
   * Fails unless who is in there is let in. The kernel looks at carriers once a second, and sends
   * the first packet of a connection again after a second, so that a mended link takes some.
   */
  private static void connect(Namespace namespace, int port)
      throws IOException, InterruptedException {
    connect(namespace, port, "15");
  }

  private static void connect(Namespace namespace, int port, String seconds)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(namespace.host().launcher());
    String open = "exec 3<>/dev/tcp/%s/%d".formatted(namespace.address(), port);
    command.addAll(List.of("timeout", seconds, "bash", "-c", open));
    var unused = Machine.run(command);
  }

  /** Who is refused is told so; who is cut off waits. */
  private static void assertCut(Namespace namespace, int port) {
    assertThatThrownBy(() -> connect(namespace, port, "1"))
        .isInstanceOf(FaultException.class)
        .hasMessageEndingWith("failed: ");
  }

  @Test
  void whoIsInThereIsCutOffWithoutAWordUntilTheLinkIsMended() throws Exception {
    try (Namespace namespace = Namespace.make();
        ServerSocket server = listen(namespace)) {
      connect(namespace, server.getLocalPort());
      namespace.link().cut();
      assertCut(namespace, server.getLocalPort());
      namespace.link().mend();
      connect(namespace, server.getLocalPort());
    }
  }

  @Test
  void oneOfTwoPortsIsCutOff() throws Exception {
    try (Namespace namespace = Namespace.make();
        ServerSocket cutOff = listen(namespace);
        ServerSocket other = listen(namespace)) {
      Line line = namespace.toPort(cutOff.getLocalPort());
      line.cut();
      assertCut(namespace, cutOff.getLocalPort());
      connect(namespace, other.getLocalPort());
      line.mend();
      connect(namespace, cutOff.getLocalPort());
    }
  }

  @Test
  void whatIsLostIsCounted() throws Exception {
    try (Namespace namespace = Namespace.make();
        ServerSocket server = listen(namespace)) {
      Dropping loss = namespace.loss();
      loss.cut();
      assertThat(loss.dropped()).isZero();
      for (int i = 0; i < 1000 && loss.dropped() == 0; i++) {
        try {
          connect(namespace, server.getLocalPort(), "1");
          server.accept().close();
        } catch (FaultException e) {
          // All packets of a second were lost, and are counted.
        }
      }
      assertThat(loss.dropped()).isPositive();
    }
  }

  @Test
  void nothingIsLeftOfOneThatIsClosedWhileItIsCut() throws Exception {
    String address;
    String name;
    try (Namespace namespace = Namespace.make()) {
      address = namespace.address();
      name = namespace.host().launcher().get(3);
      namespace.toPort(1).cut();
      namespace.loss().cut();
      namespace.link().cut();
      assertThat(NetworkInterface.getByInetAddress(InetAddress.getByName(address))).isNotNull();
      assertThat(Machine.run(List.of("ip", "netns", "list"))).contains(name);
    }
    assertThat(NetworkInterface.getByInetAddress(InetAddress.getByName(address))).isNull();
    assertThat(Machine.run(List.of("ip", "netns", "list"))).doesNotContain(name);
    assertThat(Machine.run(List.of("iptables", "-w", "-S", "INPUT")))
        .doesNotContain("c2g" + name.substring("cnn2gnn-faults-".length()));
  }
}
