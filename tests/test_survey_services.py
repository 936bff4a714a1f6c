"""Answers are counted once, and the roll-up always equals a recount of the answers."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from survey import rollup
from survey.answering.answers import NotStored, Outcome, UnknownWording
from survey.answering.visitors import Visitor
from survey.db import Database
from survey.models import Comment, DailyArticleCount, DailyCount, Response, WordingRow
from survey.moderating.moderation import UnknownResponse, change_state
from survey.queries import begin_snapshot
from survey.ratings import SpamReason, State, Translation
from survey.services import mend_rollup, register_wordings, shown_texts
from tests.screens import NOW, PLAIN, TEXTS, TRANSLATED, WORDINGS, answer


def test_an_answer_is_stored_with_everything_that_was_on_the_screen(ready: Database) -> None:
    """Nothing of the token is lost on the way to the row."""
    assert answer(ready, 2, "n1", TRANSLATED, "الترجمة غير واضحة") is Outcome.ADDED

    with ready.scope() as session:
        row = session.scalars(select(Response)).one()
        disclaimer = session.get_one(WordingRow, row.disclaimer_id)
        comment = session.get_one(Comment, row.id)
    assert (row.rating, row.article, row.translation) == (2, "a-visit", Translation.MACHINE)
    assert (row.engine, row.engine_version) == ("translate-en_ar", "0.2")
    assert disclaimer.text == WORDINGS["ar"].disclaimer_text("argos", "The Institute")
    assert comment.text == "الترجمة غير واضحة"
    assert row.answered_at == NOW


def test_the_day_is_the_sites_own(ready: Database) -> None:
    """Half past eleven in UTC is already the next day in Rabat."""
    answer(ready, 4, "n1")
    with ready.scope() as session:
        assert session.scalars(select(DailyCount.day)).one().isoformat() == "2026-03-29"


def test_a_double_click_is_one_answer(ready: Database) -> None:
    """The same form sent twice counts once."""
    assert answer(ready, 4, "n1") is Outcome.ADDED
    assert answer(ready, 4, "n1") is Outcome.UNCHANGED
    with ready.scope() as session:
        assert session.scalar(select(func.sum(DailyCount.answers))) == 1


def test_going_back_and_choosing_another_level_changes_the_answer(ready: Database) -> None:
    """One form is one answer: the last level chosen is the one that counts."""
    answer(ready, 1, "n1", comment="first")
    assert answer(ready, 5, "n1") is Outcome.CHANGED
    with ready.scope() as session:
        assert session.scalars(select(Response.rating)).one() == 5
        assert session.execute(select(DailyCount.rating, DailyCount.answers)).all() == [(5, 1)]
        # The first comment was about the first choice: beside the second it would be a lie.
        assert session.scalars(select(Comment.text)).all() == []


@pytest.mark.slow
def test_eight_simultaneous_sendings_of_one_form_are_one_answer(ready: Database) -> None:
    """Whatever the timing, the database itself makes the form count once."""
    outcomes: list[Outcome] = []
    barrier = threading.Barrier(8)

    def send() -> None:
        barrier.wait()
        outcomes.append(answer(ready, 3, "n1"))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [Outcome.ADDED] + [Outcome.UNCHANGED] * 7


@pytest.mark.slow
def test_answers_that_change_at_once_in_opposite_ways_all_get_through(ready: Database) -> None:
    """Eight visitors change their minds about one article at the same time: nobody is refused."""
    for number in range(8):
        answer(ready, 1 + 4 * (number % 2), f"n{number}", TRANSLATED)
    refused: list[NotStored] = []
    barrier = threading.Barrier(8)

    def change_mind(number: int) -> None:
        barrier.wait()
        for turn in range(20):
            try:
                answer(ready, 1 + 4 * ((number + turn) % 2), f"n{number}", TRANSLATED)
            except NotStored as error:
                refused.append(error)

    threads = [threading.Thread(target=change_mind, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == []
    with ready.scope() as session:
        begin_snapshot(session)
        assert list(rollup.mismatches(session)) == []


def test_a_too_quick_answer_is_kept_as_spam(ready: Database) -> None:
    """It is stored, and does not count as an answer."""
    answer(ready, 5, "quick", min_seconds=60)
    with ready.scope() as session:
        assert session.scalars(select(Response.state)).one() is State.SPAM
        assert session.scalars(select(DailyCount.state)).one() is State.SPAM


def reasons(database: Database) -> list[tuple[int, State, SpamReason]]:
    """Level, state and reason of every answer; the roll-ups agree."""
    columns = (Response.rating, Response.state, Response.spam_reason)
    with database.scope() as session:
        assert list(rollup.mismatches(session)) == []
        return [tuple(row) for row in session.execute(select(*columns).order_by(Response.id))]


def test_spam_is_kept_with_its_reason(ready: Database) -> None:
    """A hidden field filled in tells most; whoever lacks the proof may have been too quick too."""
    answer(ready, 1, "trapped", spam=SpamReason.HONEYPOT, min_seconds=60)
    answer(ready, 2, "quick", min_seconds=60)
    answer(ready, 3, "unproven", spam=SpamReason.NO_PROOF, min_seconds=60)
    answer(ready, 4, "well")
    assert reasons(ready) == [
        (1, State.SPAM, SpamReason.HONEYPOT),
        (2, State.SPAM, SpamReason.TOO_QUICK),
        (3, State.SPAM, SpamReason.NO_PROOF),
        (4, State.COUNTED, SpamReason.NONE),
    ]


@pytest.mark.parametrize("lack", [{"spam": SpamReason.NO_PROOF}, {"min_seconds": 60}])
@pytest.mark.parametrize("level", [2, 5])
def test_a_form_that_brings_what_it_lacked_counts(
    ready: Database, lack: dict[str, object], level: int
) -> None:
    """Sent again with the proof, or by somebody who has looked; also with another level."""
    answer(ready, 2, "n1", comment="Slow.", **lack)
    assert answer(ready, level, "n1", comment="Slow.") is Outcome.CHANGED
    assert reasons(ready) == [(level, State.COUNTED, SpamReason.NONE)]
    assert answer(ready, level, "n1", comment="Slow.") is Outcome.UNCHANGED


def test_a_form_that_is_sent_again_without_what_it_lacked_stays_spam(ready: Database) -> None:
    """And one that had all is not undone by a repetition that lacks it."""
    for _ in range(2):
        answer(ready, 2, "n1", spam=SpamReason.NO_PROOF)
        answer(ready, 3, "n2")
        answer(ready, 3, "n2", spam=SpamReason.NO_PROOF)
    assert reasons(ready) == [
        (2, State.SPAM, SpamReason.NO_PROOF),
        (3, State.COUNTED, SpamReason.NONE),
    ]


def test_a_form_that_a_program_or_a_person_gave_away_stays_spam(ready: Database) -> None:
    """The hidden field was filled in once; and what a moderator decided, stands."""
    answer(ready, 1, "trapped", spam=SpamReason.HONEYPOT)
    answer(ready, 2, "judged")
    with ready.scope() as session:
        change_state(session, 2, State.SPAM, actor="Elias", now=NOW)
    for nonce in ("trapped", "judged"):
        answer(ready, 5, nonce)
    assert [row[1:] for row in reasons(ready)] == [
        (State.SPAM, SpamReason.HONEYPOT),
        (State.SPAM, SpamReason.MODERATOR),
    ]


def test_what_comes_to_count_late_is_still_one_visitors_one_answer(ready: Database) -> None:
    """Another form of theirs was counted meanwhile: within the window that one is changed."""
    vera = {"visitor": Visitor(address="192.0.2.7", agent="a browser")}
    answer(ready, 1, "held", spam=SpamReason.NO_PROOF, **vera)
    answer(ready, 2, "other", **vera)
    answer(ready, 3, "held", now=NOW + timedelta(minutes=1), **vera)
    counted = (3, State.COUNTED, SpamReason.NONE)
    assert reasons(ready) == [(1, State.SPAM, SpamReason.NO_PROOF), counted]
    answer(ready, 4, "held", now=NOW + timedelta(minutes=20), **vera)
    assert reasons(ready) == [(4, State.POSSIBLE_DUPLICATE, SpamReason.NONE), counted]


def test_a_question_that_was_never_shown_is_refused(ready: Database) -> None:
    """Nothing is stored under a wording that the database does not know."""
    with pytest.raises(UnknownWording):
        answer(ready, 5, "n1", replace(PLAIN, question="0" * 64))
    with ready.scope() as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 0


def test_a_text_is_registered_once_and_a_changed_text_is_a_new_version(ready: Database) -> None:
    """Starting the service again adds nothing; another organisation name adds its disclaimers."""
    with ready.scope() as session:
        assert register_wordings(session, TEXTS, now=NOW) == 0
        changed = shown_texts(WORDINGS.values(), lambda _language: "The Ministry")
        assert register_wordings(session, changed, now=NOW) == 9


def test_an_unknown_answer_cannot_change_its_state(ready: Database) -> None:
    """Moderation of something that is not there says so."""
    with ready.scope() as session, pytest.raises(UnknownResponse):
        change_state(session, 77, State.SPAM, actor="Amina", now=NOW)


SCREENS = [PLAIN, TRANSLATED, replace(TRANSLATED, translation=Translation.REVIEWED, disclaimer="")]
ACTIONS = st.one_of(
    st.tuples(
        st.just("answer"),
        st.integers(1, 5),
        st.sampled_from("abcd"),
        st.sampled_from(SCREENS),
        st.sampled_from([0.0, 60.0]),
    ),
    st.tuples(st.just("state"), st.integers(0, 3), st.sampled_from(list(State))),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(actions=st.lists(ACTIONS, max_size=12))
def test_after_any_sequence_the_roll_up_equals_a_recount(
    ready: Database, actions: list[tuple[object, ...]]
) -> None:
    """Answers, repeats, spam, withdrawals and restorations: the counts never drift."""
    with ready.scope() as session:
        for table in (Comment, *rollup.ROLLUPS.values(), Response):
            session.execute(delete(table))
        session.commit()
    for action in actions:
        if action[0] == "answer":
            _, level, nonce, shown, quick = action
            answer(ready, level, nonce, shown, min_seconds=quick)
        else:
            with ready.scope() as session:
                ids = list(session.scalars(select(Response.id).order_by(Response.id)))
                if ids:
                    change_state(
                        session, ids[action[1] % len(ids)], action[2], actor="Amina", now=NOW
                    )

    with ready.scope() as session:
        assert list(rollup.mismatches(session)) == []


def test_a_wrong_roll_up_is_found_and_mended(ready: Database) -> None:
    """`rayak verify` would notice, and mends when told."""
    answer(ready, 4, "n1", TRANSLATED)
    answer(ready, 2, "n2")
    with ready.scope() as session:
        session.execute(update(DailyCount).where(DailyCount.rating == 4).values(answers=9))
        session.execute(delete(DailyArticleCount))
        session.commit()
        found = {(m.table, m.recounted, m.stored) for m in rollup.mismatches(session)}
        assert found == {("daily_count", 1, 9), ("daily_article_count", 1, 0)}
        mend_rollup(session, list(rollup.months(session)))
        assert list(rollup.mismatches(session)) == []


def test_a_locked_database_loses_nothing_and_says_that_nothing_was_stored(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another program holds the lock for too long, the answer is refused, not lost."""
    monkeypatch.setattr("survey.db.BUSY_TIMEOUT_SECONDS", 0.05)
    impatient = Database(sqlite.url.render_as_string(hide_password=False))
    with impatient.scope() as session:
        register_wordings(session, TEXTS, now=NOW)
    with sqlite.engine.connect().execution_options(writes=True) as holder:
        holder.exec_driver_sql("SELECT 1")
        with pytest.raises(NotStored):
            answer(impatient, 4, "n1")
    assert answer(impatient, 4, "n1") is Outcome.ADDED
    impatient.close()
