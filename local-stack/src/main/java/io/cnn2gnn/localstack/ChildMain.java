package io.cnn2gnn.localstack;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs another main class and ends this JVM when stdin does. The parent holds the other end of the
 * pipe, and the system closes that when the parent dies, however it dies: a child never outlives
 * its parent.
 */
final class ChildMain {
  /** Half a second is enough, unless the JVM also writes a class archive on a busy machine. */
  private static final long HALT_AFTER_MILLIS = 20_000;

  private ChildMain() {}

  /** Takes the name of the main class and its arguments. */
  public static void main(String[] args) throws ReflectiveOperationException {
    ignoreInterrupt();
    daemon("parent-watch", ChildMain::exitWithParent);
    try {
      Class.forName(args[0])
          .getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    } catch (InvocationTargetException e) {
      e.getCause().printStackTrace();
      // The parent shows the end of the log, so the reasons come last.
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        System.err.println(cause);
      }
      // Threads of a half-started server would keep the JVM, and its parent, waiting.
      exit(1);
    }
  }

  private static void exitWithParent() {
    int status = 0;
    try {
      while (System.in.read() >= 0) {
        // The parent writes nothing; only the end matters.
      }
    } catch (IOException e) {
      System.err.println("the pipe from the parent broke: " + e);
      status = 1;
    }
    exit(status);
  }

  private static void exit(int status) {
    daemon("halt", ChildMain::haltLater);
    System.exit(status);
  }

  private static void haltLater() {
    try {
      Thread.sleep(HALT_AFTER_MILLIS);
    } catch (InterruptedException e) {
      System.err.println("halting early: " + e);
    }
    Runtime.getRuntime().halt(1);
  }

  private static void daemon(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Ctrl-C reaches every process of a terminal at once, but the parent still needs the broker while
   * it shuts itself down. By reflection, as javac warns of these classes and cannot be told not to.
   */
  private static void ignoreInterrupt() throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    signal
        .getMethod("handle", signal, handler)
        .invoke(
            null,
            signal.getConstructor(String.class).newInstance("INT"),
            handler.getField("SIG_IGN").get(null));
  }
}
