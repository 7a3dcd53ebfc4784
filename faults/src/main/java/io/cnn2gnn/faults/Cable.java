package io.cnn2gnn.faults;

import io.cnn2gnn.localstack.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What lies between a service and a server on another host. It forwards what comes to its port, and
 * can be cut and made slow.
 *
 * <p>Cut, it behaves as a cable does and a closed port does not: no connection is refused or
 * closed, and nothing arrives. When it is mended, what was on its way arrives, late, as TCP would
 * send it again; so do the ends of connections that somebody gave up.
 */
final class Cable implements Line, AutoCloseable {
  private static final int CHUNK = 1 << 18;

  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile Duration delay = Duration.ZERO;
  private boolean cut;

  private Cable(ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  /**
   * Listens on a free port of the loopback.
   *
   * @param target where it leads; nobody needs to listen there yet
   */
  static Cable to(int target) throws IOException {
    return to(target, Host.HERE.address());
  }

  /**
   * Listens on a free port of an address of this machine.
   *
   * @param target where it leads, on the loopback
   */
  static Cable to(int target, String address) throws IOException {
    Cable cable =
        new Cable(new ServerSocket(FreePort.find(), 0, InetAddress.getByName(address)), target);
    daemon("cable-" + cable.port(), cable::accept);
    return cable;
  }

  int port() {
    return listener.getLocalPort();
  }

  @Override
  public synchronized void cut() {
    cut = true;
  }

  /** What is on its way arrives. */
  @Override
  public synchronized void mend() {
    cut = false;
    notifyAll();
  }

  /** From now on what is sent arrives this much later, either way. */
  void setDelay(Duration delay) {
    this.delay = delay;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket near = listener.accept();
        sockets.add(near);
        daemon("cable-" + port() + "-out", () -> connect(near));
      } catch (IOException e) {
        // Closed, as the loop sees next; or somebody has gone before he was let in.
      }
    }
  }

  private void connect(Socket near) {
    Socket far = new Socket();
    sockets.add(far);
    try {
      far.setTcpNoDelay(true);
      near.setTcpNoDelay(true);
      awaitArrival();
      far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      daemon("cable-" + port() + "-in", () -> forward(far, near));
      forward(near, far);
    } catch (IOException | InterruptedException e) {
      // Nobody listens: whoever came is sent away.
      end(near, far);
    }
  }

  /** Until one side closes; then the other side's connection is closed too. */
  private void forward(Socket from, Socket to) {
    byte[] chunk = new byte[CHUNK];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int length;
      do {
        length = in.read(chunk);
        awaitArrival();
        out.write(chunk, 0, Math.max(0, length));
      } while (length >= 0);
    } catch (IOException | InterruptedException e) {
      // One side is gone, and the other one hears of it.
    } finally {
      end(from, to);
    }
  }

  private void awaitArrival() throws InterruptedException {
    Thread.sleep(delay.toMillis());
    synchronized (this) {
      while (cut) {
        wait();
      }
    }
  }

  private void end(Socket one, Socket other) {
    for (Socket socket : new Socket[] {one, other}) {
      sockets.remove(socket);
      try {
        socket.close();
      } catch (IOException e) {
        throw new FaultException("a connection could not be closed", e);
      }
    }
  }

  private static void daemon(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    mend();
  }
}
