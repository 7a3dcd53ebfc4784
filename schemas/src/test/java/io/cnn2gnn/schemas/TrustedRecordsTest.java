package io.cnn2gnn.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.schemas.avro.Image;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.util.ClassSecurityValidator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedRecordsTest {
  @ParameterizedTest
  @ValueSource(classes = {OpenReader.class, OpenWriter.class, OpenSerde.class})
  void everyEntryMakesAvroAcceptTheGeneratedRecords(Class<? extends Runnable> entry)
      throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader usual = thread.getContextClassLoader();
    try (URLClassLoader freshJvm = freshClasses()) {
      thread.setContextClassLoader(freshJvm);
      Class<?> scenario = Class.forName(entry.getName(), true, freshJvm);
      assertThat(scenario).isNotSameAs(entry);
      ((Runnable) scenario.getDeclaredConstructor().newInstance()).run();
    } finally {
      thread.setContextClassLoader(usual);
    }
  }

  // Trust is given once per JVM; a class loader of its own stands for a JVM that has not yet.
  private static URLClassLoader freshClasses() {
    URL[] classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(TrustedRecordsTest::url)
            .toArray(URL[]::new);
    return new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
  }

  private static URL url(String path) {
    try {
      return new File(path).toURI().toURL();
    } catch (IOException e) {
      throw new IllegalArgumentException(path, e);
    }
  }

  abstract static class Entry implements Runnable {
    @Override
    public final void run() {
      ClassSecurityValidator.setGlobal(
          ClassSecurityValidator.composite(
              ClassSecurityValidator.DEFAULT, type -> type == UUID.class));
      assertThatThrownBy(() -> ClassSecurityValidator.validate(Image.class))
          .isInstanceOf(SecurityException.class);

      open();

      assertThatCode(() -> ClassSecurityValidator.validate(Image.class)).doesNotThrowAnyException();
      assertThatCode(() -> ClassSecurityValidator.validate(UUID.class))
          .as("what others trust")
          .doesNotThrowAnyException();
      assertThatThrownBy(() -> ClassSecurityValidator.validate(File.class))
          .as("what nobody trusts")
          .isInstanceOf(SecurityException.class);
      assertThatThrownBy(() -> ClassSecurityValidator.validate(WireReader.class))
          .as("what is ours but not generated")
          .isInstanceOf(SecurityException.class);
    }

    abstract void open();
  }

  public static class OpenReader extends Entry {
    @Override
    void open() {
      new WireReader<>(new MockSchemaRegistryClient(), "images", Image.class);
    }
  }

  public static class OpenWriter extends Entry {
    @Override
    void open() {
      new WireWriter<>(new MockSchemaRegistryClient(), "images", Image.class, true);
    }
  }

  public static class OpenSerde extends Entry {
    @Override
    void open() {
      RecordSerdes.image(Map.of("schema.registry.url", "mock://trust")).close();
    }
  }
}
