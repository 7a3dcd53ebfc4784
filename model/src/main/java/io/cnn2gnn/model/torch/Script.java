package io.cnn2gnn.model.torch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One file of TorchScript: methods of a {@link ScriptModule}, a resource beside a class. A name in
 * capitals is a constant, which {@link #with} replaces by its literal; libtorch does not compile
 * the branch that a constant rules out, so it may name tensors that a shape does not have.
 *
 * @param file its name, for messages
 * @param source without comments
 */
public record Script(String file, String source) {
  private static final Pattern COMMENT = Pattern.compile("[ \\t]*#.*");
  private static final Pattern CONSTANT = Pattern.compile("\\b[A-Z][A-Z0-9_]{2,}\\b");

  /** libtorch's numbers of types, which its builtin methods take. */
  private static final Map<String, Integer> TYPES = Map.of("INT64", 4, "FLOAT32", 6, "BOOL8", 11);

  /** Reads the file that lies beside a class. */
  public static Script of(Class<?> beside, String file) {
    try (InputStream in = beside.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalArgumentException("no " + file + " beside " + beside.getName());
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Script script = new Script(file, COMMENT.matcher(text).replaceAll(""));
      for (Map.Entry<String, Integer> type : TYPES.entrySet()) {
        script = script.replaced(type.getKey(), type.getValue().toString());
      }
      return script;
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  /** Gives a constant its value. */
  public Script with(String constant, int value) {
    return given(constant, Integer.toString(value));
  }

  /** Gives a constant its value. */
  public Script with(String constant, boolean value) {
    return given(constant, literal(value));
  }

  /** Gives a constant its value, a finite number. */
  public Script with(String constant, double value) {
    return given(constant, Double.toString(value));
  }

  /** Gives a constant its value, a list of whole numbers. */
  public Script withNumbers(String constant, List<Integer> values) {
    return given(constant, values.toString());
  }

  /** Gives a constant its value, a list of truth values. */
  public Script withFlags(String constant, List<Boolean> values) {
    return given(
        constant, values.stream().map(Script::literal).collect(Collectors.joining(", ", "[", "]")));
  }

  private static String literal(boolean value) {
    return value ? "True" : "False";
  }

  /** Puts other source in a constant's place. */
  Script given(String constant, String text) {
    Script given = replaced(constant, text);
    if (given.equals(this)) {
      throw new IllegalArgumentException(file + " has no constant " + constant);
    }
    return given;
  }

  private Script replaced(String constant, String text) {
    return new Script(
        file, source.replaceAll("\\b" + constant + "\\b", Matcher.quoteReplacement(text)));
  }

  /**
   * The source, when every constant has its value.
   *
   * @throws IllegalStateException naming one that has none
   */
  String complete() {
    Matcher left = CONSTANT.matcher(source);
    if (left.find()) {
      throw new IllegalStateException(file + ": the constant " + left.group() + " has no value");
    }
    return source;
  }
}
