"""HTML keeps its tags, its entities stay escaped, and broken markup survives."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from translate.formats.html_document import parse
from translate.formats.html_tokens import Kind, tokenize
from translate.sentences.decoding import Output
from translate.sentences.inline import Marked, render, word_links
from translate.sentences.tag_words import Tag, ancestors

SPACED = (
    "<p> </p> <b> </b> <i> </i> </a> <br> <!-- --> <script> </script> <code> </code> </span> < > "
    "\" ' &lt;b&gt; &amp; &#60; <b </ <!x> <?y?> {0} <0> </1> <2/> 2026 One. Two \0 "
    "\ue000 \ue001 \ufffc &#xE000;<b>"
)
OTHERS = ['<a href="a>b">', "<img alt='A b'>", '<span translate="no">', " ", "\n", "<i class='x'>"]
BITS = st.sampled_from([*SPACED.split(" "), *OTHERS])
ANY_HTML = st.lists(BITS, max_size=40).map("".join)


def translated(text: str, sentence: Callable[[str], str] = lambda markup: markup) -> str:
    """The text with every sentence's markup given through a function."""
    parts = parse(text, "en").assemble(lambda s: sentence(s.markup), lambda a: a, "en", "en")
    return "".join(part if isinstance(part, str) else part[1] for part in parts)


def live(text: str) -> Counter[str]:
    """The tags of a text that a browser would see."""
    kinds = (Kind.OPEN, Kind.CLOSE)
    return Counter(t.raw for t in tokenize(text) if t.kind in kinds)


@given(ANY_HTML)
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(t.raw for t in tokenize(text)) == text


@given(ANY_HTML)
def test_no_tag_is_lost_and_none_is_made(text: str) -> None:
    """Whatever the markup, the tags that come out are those that went in."""
    bare = text.replace("\ue000", "").replace("\ue001", "")

    assert live(translated(text)) == live(bare)


@given(ANY_HTML)
def test_the_text_is_the_same_but_for_white_space_and_notation(text: str) -> None:
    def words(markup: str) -> str:
        bare = markup.replace("\ue000", "").replace("\ue001", "")
        texts = (html.unescape(t.raw) for t in tokenize(bare) if t.kind is Kind.TEXT)
        return "".join("".join(texts).replace("\ue000", "").split())

    assert words(translated(text)) == words(text)


@pytest.mark.parametrize(
    "text",
    [
        "<p>I went to <b>the river</b> today. It was <i>fine <b>and</b> dry</i>.</p>",
        "<p>Not &lt;b&gt;bold&lt;/b&gt; &amp;amp; &lt;script&gt;alert(1)&lt;/script&gt;</p>",
        '<!-- wp:paragraph --><p>Hello <img src=x alt="A boat"> there.</p><!-- /wp:paragraph -->',
        "<p>Unclosed <b>bold. Second <a href='x>y'>link</p>",
        "<p>One <b>sentence. Two</b> sentences.</p>",
        "<script>if (a<b) 'text'</script><style>p{}</style><p>Text.</p>",
        "Wrong </b> order <i>of <b>tags</i> here</b>.",
        "<pre>Line one\n  line two</pre>",
        "A tag that never ends <a href='",
        "<ul><li>One</li><li>Two <em></em></li></ul>",
    ],
)
def test_markup_that_is_not_translated_is_not_changed(text: str) -> None:
    assert translated(text) == text


@pytest.mark.parametrize(
    "kept",
    [
        "<code>ls -l</code>",
        '<span translate="no">Acme Ltd</span>',
        "<b class='x notranslate'>Acme <i>Ltd</i></b>",
        "<!-- a comment of words -->",
        "<script>let words = 'here';</script>",
        "<kbd>Enter</kbd>",
        '<div translate="no"><div>Some</div> words</div>',
    ],
)
def test_what_asks_to_be_left_alone_is(kept: str) -> None:
    """Every other letter turns into an x; these keep theirs."""
    text = f"<p>Some words {kept} follow here.</p>"

    out = translated(text, lambda markup: re.sub(r"[a-z](?![^<]*>)", "x", markup))

    assert kept in out
    assert "xxxx" in out


