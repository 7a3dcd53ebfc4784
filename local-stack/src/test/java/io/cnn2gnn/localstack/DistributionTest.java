package io.cnn2gnn.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistributionTest {
  @Test
  void theRegistryTakesItsNettyFromThisBuildAndNotFromItsDistribution() {
    List<String> names =
        Distribution.locate().registryClassPath().stream()
            .map(Path::getFileName)
            .map(Path::toString)
            .toList();
    assertThat(names).first().isEqualTo("local-stack.jar");
    assertThat(names).last().asString().endsWith("-runner.jar");
    assertThat(names)
        .anyMatch(name -> name.startsWith("netty-codec-http-4.1."))
        .anyMatch(name -> name.startsWith("netty-codec-http2-4.1."));
  }
}
