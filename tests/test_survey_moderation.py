"""Moderators find answers, stop and start counting them, and can take each step back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import delete, func, select, text

from survey import rollup
from survey.db import Database
from survey.exchange.bulk import load
from survey.exchange.export import ExportedAnswer
from survey.keyed_page import Count, Place
from survey.models import AuditEvent, Comment, Response
from survey.moderating.moderation import Change, change_states, undo
from survey.moderating.responses import Listing, Search, listing
from survey.moderating.undo_token import UndoTokens
from survey.ratings import SpamReason, State, Translation
from tests.conftest import sign_in
from tests.made_answers import made
from tests.pages import Page, PageClient
from tests.statements import asked_of, plan
from translate.articles.sample_articles import import_samples
from translate.articles.titles import titles

NOW = datetime(2026, 4, 1, tzinfo=UTC)
SAMPLES = Path(__file__).resolve().parent.parent / "translate" / "samples"
DAY = date(2026, 3, 1)


def put(database: Database, number: int = 6, **changes: object) -> list[int]:
    """Store answers 1, 2, ... with levels 1 to 5 in turn; gives their numbers, oldest first."""
    kept = {f: getattr(made(1)[0], f) for f in ExportedAnswer.__dataclass_fields__}
    plain = kept | {"state": State.COUNTED, "comment": "", "day": DAY} | changes
    begin = datetime(2026, 3, 1, 12, tzinfo=UTC)
    rows = [
        ExportedAnswer(
            **plain
            | {
                "nonce": f"n{n}-{sorted(map(str, changes.items()))}"[:64],
                "rating": n % 5 + 1,
                "answered_at": begin + timedelta(minutes=n),
            }
        )
        for n in range(number)
    ]
    with database.scope() as session:
        before = session.scalar(select(func.max(Response.id))) or 0
        load(session, rows)
        query = select(Response.id).where(Response.id > before).order_by(Response.id)
        return list(session.scalars(query))


def states(database: Database) -> list[State]:
    """The state of every answer; the roll-up agrees."""
    with database.scope() as session:
        assert list(rollup.mismatches(session)) == []
        return list(session.scalars(select(Response.state).order_by(Response.id)))


@pytest.mark.parametrize(
    ("search", "index"),
    [
        (Search(state=State.SPAM), "ix_response_state_id"),
        (Search(article="a-visit"), "ix_response_article_id"),
        (Search(reason=SpamReason.HONEYPOT), "ix_response_spam_reason_id"),
    ],
)
def test_what_is_rare_is_found_without_reading_every_answer(
    sqlite: Database, search: Search, index: str
) -> None:
    """Neither a state that few answers have nor an old article costs more with more answers."""
    asked = asked_of(sqlite)
    with sqlite.scope() as session:
        listing(session, search)
        assert index in " ".join(plan(session, asked[-1]))


def test_answers_are_changed_together_and_changed_back(database: Database) -> None:
    """Only what changed is undone, to exactly what it was; every step stands in the log."""
    ids = put(database, 3) + put(database, 1, state=State.POSSIBLE_DUPLICATE)
    with database.scope() as session:
        change_states(session, [ids[0]], State.SPAM, actor="Elias", now=NOW)
        changes = change_states(session, [*ids, 99_999], State.SPAM, actor="Elias", now=NOW)
    assert [c.id for c in changes] == ids[1:]
    assert states(database) == [State.SPAM] * 4
    with database.scope() as session:
        assert len(undo(session, changes, actor="Amina", now=NOW)) == 3
        log = session.execute(select(AuditEvent.actor, AuditEvent.action, AuditEvent.target)).all()
    assert states(database) == [
        State.SPAM,
        State.COUNTED,
        State.COUNTED,
        State.POSSIBLE_DUPLICATE,
    ]
    assert log[0] == ("Elias", "answer counted -> spam", f"response {ids[0]}")
    assert log[-1] == ("Amina", "answer spam -> possible_duplicate", f"response {ids[3]}")
    assert len(log) == 1 + 3 + 3


def test_what_somebody_else_changed_since_then_is_not_undone(database: Database) -> None:
    """The later decision stands."""
    ids = put(database, 2)
    with database.scope() as session:
        changes = change_states(session, ids, State.SPAM, actor="Elias", now=NOW)
        change_states(session, ids[:1], State.WITHDRAWN, actor="Amina", now=NOW)
        undo(session, changes, actor="Elias", now=NOW)
    assert states(database) == [State.WITHDRAWN, State.COUNTED]


def test_undoing_gives_spam_its_reason_back(database: Database) -> None:
    """What the trap caught, a moderator lets count, and takes that back: caught by the trap."""
    ids = put(database, 2, state=State.SPAM, spam_reason=SpamReason.HONEYPOT) + put(database, 1)

    def reasons() -> list[SpamReason]:
        with database.scope() as session:
            return list(session.scalars(select(Response.spam_reason).order_by(Response.id)))

    with database.scope() as session:
        changes = change_states(session, ids[:2], State.COUNTED, actor="Elias", now=NOW)
        change_states(session, ids[2:], State.SPAM, actor="Elias", now=NOW)
        assert reasons() == [SpamReason.NONE, SpamReason.NONE, SpamReason.MODERATOR]
        undo(session, changes, actor="Elias", now=NOW)
    assert reasons() == [SpamReason.HONEYPOT, SpamReason.HONEYPOT, SpamReason.MODERATOR]


STEPS = st.one_of(
    st.tuples(st.lists(st.integers(0, 5), max_size=4), st.sampled_from(list(State))),
    st.none(),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(STEPS, max_size=8))
def test_undoing_everything_backwards_gives_the_beginning(
    database: Database, steps: list[tuple[list[int], State] | None]
) -> None:
    """Any changes, some undone at once: the counts follow, and the way back leads home."""
    with database.scope() as session:
        for table in (Comment, *rollup.ROLLUPS.values(), Response):
            session.execute(delete(table))
        session.commit()
    ids = put(database)
    done: list[list[Change]] = []
    with database.scope() as session:
        for step in steps:
            if step is not None:
                chosen = [ids[n] for n in step[0]]
                done.append(change_states(session, chosen, step[1], actor="E", now=NOW))
            elif done:
                undo(session, done.pop(), actor="E", now=NOW)
            assert list(rollup.mismatches(session)) == []
        while done:
            undo(session, done.pop(), actor="E", now=NOW)
    assert states(database) == [State.COUNTED] * 6


def numbers(database: Database, **search: object) -> list[int]:
    """The numbers of the answers that a search finds."""
    with database.scope() as session:
        return [a.id for a in listing(session, Search(**search)).answers]


def test_each_filter_finds_its_answers(database: Database) -> None:
    """And all of them together what fits all."""
    quick = SpamReason.TOO_QUICK
    spam = put(database, 2, state=State.SPAM, spam_reason=quick, comment="Buy 100% now_here")
    machine = put(database, 2, translation=Translation.MACHINE, shown_language="ar", article="x")
    later = put(database, 2, day=DAY + timedelta(days=1), comment="Très utile")
    newest_first = [*spam, *machine, *later][::-1]

    assert numbers(database) == newest_first
    assert numbers(database, state=State.SPAM) == spam[::-1]
    assert numbers(database, reason=quick) == spam[::-1]
    assert numbers(database, reason=SpamReason.HONEYPOT) == []
    assert numbers(database, translation=Translation.MACHINE) == machine[::-1]
    assert numbers(database, language="ar") == machine[::-1]
    assert numbers(database, article="x") == machine[::-1]
    assert numbers(database, first=DAY + timedelta(days=1)) == later[::-1]
    assert numbers(database, last=DAY) == [*spam, *machine][::-1]
    assert numbers(database, rating=2) == newest_first[::2]
    assert numbers(database, commented=True) == [*spam, *later][::-1]
    assert numbers(database, text="UTILE") == later[::-1]
    assert numbers(database, text="100%") == spam[::-1]
    assert numbers(database, text="0_here") == []
    assert numbers(database, state=State.SPAM, rating=1, text="buy") == spam[:1]
    assert numbers(database, text="'; DROP TABLE response; --") == []


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(number=st.integers(0, 12), size=st.integers(1, 5), oldest_first=st.booleans())
def test_turning_pages_shows_every_answer_once_there_and_back(
    sqlite: Database, number: int, size: int, oldest_first: bool
) -> None:
    """To the end and back to the beginning, either way round; none twice, none left out."""
    with sqlite.scope() as session:
        for table in (Comment, *rollup.ROLLUPS.values(), Response):
            session.execute(delete(table))
        session.commit()
    ids = put(sqlite, number)
    with sqlite.scope() as session:

        def there(page: Listing) -> Listing | None:
            place = {"after": page.newer} if oldest_first else {"before": page.older}
            return turned(place)

        def back(page: Listing) -> Listing | None:
            place = {"before": page.older} if oldest_first else {"after": page.newer}
            return turned(place)

        def turned(place: dict[str, int | None]) -> Listing | None:
            if None in place.values():
                return None
            at = Place(oldest_first=oldest_first, **place)
            return listing(session, Search(), at, size=size)

        pages = [listing(session, Search(), Place(oldest_first=oldest_first), size=size)]
        assert back(pages[0]) is None
        while page := there(pages[-1]):
            pages.append(page)
        returning = [pages[-1]]
        while page := back(returning[0]):
            returning.insert(0, page)
    wanted = ids if oldest_first else ids[::-1]
    assert [a.id for page in pages for a in page.answers] == wanted
    assert [a.id for page in returning for a in page.answers] == wanted
    assert {page.count.number for page in pages} == {number}


def test_a_list_is_counted_no_further_than_anybody_reads(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(sqlite, 3)
    for most, is_more in ((4, False), (3, False), (2, True)):
        monkeypatch.setattr("survey.keyed_page.MOST_COUNTED", most)
        with sqlite.scope() as session:
            count = listing(session, Search(), size=1).count
        assert count == Count(number=min(most, 3), is_more=is_more)


@pytest.fixture
def elias(app: Flask, cast: None) -> PageClient:
    """An editor's browser, signed in."""
    return sign_in(PageClient(app), "Elias")


