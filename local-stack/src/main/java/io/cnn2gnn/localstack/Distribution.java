package io.cnn2gnn.localstack;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the build of this module leaves in its target folder for the child JVMs.
 *
 * @param root that folder
 */
record Distribution(Path root) {
  static final String PROPERTY = "cnn2gnn.local-stack.dist";

  /**
   * Finds the folder beside this class, or where {@value #PROPERTY} says.
   *
   * @throws LocalStackException if it was not built
   */
  static Distribution locate() {
    String named = System.getProperty(PROPERTY);
    Distribution distribution =
        new Distribution(
            named == null ? codeSource().getParent() : Path.of(named).toAbsolutePath());
    Stream.of(distribution.jar(), distribution.classPathFile(), distribution.root("registry"))
        .filter(Files::notExists)
        .findFirst()
        .ifPresent(missing -> fail("there is no " + missing));
    return distribution;
  }

  private static Path codeSource() {
    try {
      return Path.of(
          Distribution.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new LocalStackException("this class comes from no file", e);
    }
  }

  List<Path> brokerClassPath() {
    List<Path> classPath = new ArrayList<>(List.of(jar()));
    try {
      for (String entry : Files.readString(classPathFile()).trim().split(File.pathSeparator, -1)) {
        Path jar = Path.of(entry);
        if (Files.notExists(jar)) {
          fail("the broker needs " + jar);
        }
        classPath.add(jar);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(classPath);
  }

  /**
   * The registry's jar names the jars in its lib folder itself; what is to take their place comes
   * before it.
   */
  List<Path> registryClassPath() {
    Path runner =
        jars(root("registry"))
            .filter(file -> file.toString().endsWith("-runner.jar"))
            .findFirst()
            .orElseThrow(() -> failure("there is no registry in " + root("registry")));
    return Stream.of(Stream.of(jar()), jars(root("registry").resolve("newer")), Stream.of(runner))
        .flatMap(paths -> paths)
        .toList();
  }

  /** In the order of their names: a class archive is for one class path. */
  private static Stream<Path> jars(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList().stream();
    } catch (NoSuchFileException e) {
      throw failure("there is no " + folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where class archives go: beside what they are made of, so that a clean build drops them. */
  Path archives() {
    return root("class-archives");
  }

  private Path jar() {
    return root("local-stack.jar");
  }

  private Path classPathFile() {
    return root("broker.classpath");
  }

  private Path root(String name) {
    return root.resolve(name);
  }

  private static void fail(String problem) {
    throw failure(problem);
  }

  private static LocalStackException failure(String problem) {
    return new LocalStackException(
        "%s: build it with 'mvn -pl local-stack install', or name the folder that has it with -D%s"
            .formatted(problem, PROPERTY));
  }
}
