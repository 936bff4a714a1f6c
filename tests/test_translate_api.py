"""The API answers as LibreTranslate does, and says more where it is asked."""

from __future__ import annotations

from html import escape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.db import Database
from tests.conftest import HELLO
from translate.models import Suggestion
from translate.turns import Turns

pytestmark = pytest.mark.slow


def test_a_text_comes_back_with_the_disclaimer_in_the_target_language(api: FlaskClient) -> None:
    answer = api.post("/translate", json=HELLO)

    assert answer.status_code == 200
    assert set(answer.json) == {"translatedText", "disclaimer"}
    assert answer.json["translatedText"]
    assert answer.json["disclaimer"].startswith("Vous utilisez Argos Translate")


@pytest.mark.parametrize("how", ["json", "data", "query_string"])
def test_json_form_and_query_string_give_the_same_answer(api: FlaskClient, how: str) -> None:
    expected = api.post("/translate", json=HELLO).json

    assert api.post("/translate", **{how: HELLO}).json == expected


def test_a_list_comes_back_as_a_list_in_its_order(api: FlaskClient) -> None:
    one = [
        api.post("/translate", json={**HELLO, "q": q}).json["translatedText"]
        for q in ("The experts left.", "The Minister spoke.")
    ]

    many = api.post(
        "/translate", json={**HELLO, "q": ["The experts left.", "", "The Minister spoke."]}
    )

    assert many.json["translatedText"] == [one[0], "", one[1]]


def test_a_list_of_one_is_still_a_list(api: FlaskClient) -> None:
    answer = api.post("/translate", json={**HELLO, "q": ["Hello."], "alternatives": 1}).json

    assert isinstance(answer["translatedText"], list)
    assert isinstance(answer["alternatives"][0], list)


def test_alternatives_are_others_than_the_translation(api: FlaskClient) -> None:
    answer = api.post("/translate", json={**HELLO, "alternatives": "2"}).json

    assert 0 < len(answer["alternatives"]) <= 2
    assert answer["translatedText"] not in answer["alternatives"]


def test_each_text_of_a_list_is_detected_by_itself(api: FlaskClient) -> None:
    texts = [
        "The experts met in the port of the city.",
        "Les experts se sont réunis dans la ville.",
    ]

    answer = api.post("/translate", json={"q": texts, "source": "auto", "target": "fr"}).json

    assert [d["language"] for d in answer["detectedLanguage"]] == ["en", "fr"]
    assert all(0 <= d["confidence"] <= 100 for d in answer["detectedLanguage"])
    assert answer["translatedText"][1] == texts[1]


def test_html_is_translated_as_html(api: FlaskClient) -> None:
    text = "<p>The <b>Minister</b> said &lt;script&gt;alert(1)&lt;/script&gt;.</p><!-- note -->"

    out = api.post("/translate", json={**HELLO, "q": text, "format": "html"}).json

    assert out["translatedText"].startswith("<p>")
    assert out["translatedText"].endswith("</p><!-- note -->")
    assert "<script>" not in out["translatedText"]
    assert out["translatedText"].count("<b>") == out["translatedText"].count("</b>") == 1


def test_detail_tells_where_each_sentence_comes_from(api: FlaskClient) -> None:
    detail = api.post("/translate", json={**HELLO, "detail": True}).json["detail"]

    (segment,) = detail["segments"]
    assert segment["source"] == HELLO["q"]
    assert segment["sourceOffset"] == [0, len(HELLO["q"])]
    assert segment["origin"] in ("machine", "memory")
    assert detail["engine"] == "argos en-fr"
    assert len(detail["checksum"]) == 64
    assert detail["starter"] is True
    assert detail["pivot"] is False


def test_languages_list_themselves_and_ignore_a_body(api: FlaskClient) -> None:
    """libretranslatepy sends a form with its GET."""
    answer = api.get("/languages", data={"api_key": "x"})

    assert answer.status_code == 200
    assert answer.json[1] == {"code": "en", "name": "English", "targets": ["ar", "en", "fr"]}
    assert all(language["code"] in language["targets"] for language in answer.json)


def test_detect_gives_a_list_best_first(api: FlaskClient) -> None:
    answer = api.post("/detect", data={"q": "اجتمع الخبراء في الرباط"}).json

    assert answer[0] == {"confidence": 100.0, "language": "ar"}


def test_frontend_settings_have_the_keys_clients_read(api: FlaskClient) -> None:
    answer = api.get("/frontend/settings").json

    assert answer["charLimit"] == 20_000
    assert answer["language"]["source"]["code"] == "auto"
    assert answer["keyRequired"] is False


def test_a_suggestion_is_kept_for_editors(api: FlaskClient, sqlite: Database) -> None:
    answer = api.post("/suggest", data={**HELLO, "s": "La réunion a eu lieu \0à Rabat."})

    assert answer.json == {"success": True}
    with sqlite.scope() as session:
        row = session.scalars(select(Suggestion)).one()
        assert (row.source, row.suggestion) == (HELLO["q"], "La réunion a eu lieu à Rabat.")


def test_an_attribute_of_several_sentences_is_translated_by_sentences(api: FlaskClient) -> None:
    ask = {**HELLO, "format": "html"}
    one = "The meeting was held in Rabat."
    two = "The experts left."
    known = [
        api.post("/translate", json={**ask, "q": q}).json["translatedText"] for q in (one, two)
    ]

    answer = api.post("/translate", json={**ask, "q": f'<img alt="{one}  {two}">'})

    assert answer.json["translatedText"] == f'<img alt="{escape(known[0])}  {escape(known[1])}">'


def test_any_page_may_call_without_credentials(api: FlaskClient) -> None:
    answer = api.post("/translate", json=HELLO)

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert api.options("/translate").headers["Access-Control-Allow-Headers"]


def test_a_text_in_no_language_of_ours_stays_as_it_is_under_auto(api: FlaskClient) -> None:
    """Read as English it would become something made up."""
    german = "Guten Morgen zusammen, wie geht es euch und der Familie?"
    answer = api.post("/translate", json={"q": german, "source": "auto", "target": "fr"}).json

    assert answer["translatedText"] == german
    assert answer["detectedLanguage"]["language"] == "other"


def test_a_word_of_two_languages_is_read_as_one_that_can_be_translated(api: FlaskClient) -> None:
    """No package leads from French into Arabic here, and "Menu" is English as well."""
    fields = {"q": "Menu", "source": "auto", "target": "ar"}
    answer = api.post("/translate", json=fields).json

    assert answer["detectedLanguage"] == {"confidence": 35.0, "language": "en"}
    assert answer["translatedText"] != "Menu"


@pytest.mark.parametrize(
    "asked",
    [
        HELLO | {"q": "A long way home.", "alternatives": 2},
        {"q": ["نزل المطر أمس.", "It rains a lot today."], "source": "auto", "target": "fr"},
    ],
)
def test_a_request_takes_one_turn_whatever_it_asks_for(
    api: FlaskClient, monkeypatch: pytest.MonkeyPatch, asked: dict[str, object]
) -> None:
    """Else it could be refused half-way, with its translation done and thrown away."""
    taken: list[Turns] = []
    take = Turns.take

    def counted(turns: Turns) -> None:
        taken.append(turns)
        take(turns)

    monkeypatch.setattr(Turns, "take", counted)

    answer = api.post("/translate", json=asked)

    assert answer.status_code == 200
    assert len(taken) == 1