def post(browser: PageClient, page: Page, path: str = "", **fields: object) -> str:
    """Send the moderation form of a page; gives where the editor is sent."""
    token = page.attribute("form.moderation input[name=csrf_token]", "value")
    address = page.attribute("form.moderation", "action")
    response = browser.http.post(path or address, data={"csrf_token": token, **fields})
    assert response.status_code == 303, response.get_data(as_text=True)[:300]
    return str(response.location)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_an_editor_marks_spam_and_undoes_it(
    elias: PageClient, sqlite: Database, language: str
) -> None:
    """The list keeps its filters, says how many changed, and offers the way back."""
    ids = put(sqlite, 3, comment="Buy now")
    page = elias.get(f"/admin/responses?lang={language}&text=buy")
    where = post(elias, page, action="spam", id=[str(ids[0]), str(ids[2])])
    assert "text=buy" in where
    assert states(sqlite) == [State.SPAM, State.COUNTED, State.SPAM]
    page = elias.get(where)
    assert "2" in page.text_of(".flash")

    undo_form = {
        name: page.attribute(f"form.undo input[name={name}]", "value")
        for name in ("undo", "csrf_token")
    }
    back = elias.http.post(page.attribute("form.undo", "action"), data=undo_form)
    assert back.status_code == 303
    assert states(sqlite) == [State.COUNTED] * 3
    page = elias.get(back.location)
    assert page.all("form.undo") == []
    assert page.attribute("#text", "value") == "buy"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "too quickly"), ("fr", "trop vite"), ("ar", "بسرعة")],
)
def test_a_moderator_is_told_why_an_answer_is_spam_and_finds_those_of_one_reason(
    elias: PageClient, sqlite: Database, language: str, words: str
) -> None:
    """Beside the state, and as a filter; undone in the browser, the reason is there again."""
    put(sqlite, 1, state=State.SPAM, spam_reason=SpamReason.HONEYPOT)
    [quick] = put(sqlite, 1, state=State.SPAM, spam_reason=SpamReason.TOO_QUICK)
    page = elias.get(f"/admin/responses?lang={language}&reason=too_quick")
    assert page.text_of("input[name=id] + label").endswith(str(quick))
    assert words in page.text_of("tbody td:last-child small")
    page = elias.get(post(elias, page, action="counted", id=str(quick)))
    assert page.all("tbody") == []
    undo_form = {
        name: page.attribute(f"form.undo input[name={name}]", "value")
        for name in ("undo", "csrf_token")
    }
    back = elias.http.post(page.attribute("form.undo", "action"), data=undo_form)
    assert words in elias.get(back.location).text_of("tbody td:last-child small")


