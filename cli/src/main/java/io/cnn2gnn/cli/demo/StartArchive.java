package io.cnn2gnn.cli.demo;

import io.cnn2gnn.cli.kit.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The classes that this process has loaded, as a file that later starts map (JDK class data
 * sharing): it takes a third off a service's start. The launcher names the file where it is wanted,
 * and gives it to later starts for as long as nothing has been built anew.
 */
final class StartArchive {
  private static final String PROPERTY = "cnn2gnn.archive";

  private StartArchive() {}

  /** Writes it, if the launcher wants one. */
  static void write() {
    String wanted = System.getProperty(PROPERTY);
    if (wanted == null) {
      return;
    }
    Path file = Path.of(wanted);
    PrintStream out = System.out;
    Path draft = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      String[] arguments = {"dynamic_dump", draft.toString()};
      // The JVM says by this stream what it does, which is nothing to people.
      System.setOut(
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "vmCds",
              new Object[] {arguments},
              new String[] {String[].class.getName()});
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | JMException e) {
      // A cache: without it starts are as slow as this one was.
      Terminal.complain("later starts will be no faster: " + e.getMessage());
    } finally {
      System.setOut(out);
    }
  }
}
