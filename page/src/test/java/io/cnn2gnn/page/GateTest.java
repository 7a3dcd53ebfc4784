package io.cnn2gnn.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.page.Gate.Verdict.Admitted;
import io.cnn2gnn.page.Gate.Verdict.Denied;
import io.cnn2gnn.page.PageConfig.Topics;
import io.cnn2gnn.page.PageConfig.Writers;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final Topics TOPICS = new Topics("i", "p", "d", "l", "o", "e");

  private static Gate gate(String host, Writers writers, String... names) {
    return new Gate(
        new PageConfig(Map.of(), TOPICS, Optional.empty(), host, 0, Set.of(names), writers));
  }

  private static Map<String, String> own() {
    Map<String, String> headers = new HashMap<>();
    headers.put("Host", "127.0.0.1:8070");
    headers.put("Origin", "http://127.0.0.1:8070");
    return headers;
  }

  private static int status(Gate gate, Map<String, String> headers) {
    return gate.writer(headers::get) instanceof Denied denied ? denied.status() : 200;
  }

  @Test
  void onLoopbackWhoeverIsOnTheMachineMayLabel() {
    assertThat(gate("127.0.0.1", Writers.OF_LOOPBACK).writer(own()::get))
        .isEqualTo(new Admitted("page"));
  }

  @Test
  void elsewhereNobodyMayWithoutATokenOrAProxy() {
    Gate gate = gate("0.0.0.0", Writers.OF_LOOPBACK);
    assertThat(gate.isOpen()).isFalse();
    assertThat(status(gate, own())).isEqualTo(403);
    assertThat(gate("127.0.0.1", Writers.OF_LOOPBACK, "images.example.org").isOpen()).isFalse();
  }

  @Test
  void anotherSitesPageCannotLabel() {
    Gate gate = gate("127.0.0.1", Writers.OF_LOOPBACK);
    for (String origin :
        new String[] {
          "http://evil.example",
          "http://127.0.0.1:8071",
          "http://127.0.0.1",
          "null",
          "http://127.0.0.1:8070.evil.example",
          "http://user@127.0.0.1:8070",
          "not an origin"
        }) {
      Map<String, String> headers = own();
      headers.put("Origin", origin);
      assertThat(status(gate, headers)).as(origin).isEqualTo(403);
    }
    Map<String, String> none = own();
    none.remove("Origin");
    assertThat(status(gate, none)).isEqualTo(403);
  }

  @Test
  void aNameThatIsBoundAnewToThisAddressIsNotServed() {
    Gate gate = gate("127.0.0.1", Writers.OF_LOOPBACK, "images.example.org");
    assertThat(gate.admits("evil.example")).isFalse();
    assertThat(gate.admits("localhost")).isTrue();
    assertThat(gate.admits("LOCALHOST")).isTrue();
    assertThat(gate.admits("images.example.org")).isTrue();
    assertThat(gate.admits("127.0.0.1")).isTrue();
    assertThat(gate.admits("[::1]")).isTrue();
    assertThat(gate("0.0.0.0", Writers.OF_LOOPBACK, "*").admits("evil.example")).isTrue();
  }

  @Test
  void theTokenIsTheWholeToken() {
    Gate gate = gate("0.0.0.0", new Writers(Optional.of("a-long-secret"), Optional.empty()));
    assertThat(gate.asksForToken()).isTrue();
    assertThat(status(gate, own())).isEqualTo(401);
    for (String said : new String[] {"Bearer a-long", "a-long-secret", "Bearer a-long-secret "}) {
      Map<String, String> headers = own();
      headers.put("Authorization", said);
      assertThat(status(gate, headers)).as(said).isEqualTo(401);
    }
    Map<String, String> right = own();
    right.put("Authorization", "Bearer a-long-secret");
    assertThat(status(gate, right)).isEqualTo(200);
  }

  @Test
  void aProxyNamesWhoLabels() {
    Gate gate = gate("0.0.0.0", new Writers(Optional.empty(), Optional.of("X-User")));
    assertThat(status(gate, own())).isEqualTo(401);
    Map<String, String> headers = own();
    headers.put("X-User", "ann");
    assertThat(gate.writer(headers::get)).isEqualTo(new Admitted("ann"));
    headers.put("X-User", "a".repeat(513));
    assertThat(status(gate, headers)).isEqualTo(401);
  }
}