def test_all_answers_of_a_page_are_changed_with_one_tick(
    elias: PageClient, sqlite: Database
) -> None:
    """Those that are shown, and none that the filter leaves out."""
    put(sqlite, 6)
    page = elias.get("/admin/responses?rating=1")
    shown = [field.attrs["value"] for field in page.all("input[name=shown]")]
    post(elias, page, action="withdrawn", all="on", shown=shown)
    assert states(sqlite).count(State.WITHDRAWN) == len(shown) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "spam"},
        {"action": "delete", "id": "1"},
        {"id": "1"},
        {"action": "spam", "id": "1; DROP"},
        {"action": "spam", "id": "٣"},
        {"action": "spam", "id": "9" * 400},
    ],
)
def test_a_wrong_choice_is_explained_and_changes_nothing(
    elias: PageClient, sqlite: Database, fields: dict[str, str]
) -> None:
    """422 with the list still there."""
    put(sqlite, 2)
    page = elias.get("/admin/responses")
    token = page.attribute("form.moderation input[name=csrf_token]", "value")
    page = elias.post("/admin/responses", data={"csrf_token": token, **fields})
    assert page.attribute(".error-summary a", "href") == "#answers"
    assert states(sqlite) == [State.COUNTED] * 2


def test_languages_that_browsers_brought_can_be_chosen_too(
    elias: PageClient, sqlite: Database
) -> None:
    """Behind the site's own: answers about a page that somebody's browser put into Spanish."""
    put(sqlite, 1)
    (spanish,) = put(sqlite, 1, translation=Translation.THIRD_PARTY, shown_language="es")

    page = elias.get("/admin/responses?language=es")

    choices = [option.attrs["value"] for option in page.all("#language option")]
    assert choices == ["", "en", "fr", "ar", "es"]
    assert [box.attrs["value"] for box in page.all("input[name=id]")] == [str(spanish)]


