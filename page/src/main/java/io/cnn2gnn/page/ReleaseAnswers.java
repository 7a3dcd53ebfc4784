package io.cnn2gnn.page;

import com.google.gson.JsonParseException;
import io.cnn2gnn.page.release.ReleaseBoard;
import io.cnn2gnn.page.release.ReleaseBoard.Order;
import io.cnn2gnn.page.release.ReleaseBoard.Row;
import io.cnn2gnn.page.release.ReleaseBoard.Written;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.SchemaRegistrationException;
import io.cnn2gnn.schemas.release.ReleaseDecisions.RefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/** What the page answers of releases, and what an operator has it do. */
final class ReleaseAnswers {
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final ReleaseBoard board;
  private final Kept<Reply> rows;

  ReleaseAnswers(ReleaseBoard board) {
    this.board = board;
    this.rows = new Kept<>(this::find, FRESH, System::nanoTime);
  }

  private record Body(List<Row> releases) {}

  /** All releases. */
  Reply list() {
    return rows.get().orElseGet(() -> Reply.problem(503, "releases are being read"));
  }

  private Reply find() {
    try {
      return Reply.json(200, new Body(board.rows()));
    } catch (KafkaException | RegistryUnavailableException e) {
      return Reply.problem(503, "the releases cannot be read: " + e.getMessage());
    }
  }

  /**
   * What a browser sends.
   *
   * @param by who decides, where no proxy says so
   */
  private record Request(
      String action,
      String name,
      String version,
      Long record,
      String will,
      String reason,
      String by) {}

  private record Done(List<Written> written) {}

  /** Promotes, rolls back or retires. */
  Reply decide(String body, Optional<String> user) throws InterruptedException {
    Request request;
    try {
      request = Json.GSON.fromJson(body, Request.class);
    } catch (JsonParseException e) {
      return Reply.problem(400, "the request is no JSON");
    }
    if (request == null
        || request.action() == null
        || request.name() == null
        || request.version() == null
        || request.record() == null
        || request.will() == null) {
      return Reply.problem(400, "action, name, version, record and will are needed");
    }
    Order order =
        new Order(
            request.action(),
            request.name(),
            request.version(),
            request.record(),
            request.will(),
            Optional.ofNullable(request.reason()),
            user.or(() -> Optional.ofNullable(request.by()).filter(name -> !name.isBlank())));
    try {
      List<Written> written = board.carryOut(order);
      return Reply.json(200, new Done(written));
    } catch (RefusedException e) {
      return Reply.problem(409, e.getMessage());
    } catch (SchemaRegistrationException e) {
      return Reply.problem(503, "nothing was written: " + e.getMessage());
    } catch (KafkaException | RegistryUnavailableException e) {
      return Reply.problem(503, "it may not have been written: " + e.getMessage());
    } finally {
      rows.forget();
    }
  }
}
