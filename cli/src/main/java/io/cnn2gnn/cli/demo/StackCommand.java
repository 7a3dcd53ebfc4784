package io.cnn2gnn.cli.demo;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.CtrlC;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "stack",
    description =
        "A broker and a schema registry on this machine, without Docker, where every other command"
            + " looks for them. Ctrl-C stops them.",
    mixinStandardHelpOptions = true)
public final class StackCommand implements Callable<Integer> {
  @Mixin private StackFlags flags;

  @Override
  public Integer call() throws Exception {
    CountDownLatch cleared = CtrlC.clearUp();
    try (LocalStack stack = LocalStack.start(flags.shown());
        RegistryFront front = flags.front(stack.registry().get())) {
      String broker = stack.broker().get();
      String options = StackFlags.options(broker, front.url());
      System.out.printf(
          """
          broker    %1$s
          registry  %2$s
          data      %3$s

          From another terminal:
            ./cnn2gnn run%4$s
            ./cnn2gnn produce samples/fashion-mini.zip%4$s
            ./cnn2gnn consume --from-beginning%4$s
          Ctrl-C stops it.
          """,
          broker,
          front.url(),
          flags
              .dataDir()
              .map(Object::toString)
              .orElse("in a folder that is deleted; see --data-dir"),
          options);
      System.out.flush();
      Thread.currentThread().join();
      return 0;
    } catch (ExecutionException e) {
      throw new CliException(e.getCause().getMessage(), e);
    } catch (LocalStackException e) {
      throw new CliException(e.getMessage(), e);
    } finally {
      cleared.countDown();
    }
  }
}
