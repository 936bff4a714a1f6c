"""Each fault that was found in rival translation services, as a test that it is none of ours."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from translate.glossary import Glossary
from translate.sentences.drafts import Result
from translate.sentences.inline import Marked
from translate.sentences.pipeline import Pipeline
from translate.service import TranslationService

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.slow

Translate = Callable[..., str]


@pytest.fixture
def translate(service: TranslationService) -> Translate:
    def one(text: str, *, target: str = "fr", html: bool = False) -> str:
        return service.translate([text], "en", target, html=html)[0].text

    return one


@pytest.fixture
def finish(service: TranslationService) -> Callable[[str, str], str]:
    """What becomes of a text that the model gave for a source."""
    pipeline = Pipeline(service.engine, service.route("en", "fr"), service.decoding, Glossary())

    def finished(source: str, output: str) -> str:
        prepared = pipeline._prepare(Marked(text=source))
        return pipeline._finish(prepared, Result(output)).target

    return finished


def test_escaped_text_never_becomes_markup(translate: Translate) -> None:
    """LibreTranslate unescapes its result: an escaped script comes back alive."""
    out = translate("<p>The word &lt;script&gt;alert(1)&lt;/script&gt; stands here.</p>", html=True)

    assert "<script" not in out
    assert out.startswith("<p>")


def test_comments_are_not_shown_to_readers(translate: Translate) -> None:
    """Theirs come out translated, as visible text."""
    out = translate("<!-- wp:paragraph --><p>The meeting.</p><!-- /wp:paragraph -->", html=True)

    assert out.startswith("<!-- wp:paragraph --><p>")
    assert out.endswith("</p><!-- /wp:paragraph -->")


def test_a_sentence_is_not_cut_at_its_links(service: TranslationService) -> None:
    """Theirs translates "I went to", "the river" and "today." one by one."""
    text = "<p>I went to <b>the river</b> today.</p>"

    (result,) = service.translate([text], "en", "fr", html=True)

    assert [s.source for s in result.segments] == ["I went to the river today."]
    assert result.text.count("<b>") == result.text.count("</b>") == 1


def test_descriptions_of_pictures_are_translated(translate: Translate) -> None:
    out = translate('<img src="a.png" alt="The meeting was held in Rabat.">', html=True)

    assert 'src="a.png"' in out
    assert "The meeting" not in out


def test_language_and_direction_are_set(translate: Translate) -> None:
    out = translate('<html lang="en"><p>The meeting.</p></html>', target="ar", html=True)

    assert out.startswith('<html lang="ar" dir="rtl">')


def test_underscores_survive(translate: Translate) -> None:
    """Theirs turns every underscore into a space."""
    assert "press_office@example.org" in translate("Write to press_office@example.org today.")


@pytest.mark.parametrize(
    ("source", "output"),
    [
        ("Is it raining today؟", "Pleut-il aujourd'hui ?"),
        ("He said (yes)", "Il a dit (oui)."),
        ("iPhone sales rise", "Les ventes d'iPhone augmentent"),
        ("the minister spoke in berlin", "Le ministre a parlé à Berlin"),
    ],
)
def test_the_models_text_is_not_touched_up(
    finish: Callable[[str, str], str], source: str, output: str
) -> None:
    """Theirs strips full stops, and makes a whole text small because the source was."""
    assert finish(source, output) == output


def test_a_headline_in_capitals_is_translated_and_keeps_them(translate: Translate) -> None:
    """Theirs feeds the capitals to the model, which hardly knows them."""
    assert translate("THE MEETING WAS HELD") == translate("The meeting was held").upper()


def test_a_text_and_a_list_are_never_mixed_up(service: TranslationService) -> None:
    """Theirs joins a list with | for its cache: ["a|b"] and ["a", "b"] are one to it."""
    one = service.translate(["The meeting.|The expert."], "en", "fr")
    two = service.translate(["The meeting.", "The expert."], "en", "fr")

    assert len(one) == 1
    assert len(two) == 2
    assert [r.text for r in service.translate(["The meeting.|The expert."], "en", "fr")] == [
        one[0].text
    ]


@pytest.mark.parametrize(
    "text", ["\n\n\nThe meeting.", "The meeting.\n\n\n", "\r\n \r\nThe meeting."]
)
def test_blank_lines_stay_where_they_are(translate: Translate, text: str) -> None:
    """Theirs drops leading ones."""
    out = translate(text)

    start, _, end = text.partition("The meeting.")
    assert out.startswith(start)
    assert out.endswith(end)
    assert out.strip() == translate("The meeting.")


def test_lines_that_were_wrapped_are_read_as_one_sentence(service: TranslationService) -> None:
    """Theirs translates each half of a sentence that goes over two lines."""
    text = (
        "The Director-General of the Organization received the Minister of Culture\n"
        "at the headquarters in Rabat. The two sides discussed a programme of work\n"
        "for the coming year.\n"
    )

    (result,) = service.translate([text], "en", "fr")

    assert [s.source for s in result.segments] == [
        "The Director-General of the Organization received the Minister of Culture "
        "at the headquarters in Rabat.",
        "The two sides discussed a programme of work for the coming year.",
    ]
    assert len(result.text.splitlines()) == 3


def test_emoji_and_numbers_alone_are_left_alone(translate: Translate) -> None:
    assert translate("👍🏽 2026 👍🏽") == "👍🏽 2026 👍🏽"


def test_nothing_but_loopback_is_needed(tmp_path: Path) -> None:
    """Theirs needs a model for splitting sentences from the internet: offline, every text is 500.

    Here every socket but loopback raises, from the import on.
    """
    program = (
        "import socket, sys\n"
        "real = socket.socket.connect\n"
        "def connect(self, address):\n"
        "    if self.family != socket.AF_UNIX and address[0] not in ('127.0.0.1', '::1'):\n"
        "        raise OSError(f'connection to {address}')\n"
        "    return real(self, address)\n"
        "socket.socket.connect = connect\n"
        "def lookup(*names, **more): raise OSError(f'look-up of {names}')\n"
        "socket.getaddrinfo = socket.gethostbyname = lookup\n"
        "from pathlib import Path\n"
        "from translate.argos import packages\n"
        "from translate.engine import Engine\n"
        "from translate.service import TranslationService\n"
        "folder = Path(sys.argv[1])\n"
        "packages.install(next(Path('translate/starter').glob('*en_ar*')), folder)\n"
        "service = TranslationService(Engine(folder))\n"
        "print(service.translate(['<p>The meeting.</p>'], 'en', 'ar', html=True)[0].text)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "packages")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"},
    )

    assert run.stderr == ""
    assert run.stdout.startswith("<p>")
    # Nor does it write anything into the home of whoever runs it.
    assert [p.name for p in tmp_path.iterdir()] == ["packages"]
