"""Comments for a moderator who reads another language: each to its own answer, none lost."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from survey.db import Database
from survey.moderating.comment_reading import CommentReader
from tests.conftest import sign_in
from tests.pages import PageClient
from tests.test_survey_moderation import put


def language_of(text: str) -> str:
    """A text names its language by its beginning: "fr:bonjour"."""
    return text.partition(":")[0]


@given(
    comments=st.dictionaries(
        st.integers(1, 99),
        st.builds("{}:{}".format, st.sampled_from(["en", "fr", "ar", ""]), st.text(max_size=5)),
    ),
    target=st.sampled_from(["en", "fr", "ar"]),
)
def test_each_comment_of_another_language_is_translated_in_one_go_with_its_like(
    comments: dict[int, str], target: str
) -> None:
    """Those of the moderator's own language and of none are left alone; Arabic has no package."""
    asked: list[str] = []

    def translate(texts: Sequence[str], source: str, wanted: str) -> list[str]:
        asked.append(source)
        return [] if source == "ar" else [f"{wanted}<{text}" for text in texts]

    read = CommentReader(detect=language_of, translate=translate).read(comments, target)

    assert read == {
        n: f"{target}<{text}"
        for n, text in comments.items()
        if language_of(text) not in ("", "ar", target)
    }
    assert len(asked) == len(set(asked))


def test_without_a_package_the_comment_stands_alone(
    app: Flask, cast: None, sqlite: Database
) -> None:
    """Asking for translations that cannot be had is no error."""
    put(sqlite, 1, comment="Les articles sont très clairs et la page est belle.")
    elias = sign_in(PageClient(app), "Elias")
    page = elias.get("/admin/responses?translate=on")
    assert page.text_of("td.comment") == "Les articles sont très clairs et la page est belle."
    assert "checked" in page.one("#translate").attrs
