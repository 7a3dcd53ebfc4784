package io.cnn2gnn.topology.pages;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.cnn2gnn.topology.bank.BankScan;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.state.HostInfo;

/**
 * {@code /bank?image=ID}: what the bank knows of an image, whichever instance holds it. With {@code
 * local=true}, as instances ask each other, of this one alone.
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
  private final Semaphore wide = new Semaphore(SEARCHES);
  private final Semaphore local = new Semaphore(SEARCHES);

  BankPage(BankSearch search) {
    this.search = search;
  }

  /**
   * The page of a service.
   *
   * @param self the address by which the other instances know this one
   * @param capacity of the bank
   * @param partitions of the images topic
   */
  public static BankPage of(
      KafkaStreams streams, Optional<HostInfo> self, int capacity, int partitions) {
    StreamsBanks banks = new StreamsBanks(streams, self);
    return new BankPage(
        new BankSearch(
            new LocalBanks(banks::here, capacity),
            new HttpPeers(banks::elsewhere),
            self.map(HttpPeers::address),
            partitions));
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
    JsonArray rows = new JsonArray();
    found.rows().forEach(row -> rows.add(json(row)));
    JsonObject body = new JsonObject();
    body.addProperty("image", image);
    body.add("rows", rows);
    body.add("searched", json(found.searched()));
    return new Reply(found.rows().isEmpty() ? 404 : 200, body);
  }

  private Reply everywhere(String image) {
    BankSearch.Result result = search.everywhere(image);
    JsonArray rows = new JsonArray();
    for (BankSearch.Hit hit : result.hits()) {
      JsonObject row = json(hit.row());
      hit.instance().ifPresent(address -> row.addProperty("instance", address));
      rows.add(row);
    }
    JsonObject silent = new JsonObject();
    result.silent().forEach(silent::addProperty);
    JsonObject body = new JsonObject();
    body.addProperty("image", image);
    body.add("rows", rows);
    body.add("searched", json(result.searched()));
    body.add("unsearched", json(result.unsearched()));
    body.add("silent", silent);
    if (!result.hits().isEmpty()) {
      return new Reply(200, body);
    }
    if (!result.isComplete()) {
      body.addProperty(
          "message",
          "not found where it was searched; partitions " + result.unsearched() + " were not");
      return new Reply(503, body);
    }
    body.addProperty(
        "message",
        "no bank holds " + image + ": it was never admitted, or newer images took its place");
    return new Reply(404, body);
  }

  private static JsonArray json(Set<Integer> partitions) {
    JsonArray array = new JsonArray();
    partitions.stream().sorted().forEach(array::add);
    return array;
  }

  private static JsonObject json(BankRows.Row row) {
    BankScan.Found found = row.found();
    JsonObject body = new JsonObject();
    body.addProperty("partition", row.partition());
    body.addProperty("slot", found.slot());
    body.addProperty("label", found.label());
    body.addProperty("known", found.known());
    body.addProperty("space", found.space());
    body.addProperty("sequence", found.sequence());
    body.addProperty("newer", found.newer());
    return body;
  }
}