def test_sentences_are_whole_across_inline_tags() -> None:
    text = "<p>I went to <b>the river</b> today.</p><div>It <a href=x>rained</a>. A lot.</div>"

    sentences = [s.text for s in parse(text, "en").sentences()]

    assert sentences == ["I went to the river today.", "It rained.", "A lot."]


def test_a_label_is_no_part_of_the_sentence_beside_it() -> None:
    text = "<label for=x>Your name</label><input id=x> <abbr>WHO</abbr> asks."
    assert next(s.text for s in parse(text, "en").sentences()) == "Your name"


def test_remembered_markup_has_numbers_for_tags() -> None:
    (sentence,) = parse('See <a href="x" id="y">the <b>port</b></a> & go.', "en").sentences()

    assert sentence.markup == "See <0>the <1>port</1></0> &amp; go."


def test_attributes_for_people_are_translated_and_others_are_not() -> None:
    text = (
        '<img alt="A &quot;boat&quot;" src="boat.png"><input placeholder=Name value="Name">'
        "<a title='Go on' href='go on' aria-label=\"Go\">x</a><code title='Kept'>y</code>"
    )
    document = parse(text, "en")

    parts = document.assemble(lambda s: s.markup, str.upper, "en", "fr")

    assert document.attributes == ['A "boat"', "Name", "Go on", "Go"]
    assert "".join(p if isinstance(p, str) else p[1] for p in parts) == (
        '<img alt="A &quot;BOAT&quot;" src="boat.png"><input placeholder="NAME" value="Name">'
        "<a title='GO ON' href='go on' aria-label=\"GO\">x</a><code title='Kept'>y</code>"
    )


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ('<html lang="en">', '<html lang="ar" dir="rtl">'),
        ('<p lang="en-GB" dir="ltr">', '<p lang="ar" dir="rtl">'),
        ("<p lang=en>", '<p lang="ar" dir="rtl">'),
        # Editors put a direction on every paragraph; inside a sentence it isolates a number.
        ('<p dir="ltr">', '<p dir="rtl">'),
        ('<bdi dir="ltr">', '<bdi dir="ltr">'),
        ('<p dir="auto">', '<p dir="auto">'),
        ('<p lang="fr" dir="ltr">', '<p lang="fr" dir="ltr">'),
        ('<p lang="fr">', '<p lang="fr">'),
        ("<p>", "<p>"),
    ],
)
def test_language_and_direction_are_those_of_the_translation(tag: str, expected: str) -> None:
    parts = parse(f"{tag}x", "en").assemble(lambda s: s.markup, lambda a: a, "en", "ar")

    assert "".join(p if isinstance(p, str) else p[1] for p in parts) == f"{expected}x"


WORDS = st.lists(st.sampled_from(["a", "bb", "ccc", "{0}"]), min_size=1, max_size=8).map(" ".join)


inline_html = st.recursive(
    st.sampled_from(["aa", "bbb", "cc dd", '<i class="icon"></i>', "<br>", '<a id="n"></a>', ""]),
    lambda inner: st.tuples(st.sampled_from(["a", "b", "span"]), st.lists(inner, max_size=3)).map(
        lambda made: f"<{made[0]}>{' '.join(made[1])}</{made[0]}>"
    ),
    max_leaves=8,
)


def itself(sentence: Marked) -> str:
    """A sentence carried over to itself, each word to the same word."""
    size = len(sentence.text.split())
    links = [[float(a == b) for a in range(size)] for b in range(size)]
    return render(sentence.text, sentence.text, sentence.tags, (), links)


@given(st.lists(inline_html, min_size=1, max_size=4).map(" ".join))
@example('Read more <a href="/x"><i class="icon"></i></a> about it')
@example('<a href="/x"><i class="icon"></i></a> first, and last <a href="/x"><b></b></a>')
@example('<a href="/x">more</a><a id="n"></a> to read')
@example('<a href="/x">more<i class="icon"></i></a> to read')
@example('<a href="/x">Read it all.<i class="icon"></i></a> Then go on.')
def test_elements_stand_in_one_another_as_before_the_empty_ones_too(text: str) -> None:
    """An icon in a link stays in its link, and an anchor behind a link does not get into it."""

    def events(markup: str) -> list[str]:
        return re.findall(r"<[^>]*>|[^<>\s]+", markup)

    for carried in (translated(text), carried_over(text)):
        assert events(carried) == events(text)


