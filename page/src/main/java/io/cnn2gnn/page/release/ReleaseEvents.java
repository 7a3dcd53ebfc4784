package io.cnn2gnn.page.release;

import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.cnn2gnn.schemas.release.Releases;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What instances have told last of each release. Any thread may use it. */
public final class ReleaseEvents {
  private static final Set<ModelEventKind> KINDS =
      EnumSet.of(
          ModelEventKind.ACTIVATED,
          ModelEventKind.FAILED,
          ModelEventKind.SHADOWED,
          ModelEventKind.DRIFTED);
  private static final int MOST = 2_000;

  private record Key(String release, String instance, ModelEventKind kind) {}

  private final Map<Key, ModelEvent> last =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, ModelEvent> eldest) {
          return size() > MOST;
        }
      };

  /** Takes in what an instance tells, if it is of a release. */
  public synchronized void add(ModelEvent event) {
    if (KINDS.contains(event.getKind())) {
      Key key =
          new Key(
              Releases.key(event.getName(), event.getVersion()),
              event.getInstance(),
              event.getKind());
      // So that what was told last is forgotten last.
      last.remove(key);
      last.put(key, event);
    }
  }

  /** The last of each kind that each instance has told of a release, the newest first. */
  synchronized List<ModelEvent> of(String release) {
    return last.entrySet().stream()
        .filter(entry -> entry.getKey().release().equals(release))
        .map(Map.Entry::getValue)
        .sorted(Comparator.comparing(ModelEvent::getAt).reversed())
        .toList();
  }
}
