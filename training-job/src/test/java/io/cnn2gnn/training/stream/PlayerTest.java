package io.cnn2gnn.training.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.model.inference.Answer.Score;
import io.cnn2gnn.training.stream.Answering.Said;
import io.cnn2gnn.training.stream.Answering.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlayerTest {
  private static final int BATCH = 4;
  private static final int LATE = 6;
  private static final Stream STREAM = new Stream(List.of(range(0, 30), range(30, 75)));

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  /** Answers by a script, and writes down what it was asked and told. */
  private static final class Scripted implements Answering {
    private final String label;
    private final int batch;
    private final List<List<Turn>> rounds = new ArrayList<>();
    private final Map<Said, Integer> saidAfter = new HashMap<>();
    private final int[] answered = new int[2];

    Scripted(String label, int batch) {
      this.label = label;
      this.batch = batch;
    }

    @Override
    public List<Reply> answer(List<Turn> turns) {
      rounds.add(turns);
      List<Reply> replies = new ArrayList<>();
      for (Turn turn : turns) {
        answered[turn.source()] += turn.images().size();
        for (int image : turn.images()) {
          String told = label + image;
          replies.add(new Reply(told, 1, new Score(told, 1), List.of(), Optional.empty(), batch));
        }
      }
      return replies;
    }

    @Override
    public void label(List<Said> said) {
      said.forEach(one -> assertThat(saidAfter.put(one, answered[one.source()])).isNull());
    }

    @Override
    public void close() {}
  }

  private static Scenario scenario(double labelled) {
    return new Scenario("s", 1, 1, BATCH, labelled, LATE, List.of());
  }

  private static Player.Outcome play(Scripted answering, double labelled, long seed)
      throws Exception {
    return new Player(answering, scenario(labelled), image -> "class-" + image, seed).play(STREAM);
  }

  @Test
  void eachImageIsAnsweredOnceAndWithItsOwnReply() throws Exception {
    Player.Outcome outcome = play(new Scripted("is-", BATCH), 0.3, 1);
    assertThat(outcome.answers()).hasSize(75);
    assertThat(outcome.answers().stream().map(Player.Played::image))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 75).boxed().toList());
    assertThat(outcome.answers()).allMatch(one -> one.reply().label().equals("is-" + one.image()));
  }

  @Test
  void eachSourceSendsItsNextBatchInEachRoundUntilItHasNoMore() throws Exception {
    Scripted answering = new Scripted("", BATCH);
    play(answering, 0.3, 1);
    assertThat(answering.rounds).hasSize(12);
    assertThat(answering.rounds.get(0))
        .containsExactly(new Turn(0, List.of(0, 1, 2, 3)), new Turn(1, List.of(30, 31, 32, 33)));
    assertThat(answering.rounds.get(7))
        .containsExactly(new Turn(0, List.of(28, 29)), new Turn(1, List.of(58, 59, 60, 61)));
    assertThat(answering.rounds.get(11)).containsExactly(new Turn(1, List.of(74)));
  }

  @Test
  void whereNothingIsLabelledSeveralBatchesGoAtOnce() throws Exception {
    Scripted answering = new Scripted("", BATCH);
    Player.Outcome outcome = play(answering, 0, 1);
    assertThat(answering.rounds).hasSize(1);
    assertThat(answering.rounds.get(0).stream().map(turn -> turn.images().size()))
        .containsExactly(30, 45);
    assertThat(outcome.labels()).isZero();
    assertThat(answering.saidAfter).isEmpty();
  }

  @Test
  void anImageIsLabelledByItsClassSoManyImagesOfItsSourceLaterOrNever() throws Exception {
    Scripted answering = new Scripted("", BATCH);
    Player.Outcome outcome = play(answering, 0.5, 1);
    assertThat(answering.saidAfter).hasSizeGreaterThan(15).hasSize(outcome.labels());
    answering.saidAfter.forEach(
        (said, after) -> {
          int at = said.image() - (said.source() == 0 ? 0 : 30);
          assertThat(said.label()).isEqualTo("class-" + said.image());
          assertThat(after).isBetween(at + LATE, at + LATE + BATCH - 1);
        });
  }

  @Test
  void theSeedAloneDecidesWhichImagesAreLabelled() throws Exception {
    Scripted once = new Scripted("a", BATCH);
    Scripted again = new Scripted("b", 1);
    Scripted other = new Scripted("a", BATCH);
    play(once, 0.3, 1);
    play(again, 0.3, 1);
    play(other, 0.3, 2);
    assertThat(again.saidAfter).isEqualTo(once.saidAfter);
    assertThat(other.saidAfter).isNotEqualTo(once.saidAfter);
  }

  @Test
  void anImageThatWasAnsweredInABatchOfAnotherSizeHasStrayed() throws Exception {
    List<Player.Played> strayed =
        play(new Scripted("", BATCH), 0.3, 1).answers().stream()
            .filter(Player.Played::hasStrayed)
            .toList();
    assertThat(strayed.stream().map(Player.Played::image)).containsExactly(28, 29, 74);
  }

  @Test
  void anImageIsToldHowManyOfItsClassWereLabelledBeforeIt() throws Exception {
    List<Player.Played> answers =
        new Player(new Scripted("", BATCH), scenario(1), image -> "class-" + image % 2, 1)
            .play(new Stream(List.of(range(0, 12))))
            .answers();
    // Of 0, 1 and 2 it is said before the third batch what they are.
    assertThat(answers.stream().map(Player.Played::labelled))
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1);
  }
}
