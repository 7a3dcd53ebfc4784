package io.cnn2gnn.cli.kit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The log as {@code logback.xml} makes it. */
class PrintableLogTest {
  private static final String WORDS = "\u001b[2Jid\n12:00:00.000 ERROR forged\u202e";
  private static final String SHOWN = "\\u001b[2Jid\\u000a12:00:00.000 ERROR forged\\u202e";

  private static List<String> logged(String message, Object... values) throws Exception {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    PrintStream before = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      configurator.doConfigure(PrintableLogTest.class.getResource("/logback.xml"));
      context.getLogger("io.cnn2gnn.Test").error(message, values);
      context.stop();
    } finally {
      System.setErr(before);
    }
    return captured.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void aMessageIsOneLineThatDoesNothing() throws Exception {
    assertThat(logged("image {} refused", WORDS))
        .singleElement()
        .asString()
        .endsWith("ERROR io.cnn2gnn.Test - image " + SHOWN + " refused");
    assertThat(logged(null)).singleElement().asString().endsWith(" - null");
  }

  @Test
  void messagesInAStackTraceAreOneLineEachAndItsFramesStayLines() throws Exception {
    IllegalStateException thrown =
        new IllegalStateException(WORDS, new IllegalArgumentException("cause " + WORDS));
    thrown.addSuppressed(new IllegalStateException("suppressed " + WORDS));
    thrown.addSuppressed(new IllegalStateException());
    List<String> lines = logged("failed", thrown);
    assertThat(lines)
        .contains(
            "java.lang.IllegalStateException: " + SHOWN,
            "Caused by: java.lang.IllegalArgumentException: cause " + SHOWN,
            "\tSuppressed: java.lang.IllegalStateException: suppressed " + SHOWN)
        .anyMatch(line -> line.startsWith("\tat io.cnn2gnn.cli.kit.PrintableLogTest."))
        .noneMatch(line -> line.startsWith("12:00"));
  }
}
