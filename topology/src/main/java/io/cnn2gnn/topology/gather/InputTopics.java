package io.cnn2gnn.topology.gather;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Topics beside the images topic whose records are images, too: a list or a pattern, as sink
 * connectors of Kafka Connect have them. What arrives there is taken over into the images topic,
 * within the transactions of the service.
 *
 * @param names of topics
 * @param pattern that whole names match; excludes names
 */
public record InputTopics(SortedSet<String> names, Optional<Pattern> pattern) {
  /** No topic but the images topic. */
  public static final InputTopics NONE = new InputTopics(new TreeSet<>(), Optional.empty());

  /** What names of topics are made of. */
  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  public InputTopics {
    if (!names.isEmpty() && pattern.isPresent()) {
      throw new IllegalArgumentException("a list of topics and a pattern exclude each other");
    }
    names = new TreeSet<>(names);
  }

  /**
   * Reads two settings, of which one is empty at least.
   *
   * @param list names with commas between them
   * @param regex a regular expression
   * @throws IllegalArgumentException if they are no such
   */
  public static InputTopics of(String list, String regex) {
    SortedSet<String> names = new TreeSet<>();
    for (String part : list.split(",", -1)) {
      String name = part.strip();
      if (!name.isEmpty() && !LEGAL.matcher(name).matches()) {
        throw new IllegalArgumentException("no name of a topic: " + name);
      }
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    try {
      return new InputTopics(
          names, regex.isEmpty() ? Optional.empty() : Optional.of(Pattern.compile(regex)));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "no regular expression: %s (%s)".formatted(regex, e.getDescription()), e);
    }
  }

  /** Whether there is no such topic. */
  public boolean isEmpty() {
    return names.isEmpty() && pattern.isEmpty();
  }

  /** Those of a service's own topics that they would read: what it writes would come round. */
  public List<String> own(Collection<String> topics) {
    return topics.stream()
        .filter(
            topic ->
                names.contains(topic)
                    || pattern.map(regex -> regex.matcher(topic).matches()).orElse(false))
        .sorted()
        .toList();
  }

  @Override
  public String toString() {
    return pattern.map(Pattern::pattern).orElse(String.join(",", names));
  }
}
