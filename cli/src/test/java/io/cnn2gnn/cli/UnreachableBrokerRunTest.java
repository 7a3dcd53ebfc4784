package io.cnn2gnn.cli;

import static io.cnn2gnn.cli.EndedCommand.run;
import static io.cnn2gnn.cli.EndedCommand.saysInOneLine;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands look for a broker for ten seconds before they say that there is none. */
class UnreachableBrokerRunTest {
  private String nobody;

  @BeforeEach
  void find() throws IOException {
    nobody = EndedCommand.closedPort();
  }

  @Test
  void theServiceAndTheConsumerNameItWithWhatToDo() {
    saysInOneLine(
        run("run", "--bootstrap-server", nobody, "--bundle", Shipped.BUNDLE.toString()),
        "no broker answers at " + nobody,
        "is it up");
    saysInOneLine(
        run("consume", "--bootstrap-server", nobody), "no broker answers", "is the address right?");
  }

  @Test
  void resetAndCleanNameItBeforeAnythingIsTouched() {
    saysInOneLine(run("reset", "--bootstrap-server", nobody), "no broker answers at " + nobody);
    saysInOneLine(run("clean", "--bootstrap-server", nobody), "no broker answers at " + nobody);
  }
}
