package io.cnn2gnn.topology.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cnn2gnn.topology.flow.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An end of the process is one after which nothing was closed. */
class DecodingJournalTest {
  @TempDir private Path folder;

  private static Source record(long offset) {
    return new Source(
        "images",
        3,
        offset,
        1_000 + offset,
        Optional.empty(),
        Optional.of(new byte[9]),
        new RecordHeaders());
  }

  private DecodingJournal open() throws IOException {
    return DecodingJournal.open(folder.resolve("decoding"));
  }

  /** The process ends while it decodes these. */
  private void crash(long... offsets) throws IOException {
    DecodingJournal journal = open();
    List<DecodingJournal.Entry> entries = new ArrayList<>();
    for (long offset : offsets) {
      entries.add(journal.enter(record(offset)));
    }
    assertThat(entries).hasSize(offsets.length);
  }

  @Test
  void aRecordIsToBlameWhenTheProcessHasEndedTwiceWhileItWasDecodedAlone() throws Exception {
    crash(7);
    assertThat(open().isToBlame(record(7))).isFalse();
    crash(7);
    DecodingJournal journal = open();
    assertThat(journal.isToBlame(record(7))).isTrue();
    assertThat(journal.isToBlame(record(8))).isFalse();
    // For as long as its dead letter may have to be written again.
    assertThat(open().isToBlame(record(7))).isTrue();
  }

  @Test
  void ofTwoThatWereDecodedTogetherOneIsFoundOut() throws Exception {
    crash(1, 2);
    // The first one is sound, and then the second one is alone.
    try (DecodingJournal journal = open()) {
      journal.enter(record(1)).close();
      journal.acquit(record(1));
    }
    crash(2);
    assertThat(open().isToBlame(record(1))).isFalse();
    assertThat(open().isToBlame(record(2))).isTrue();
  }

  @Test
  void companyIsNotToBlameHoweverOften() throws Exception {
    for (int i = 0; i < 4; i++) {
      crash(10L * i, 10L * i + 1);
    }
    crash(1, 11, 21);
    DecodingJournal journal = open();
    for (int i = 0; i < 31; i++) {
      assertThat(journal.isToBlame(record(i))).isFalse();
    }
  }

  @Test
  void aSuspectThatIsDecodedIsNoneAnyMore() throws Exception {
    crash(7);
    try (DecodingJournal journal = open()) {
      journal.enter(record(7)).close();
      journal.acquit(record(7));
    }
    crash(7);
    assertThat(open().isToBlame(record(7))).isFalse();
  }

  /** Another reader goes on with it, and may be the one that crashes. */
  @Test
  void aSuspectThatIsDecodedInPartStaysOne() throws Exception {
    crash(7);
    DecodingJournal journal = open();
    journal.enter(record(7)).close();
    assertThat(journal.isSuspect(record(7))).isTrue();
    assertThat(journal.enter(record(7))).isNotNull();
    assertThat(open().isToBlame(record(7))).isTrue();
  }

  @Test
  void aSuspectIsDecodedByItself() throws Exception {
    crash(7);
    DecodingJournal journal = open();
    CountDownLatch entered = new CountDownLatch(1);
    Thread suspect =
        new Thread(
            () -> {
              try (DecodingJournal.Entry entry = journal.enter(record(7))) {
                assertThat(entry).isNotNull();
                entered.countDown();
              }
            });
    try (DecodingJournal.Entry other = journal.enter(record(1))) {
      assertThat(other).isNotNull();
      suspect.start();
      await().until(() -> suspect.getState() == Thread.State.TIMED_WAITING);
      assertThat(entered.getCount()).isOne();
    }
    suspect.join();
    assertThat(entered.getCount()).isZero();
  }

  @Test
  void whoeverIsAtWorkWhenTheServiceStopsIsNoSuspect() throws Exception {
    DecodingJournal journal = open();
    assertThat(journal.enter(record(7))).isNotNull();
    journal.close();
    crash(7);
    assertThat(open().isToBlame(record(7))).isFalse();
  }

  @Test
  void anotherRecordAtTheSamePlaceIsAnother() throws Exception {
    crash(7);
    crash(7);
    Source other =
        new Source(
            "images", 3, 7, 5, Optional.empty(), Optional.of(new byte[9]), new RecordHeaders());
    assertThat(open().isToBlame(other)).isFalse();
  }

  @Test
  void moreRecordsThanItHasRoomForAreDecodedUnseen() throws Exception {
    DecodingJournal journal = open();
    List<DecodingJournal.Entry> entries = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      entries.add(journal.enter(record(i)));
    }
    entries.forEach(DecodingJournal.Entry::close);
    journal.close();
    assertThat(Files.readAllLines(folder.resolve("decoding.suspects"))).isEmpty();
  }

  @Test
  void aFileOfNonsenseBlamesNobody() throws Exception {
    Files.write(folder.resolve("decoding"), new byte[] {127, 127, 1, 2, 3});
    Files.writeString(folder.resolve("decoding.suspects"), "x y\n2\n\n1 \n");
    assertThat(open().isToBlame(record(1))).isFalse();
    Files.write(folder.resolve("decoding.suspects"), new byte[] {'2', ' ', -1, -2, '\n'});
    assertThat(open().isToBlame(record(1))).isFalse();
  }
}
