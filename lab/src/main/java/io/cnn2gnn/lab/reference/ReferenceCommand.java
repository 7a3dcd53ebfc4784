package io.cnn2gnn.lab.reference;

import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.cli.kit.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "reference",
    hidden = true,
    description = "Writes docs/reference anew from the code of this build.",
    mixinStandardHelpOptions = true)
public final class ReferenceCommand implements Callable<Integer> {
  @Option(
      names = "--check",
      description = "write nothing, say which pages are stale, and exit with 1 if one is")
  private boolean check;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Reference reference = new Reference(Home.path(), spec.root().commandLine());
    List<Path> stale = check ? reference.stale() : reference.write();
    for (Path page : stale) {
      Terminal.printf("%s %s", page, check ? "is stale" : "written");
    }
    if (stale.isEmpty()) {
      Terminal.print("docs/reference says what the code says");
    }
    return check && !stale.isEmpty() ? 1 : 0;
  }
}