def test_wrong_filters_are_explained_at_their_fields(elias: PageClient, sqlite: Database) -> None:
    """Nothing is guessed, and an odd place in the list is its beginning."""
    put(sqlite, 2)
    query = {
        "state": "lost",
        "reason": "x",
        "rating": "6",
        "language": "xx",
        "from": "soon",
        "to": "0001-01-01",
        "translation": "x",
    }
    page = elias.get("/admin/responses", query_string=query, status=422)
    linked = [a.attrs["href"][1:] for a in page.all(".error-summary a")]
    assert sorted(linked) == sorted(query)
    page = elias.get("/admin/responses?before=x&after=-1&text=%00&article=%27%3B--&undo=forged")
    assert page.all("form.undo") == []
    assert len(elias.get("/admin/responses?before=x").all("input[name=id]")) == 2


@pytest.mark.parametrize(
    "odd",
    [
        {"shown_language": "klingon"},
        {"shown_language": ""},
        {"shown_language": "en_GB"},
        {
            "engine": "<b>",
            "engine_version": "\u202e",
            "page": "//elsewhere.example",
            "article": "%",
        },
        {"page": "javascript:alert(1)", "site_language": "!", "source_language": "?"},
    ],
)
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_list_shows_whatever_is_stored(
    elias: PageClient, sqlite: Database, odd: dict[str, str], lang: str
) -> None:
    """As an earlier version could load it: a language without a name, an odd page, any time."""
    put(sqlite, 1, **odd)
    with sqlite.scope() as session:
        session.execute(text("UPDATE response SET answered_at = '9999-12-31 23:59:59.000000'"))
        session.commit()
    page = elias.get(f"/admin/responses?lang={lang}&translate=yes")
    shown = {"klingon": "klingon", "": "–"}.get(odd.get("shown_language", "en"), "(")
    assert shown in page.text_of("td.shown")
    assert page.all("td.shown a[href^='//']") == []


