package io.cnn2gnn.localstack;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program that is to run in a JVM of its own: by the JDK of this one, and on its class path
 * unless another is given. Each method returns another command and leaves this one as it is.
 */
public final class JavaCommand {
  private final List<String> options;
  private final String classPath;
  private final List<String> program;
  private final Consumer<Map<String, String>> environment;
  private final List<String> launcher;

  private JavaCommand(
      List<String> options,
      String classPath,
      List<String> program,
      Consumer<Map<String, String>> environment,
      List<String> launcher) {
    this.launcher = launcher;
    this.options = options;
    this.classPath = classPath;
    this.program = program;
    this.environment = environment;
  }

  /** The name of a main class, then its arguments. */
  public static JavaCommand of(List<String> program) {
    return new JavaCommand(
        List.of(),
        System.getProperty("java.class.path"),
        List.copyOf(program),
        inherited -> {},
        List.of());
  }

  /** A main class and its arguments. */
  public static JavaCommand of(Class<?> main, String... arguments) {
    return of(join(List.of(main.getName()), List.of(arguments)));
  }

  /** With a largest Java heap as {@code -Xmx} takes it, such as {@code 512m}. */
  public JavaCommand heap(String most) {
    return options("-Xmx" + most);
  }

  /**
   * With options of the JVM behind those it has; of two that contradict, the JVM takes the last.
   */
  public JavaCommand options(List<String> more) {
    return new JavaCommand(join(options, more), classPath, program, environment, launcher);
  }

  /** With options of the JVM behind those it has. */
  public JavaCommand options(String... more) {
    return options(List.of(more));
  }

  /** On another class path. */
  public JavaCommand classPath(List<Path> path) {
    String joined =
        path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    return new JavaCommand(options, joined, program, environment, launcher);
  }

  /** With arguments behind those it has. */
  public JavaCommand arguments(String... more) {
    return new JavaCommand(options, classPath, join(program, List.of(more)), environment, launcher);
  }

  /** In an environment that is this process's own until it is changed. */
  public JavaCommand environment(Consumer<Map<String, String>> change) {
    return new JavaCommand(options, classPath, program, environment.andThen(change), launcher);
  }

  /**
   * Such that it ends when its standard input does: it never outlives this process, and Ctrl-C in a
   * terminal is left to this process.
   */
  public JavaCommand endingWithParent() {
    return new JavaCommand(
        options,
        classPath,
        join(List.of(ChildMain.class.getName()), program),
        environment,
        launcher);
  }

  /**
   * Behind another program and its arguments, which must become the JVM and not start it: the
   * process is taken for the JVM.
   */
  public JavaCommand behind(List<String> launcher) {
    return new JavaCommand(options, classPath, program, environment, List.copyOf(launcher));
  }

  private static List<String> join(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  /** The command line, for who starts it in a way of their own. */
  public List<String> line() {
    List<String> line = new ArrayList<>(launcher);
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(options);
    line.addAll(List.of("-cp", classPath));
    line.addAll(program);
    return line;
  }

  /**
   * Starts a process.
   *
   * @param log gets what it writes to standard output and error, and loses what it held
   */
  public JavaProcess start(Path log) throws IOException {
    return start(log, ProcessBuilder.Redirect.to(log.toFile()));
  }

  /**
   * Starts a process that goes on where an earlier one ended.
   *
   * @param log gets what it writes to standard output and error, behind what it holds
   */
  public JavaProcess startAppending(Path log) throws IOException {
    return start(log, ProcessBuilder.Redirect.appendTo(log.toFile()));
  }

  private JavaProcess start(Path log, ProcessBuilder.Redirect output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(line()).redirectErrorStream(true).redirectOutput(output);
    environment.accept(builder.environment());
    return new JavaProcess(builder.start(), log);
  }
}
