package io.cnn2gnn.topology.pages;

import io.cnn2gnn.topology.bank.BankScan;
import io.cnn2gnn.topology.teaching.LabelledTier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.state.HostInfo;

/**
 * {@code /bank?image=ID}: what the bank knows of an image, whichever instance holds it, and who has
 * labelled it. With {@code local=true}, as instances ask each other, of this one alone.
 */
public final class BankPage implements JsonPage {
  public static final String PATH = "/bank";

  /** Rows can hold no longer one, whatever its characters. */
  private static final int LONGEST_ID = 0xFFFF / 3;

  /**
   * Searches at once, and as many for other instances; what is left of the threads is for the other
   * pages.
   */
  static final int SEARCHES = 2;

  private final BankSearch search;
  private final Function<String, List<LabelledTier.Found>> labelled;
  private final Semaphore wide = new Semaphore(SEARCHES);
  private final Semaphore local = new Semaphore(SEARCHES);

  BankPage(BankSearch search, Function<String, List<LabelledTier.Found>> labelled) {
    this.search = search;
    this.labelled = labelled;
  }

  /**
   * The page of a service.
   *
   * @param self the address by which the other instances know this one
   * @param capacity of the bank
   * @param partitions of the images topic
   * @param tier the same on every instance
   */
  public static BankPage of(
      KafkaStreams streams,
      Optional<HostInfo> self,
      int capacity,
      IntSupplier partitions,
      LabelledTier tier) {
    StreamsBanks banks = new StreamsBanks(streams, self);
    return new BankPage(
        new BankSearch(
            new LocalBanks(banks::here, capacity),
            new HttpPeers(banks::elsewhere),
            self.map(HttpPeers::address),
            partitions),
        tier::find);
  }

  @Override
  public Reply get(Map<String, String> query) {
    String image = query.getOrDefault("image", "");
    if (image.length() > LONGEST_ID) {
      return Reply.message(400, "no image has an id of " + image.length() + " characters");
    }
    if (image.isEmpty()) {
      return Reply.message(400, "which image? " + PATH + "?image=ID");
    }
    return query.getOrDefault("local", "false").equals("true")
        ? within(local, () -> here(image))
        : within(wide, () -> everywhere(image));
  }

  private static Reply within(Semaphore permits, Supplier<Reply> reply) {
    if (!permits.tryAcquire()) {
      return Reply.message(503, SEARCHES + " searches are under way: ask again");
    }
    try {
      return reply.get();
    } finally {
      permits.release();
    }
  }

  private Reply here(String image) {
    BankRows found = search.here(image);
    return Reply.of(found.rows().isEmpty() ? 404 : 200, LocalReply.of(image, found));
  }

  private Reply everywhere(String image) {
    BankSearch.Result result = search.everywhere(image);
    List<LabelledTier.Found> labels = labelled.apply(image);
    if (!result.hits().isEmpty() || !labels.isEmpty()) {
      return reply(200, image, result, labels, Optional.empty());
    }
    return result.isComplete()
        ? reply(
            404,
            image,
            result,
            labels,
            Optional.of(
                "no bank holds "
                    + image
                    + ": it was never admitted, or newer images took its place"))
        : reply(
            503,
            image,
            result,
            labels,
            Optional.of(
                "not found where it was searched; partitions "
                    + result.unsearched()
                    + " were not"));
  }

  private static Reply reply(
      int status,
      String image,
      BankSearch.Result result,
      List<LabelledTier.Found> labels,
      Optional<String> message) {
    return Reply.of(
        status,
        new Body(
            image,
            labels,
            result.hits().stream().map(Row::of).toList(),
            new TreeSet<>(result.searched()),
            new TreeSet<>(result.unsearched()),
            result.silent(),
            message));
  }

  private record Body(
      String image,
      List<LabelledTier.Found> labelled,
      List<Row> rows,
      SortedSet<Integer> searched,
      SortedSet<Integer> unsearched,
      Map<String, String> silent,
      Optional<String> message) {}

  /** A row and the instance that holds it, if that has an address. */
  private record Row(
      int partition,
      int slot,
      String label,
      boolean known,
      String space,
      long sequence,
      long newer,
      Optional<String> instance) {
    static Row of(BankSearch.Hit hit) {
      BankScan.Found found = hit.row().found();
      return new Row(
          hit.row().partition(),
          found.slot(),
          found.label(),
          found.known(),
          found.space(),
          found.sequence(),
          found.newer(),
          hit.instance());
    }
  }
}