@pytest.mark.parametrize(
    "text",
    [
        '<a href="/x">more</a><i class="icon"></i> to read',
        'Read more <a href="/x"><i class="icon"></i></a> about it',
        'See <i class="icon"></i>this',
    ],
)
def test_an_icon_keeps_to_the_word_that_it_stood_at(text: str) -> None:
    assert carried_over(text).replace("  ", " ") == text


def carried_over(text: str) -> str:
    parts = parse(text, "en").assemble(itself, lambda a: a, "en", "en")
    return "".join(part if isinstance(part, str) else part[1] for part in parts)


@st.composite
def nested_tags(draw: st.DrawFn, size: int) -> list[Tag]:
    """Tags that nest properly over so many characters, outer ones first."""
    tags: list[Tag] = []

    def inside(start: int, end: int, depth: int, parent: int | None) -> None:
        at = start
        for _ in range(draw(st.integers(0, 2))):
            a = draw(st.integers(at, end))
            b = draw(st.integers(a, end))
            n = len(tags)
            point = draw(st.booleans()) and a == b
            edges = (f"<{n}/>", "") if point else (f"<{n}>", f"</{n}>")
            tags.append(Tag(a, b, *edges, parent))
            if depth < 2 and not point:
                inside(a, b, depth + 1, n)
            at = b

    inside(0, size, 0, None)
    return tags


@given(st.data(), WORDS, WORDS)
def test_tags_carried_over_nest_properly_and_are_all_there(
    data: st.DataObject, source: str, target: str
) -> None:
    """For any alignment, even a senseless one."""
    tags = data.draw(nested_tags(len(source)))
    sources, targets = len(source.split()), len(target.split())
    weight = st.floats(0, 1)
    row = st.lists(weight, min_size=sources, max_size=sources)
    links = data.draw(st.none() | st.lists(row, min_size=targets, max_size=targets))

    out = render(source, target, tags, ["K"], links)

    stack: list[str] = []
    for closing, number, alone in re.findall(r"<(/?)(\d+)(/?)>", out):
        if closing:
            assert stack.pop() == number
            continue
        assert set(map(int, stack)) == ancestors(tags, int(number)), "what was nested, and only it"
        if not alone:
            stack.append(number)
    assert stack == []
    found = Counter(re.findall(r"<\d+/?>", out))
    assert found == Counter(t.opening for t in tags)
    assert re.sub(r"<[^>]*>", "", out) == target.replace("{0}", "K")


def test_a_tag_follows_its_words_when_the_order_turns() -> None:
    """the red car -> la voiture rouge: the adjective's tag moves with it."""
    links = [[1, 0, 0], [0, 0, 1], [0, 1, 0]]

    out = render("the red car", "la voiture rouge", [Tag(4, 7, "<0>", "</0>")], [], links)

    assert out == "la voiture <0>rouge</0>"


def test_attention_of_tokens_becomes_links_of_words() -> None:
    output = Output(
        text="le port",
        source_tokens=("▁the", "▁har", "bour"),
        target_tokens=("▁le", "▁port"),
        attention=((0.8, 0.1, 0.1), (0.2, 0.5, 0.3)),
    )

    assert word_links(output, "the harbour") == [[0.8, pytest.approx(0.2)], [0.2, 0.8]]
    assert word_links(output, "the old harbour") is None


@pytest.mark.parametrize(
    "text",
    [
        "<b>" * 10_000 + "x",
        "<b>a.</b> " * 3_000,
        "<b></b>" * 3_000 + "Hello",
        "<b>x </b>" * 3_000,
        '<a "' * 8_000,
        "<!--" * 8_000,
        "<b>" * 3_000 + "</i>" * 3_000 + "a",
        "<div>" * 10_000 + "x",
        "<p title='" + "a " * 15_000 + "'>b",
        "<code>" * 5_000 + "x",
    ],
    ids=range(10),
)
@pytest.mark.timeout(60)
def test_deep_and_huge_markup_is_neither_lost_nor_a_hang(text: str) -> None:
    """In proportion it is a second's work; a step that is not would take minutes."""
    assert live(translated(text)) == live(text)
