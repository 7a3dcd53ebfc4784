package io.cnn2gnn.localstack;

import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/** A parent JVM that starts a stack, names its processes, and waits to be killed. */
final class StackHolder {
  private StackHolder() {}

  public static void main(String[] args) throws InterruptedException {
    LocalStack stack = LocalStack.start(LocalStackConfig.temporary());
    stack.broker().join();
    stack.registry().join();
    System.out.println(
        stack.processes().stream()
            .map(process -> Long.toString(process.pid()))
            .collect(Collectors.joining(" ")));
    new CountDownLatch(1).await();
  }
}