def test_an_answer_names_its_article_by_the_title_of_the_page_s_language(
    elias: PageClient, sqlite: Database
) -> None:
    """With the short name that the filter takes; an article that is gone has only that."""
    slug = "khan-of-the-weavers-reopens"
    with sqlite.scope() as session:
        import_samples(session, SAMPLES, now=NOW)
        title = titles(session, [slug])[slug]["fr"]
    put(sqlite, 1, article="gone", page="/fr/articles/gone")
    put(sqlite, 1, article=slug, page=f"/fr/articles/{slug}")
    newest, oldest = elias.get("/admin/responses?lang=fr").all("td.shown")
    assert title in newest.to_text()
    assert slug in newest.to_text()
    assert oldest.to_text().count("gone") == 1


def test_a_comment_is_shown_as_text_only(elias: PageClient, sqlite: Database) -> None:
    """Markup in it is letters."""
    put(sqlite, 1, comment='<script src="//evil.example"></script>{{ 7*7 }}')
    page = elias.get("/admin/responses")
    assert page.text_of("td.comment") == '<script src="//evil.example"></script>{{ 7*7 }}'
    assert page.all("td.comment script") == []


def test_moderating_takes_an_editor(app: Flask, cast: None, sqlite: Database) -> None:
    """A viewer is refused, and does not even see the link; an administrator is let in."""
    put(sqlite, 1)
    vera = sign_in(PageClient(app), "Vera")
    vera.get("/admin/responses", status=403)
    links = [a.attrs["href"] for a in vera.get("/admin/reports").all("nav a")]
    assert "/admin/responses" not in links
    token = vera.get("/admin/reports").attribute(".sign-out input", "value")
    refused = vera.http.post(
        "/admin/responses", data={"csrf_token": token, "action": "spam", "id": "1"}
    )
    assert refused.status_code == 403
    assert states(sqlite) == [State.COUNTED]
    amina = sign_in(PageClient(app), "Amina")
    links = [a.attrs["href"] for a in amina.get("/admin/reports").all("nav a")]
    assert "/admin/responses" in links
    amina.get("/admin/responses")


def test_an_undo_of_the_version_before_is_over() -> None:
    """Its changes have no reason: that is no error on the page of who upgraded meanwhile."""
    keys = ["a key of the tests that signs nothing of worth"]
    before = URLSafeTimedSerializer(keys, salt="rayak-undo")
    token = str(before.dumps([1, [[7, State.COUNTED, State.SPAM]]]))
    tokens = UndoTokens(keys)
    assert tokens.read(1, token) is None
    change = Change(id=7, before=State.SPAM, after=State.COUNTED, reason=SpamReason.TOO_QUICK)
    assert tokens.read(1, tokens.issue(1, [change])) == [change]


def test_another_accounts_undo_is_refused(
    app: Flask, elias: PageClient, cast: None, sqlite: Database
) -> None:
    """A link that was passed on undoes nothing."""
    ids = put(sqlite, 1)
    where = post(elias, elias.get("/admin/responses"), action="spam", id=str(ids[0]))
    given_away = elias.get(where).attribute("form.undo input[name=undo]", "value")
    amina = sign_in(PageClient(app), "Amina")
    page = amina.get(where)
    assert page.all("form.undo") == []
    post(amina, page, path="/admin/responses/undo", undo=given_away)
    assert states(sqlite) == [State.SPAM]
