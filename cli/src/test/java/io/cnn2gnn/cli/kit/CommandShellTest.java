package io.cnn2gnn.cli.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

class CommandShellTest {
  @Command(name = "top", subcommands = Large.class)
  private static final class Top {}

  @Command(name = "large")
  static final class Large implements Runnable {
    @Override
    public void run() {
      throw new OutOfMemoryError("Java heap space");
    }
  }

  @Test
  void whereTheHeapIsTooSmallItIsSaidHowToAllowMore() {
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int code;
    try {
      System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
      code = new CommandShell(Top::new).run(false, "large");
    } finally {
      System.setErr(err);
    }
    assertThat(code).isEqualTo(1);
    assertThat(said.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .startsWith("cnn2gnn: memory does not suffice (Java heap space)")
        .contains("CNN2GNN_JAVA_OPTS=-Xmx");
  }
}
