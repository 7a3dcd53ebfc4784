package io.cnn2gnn.topology.decode;

import io.cnn2gnn.topology.flow.Source;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers which records are being decoded, in a file that outlives the process: a decoder is
 * native code, and one that crashes takes the process with it. After a crash, each record that was
 * being decoded is a suspect: it is decoded by itself. One during which the process ends a second
 * time, when no other was being decoded, is to blame and is not decoded any more.
 *
 * <p>A record is known by its coordinates, its time and its size: a topic that was made anew has
 * others at the same coordinates.
 */
public final class DecodingJournal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DecodingJournal.class);
  private static final int SLOTS = 64;

  /** Room for the longest topic name, and numbers. */
  private static final int SLOT = 512;

  private static final int TEXT = Short.BYTES;

  /** In which a process ends while it decodes one record alone: the second is one too many. */
  private static final int MOST_CRASHES = 2;

  private static final int MOST_SUSPECTS = 1000;
  private static final long SUSPECT_MILLIS = 10_000;

  /** A stream thread may be among them. */
  private static final long OTHERS_MILLIS = 50;

  private final Optional<MappedByteBuffer> slots;
  private final Path memory;
  private final Queue<Integer> free = new ConcurrentLinkedQueue<>();

  /** Crashes by record. */
  private final Map<String, Integer> suspects;

  private final ReadWriteLock turns = new ReentrantReadWriteLock();
  private volatile boolean closed;

  private DecodingJournal(
      Optional<MappedByteBuffer> slots, Path memory, Map<String, Integer> suspects) {
    this.slots = slots;
    this.memory = memory;
    this.suspects = new ConcurrentHashMap<>(suspects);
    for (int slot = 0; slots.isPresent() && slot < SLOTS; slot++) {
      free.add(slot);
    }
  }

  /** One that remembers nothing. */
  public static DecodingJournal none() {
    return new DecodingJournal(Optional.empty(), Path.of(""), Map.of());
  }

  /**
   * Opens the journal of one instance, and says what its last run left.
   *
   * @param file its own; another one is kept beside it
   * @throws IOException if they cannot be read or written
   */
  public static DecodingJournal open(Path file) throws IOException {
    Path memory = file.resolveSibling(file.getFileName() + ".suspects");
    Map<String, Integer> suspects = read(memory);
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer slots = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) SLOTS * SLOT);
      List<String> left = left(slots);
      for (String record : left) {
        int before = suspects.getOrDefault(record, 0);
        suspects.put(record, left.size() == 1 ? before + 1 : Math.max(before, 1));
      }
      DecodingJournal journal = new DecodingJournal(Optional.of(slots), memory, suspects);
      journal.write();
      journal.clear();
      for (String record : left) {
        LOG.warn(
            "the process ended while it decoded {}: {}",
            record,
            suspects.get(record) < MOST_CRASHES
                ? "it is tried by itself"
                : "again, it is not decoded any more");
      }
      return journal;
    }
  }

  private static List<String> left(MappedByteBuffer slots) {
    List<String> left = new ArrayList<>();
    for (int slot = 0; slot < SLOTS; slot++) {
      int length = slots.getShort(slot * SLOT);
      if (length > 0 && length <= SLOT - TEXT) {
        byte[] text = new byte[length];
        slots.get(slot * SLOT + TEXT, text);
        left.add(new String(text, StandardCharsets.UTF_8));
      }
    }
    return left;
  }

  private static Map<String, Integer> read(Path memory) throws IOException {
    Map<String, Integer> suspects = new ConcurrentHashMap<>();
    if (Files.exists(memory)) {
      // Bytes that are no text are read as such: a damaged file must not stop a start.
      new String(Files.readAllBytes(memory), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(" ", 2))
          .filter(parts -> parts.length == 2 && parts[0].matches("[12]"))
          .limit(MOST_SUSPECTS)
          .forEach(parts -> suspects.put(parts[1], Integer.valueOf(parts[0])));
    }
    return suspects;
  }

  private synchronized void write() throws IOException {
    List<String> lines = new ArrayList<>();
    suspects.forEach(
        (record, crashes) -> lines.add(Math.min(crashes, MOST_CRASHES) + " " + record));
    Path next = memory.resolveSibling(memory.getFileName() + ".next");
    Files.write(next, lines);
    Files.move(next, memory, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Whether the process has ended twice while it decoded this record. */
  boolean isToBlame(Source source) {
    return !suspects.isEmpty() && suspects.getOrDefault(name(source), 0) >= MOST_CRASHES;
  }

  /** Whether the process has ended while it decoded this record, perhaps because of another. */
  boolean isSuspect(Source source) {
    return !suspects.isEmpty() && suspects.containsKey(name(source));
  }

  /**
   * Notes that a record is being decoded, until what it returns is closed. A suspect waits for the
   * others to end and they for it, though not for long: in company it is not found out, and that is
   * all.
   */
  Entry enter(Source source) {
    String record = name(source);
    Optional<Lock> turn = Optional.empty();
    if (suspects.containsValue(1)) {
      boolean suspect = suspects.containsKey(record);
      turn =
          taken(
              suspect ? turns.writeLock() : turns.readLock(),
              suspect ? SUSPECT_MILLIS : OTHERS_MILLIS);
    }
    return new Entry(turn, slot(record));
  }

  /** A record has been decoded to its end: no crash was its own. */
  void acquit(Source source) {
    if (suspects.isEmpty()) {
      return;
    }
    String record = name(source);
    if (suspects.remove(record) != null) {
      try {
        write();
      } catch (IOException e) {
        LOG.warn("{} stays a suspect, as {} cannot be written: {}", record, memory, e.toString());
      }
    }
  }

  private static Optional<Lock> taken(Lock turn, long millis) {
    try {
      return turn.tryLock(millis, TimeUnit.MILLISECONDS) ? Optional.of(turn) : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private Optional<Integer> slot(String record) {
    byte[] text = record.getBytes(StandardCharsets.UTF_8);
    Optional<Integer> slot =
        slots.isPresent() && !closed && text.length <= SLOT - TEXT
            ? Optional.ofNullable(free.poll())
            : Optional.empty();
    slot.ifPresent(
        at -> {
          slots.get().put(at * SLOT + TEXT, text);
          VarHandle.releaseFence();
          slots.get().putShort(at * SLOT, (short) text.length);
        });
    return slot;
  }

  private static String name(Source source) {
    return source.coordinates()
        + " of "
        + source.timestamp()
        + " with "
        + source.value().map(value -> value.length).orElse(0)
        + " bytes";
  }

  /** A record that is being decoded. */
  final class Entry implements AutoCloseable {
    private final Optional<Lock> turn;
    private final Optional<Integer> slot;

    private Entry(Optional<Lock> turn, Optional<Integer> slot) {
      this.turn = turn;
      this.slot = slot;
    }

    /** The process is still there. */
    @Override
    public void close() {
      slot.ifPresent(
          at -> {
            slots.orElseThrow().putShort(at * SLOT, (short) 0);
            free.add(at);
          });
      turn.ifPresent(Lock::unlock);
    }
  }

  /** Whoever is still at work then has no part in how the process ends. */
  @Override
  public void close() {
    closed = true;
    clear();
  }

  private void clear() {
    slots.ifPresent(
        all -> {
          for (int slot = 0; slot < SLOTS; slot++) {
            all.putShort(slot * SLOT, (short) 0);
          }
        });
  }
}
