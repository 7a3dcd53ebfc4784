package io.cnn2gnn.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The host of references, good or bad as it is told. */
final class FailingHost implements AutoCloseable {
  /** What it does with a request. */
  enum Manner {
    GOOD,
    /** Says that it has failed. */
    ERROR_500,
    /** Never answers. */
    SILENT,
    /** Begins, and dribbles on without end. */
    ENDLESS,
    /** Hangs up. */
    RESET,
    /** Says less than the file has, and sends that. */
    WRONG_LENGTH
  }

  private static final int DRIBBLE_MILLIS = 20;

  private final byte[] file;
  private final ServerSocket server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "failing-host");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Manner manner = Manner.GOOD;

  FailingHost(byte[] file) throws IOException {
    this.file = file;
    this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  void be(Manner manner) {
    this.manner = manner;
  }

  /** Below it lies the file, under any name. */
  String prefix() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/";
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      int ends = 0;
      for (int next = socket.getInputStream().read(); next >= 0 && ends < 2; ) {
        ends = next == '\n' ? ends + 1 : next == '\r' ? ends : 0;
        if (ends < 2) {
          next = socket.getInputStream().read();
        }
      }
      OutputStream out = socket.getOutputStream();
      switch (manner) {
        case GOOD -> answer(out, "200 OK", file);
        case ERROR_500 -> answer(out, "500 Oh", new byte[0]);
        case SILENT -> Thread.sleep(60_000);
        case RESET -> socket.setSoLinger(true, 0);
        case WRONG_LENGTH -> answer(out, "200 OK", new byte[file.length - 1]);
        case ENDLESS -> {
          head(out, "200 OK", Long.MAX_VALUE);
          while (manner == Manner.ENDLESS) {
            out.write(0);
            out.flush();
            Thread.sleep(DRIBBLE_MILLIS);
          }
        }
      }
    } catch (IOException e) {
      // Who asked has hung up.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(OutputStream out, String status, byte[] body) throws IOException {
    head(out, status, body.length);
    out.write(body);
    out.flush();
  }

  private static void head(OutputStream out, String status, long length) throws IOException {
    out.write(
        "HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(status, length)
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
