"""Message catalogues of gettext: what is empty is filled, for a person to look at."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterable
from gettext import c2py

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from translate.errors import BadFile
from translate.formats.html_tokens import INLINE, Kind, Token, tokenize

# Translates lines of HTML, all at once.
Translate = Callable[[list[str]], list[str]]

# What a program puts in at run time: %s, %(name)d, %1$s, {name}, {{ name }}, ${name}.
_VARIABLE = re.compile(
    r"%(?:\([^()]*\)|\d+\$)?[#0+-]*\d*(?:\.\d+)?(?:[a-zA-Z@](?!\w)|%)"
    r"|%\([^()]*\)[a-zA-Z]|\$?\{\{?[^{}\n]{0,60}\}?\}"
)
_TAG_OR_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|\w+);")


def translate(data: bytes, target: str, translate_lines: Translate) -> bytes:
    """Fill the empty messages of a catalogue; each is marked fuzzy.

    :raise BadFile: for a file that is no catalogue.
    """
    try:
        found = read_po(io.BytesIO(data), locale=target, abort_invalid=True)
    except Exception as error:
        # Babel lets every kind of error through; none of them is more than "this is no catalogue".
        raise BadFile("the file is no .po catalogue") from error
    empty = [m for m in found if m.id and not any(_forms(m.string))]
    ids = [str(form) for message in empty for form in _forms(message.id)]
    done = iter(
        _as_message(markup, form)
        for markup, form in zip(translate_lines([_as_html(f) for f in ids]), ids, strict=True)
    )
    for message in empty:
        forms = [next(done) for _ in _forms(message.id)]
        message.string = _plurals(found, *forms) if message.pluralizable else forms[0]
        message.flags.add("fuzzy")
    out = io.BytesIO()
    write_po(out, found, width=0)
    return out.getvalue()


def _forms(text: str | Iterable[str] | None) -> list[str]:
    """The singular and the plurals of a message, or its only text."""
    return [text] if isinstance(text, str) else list(text or ())


def _plurals(found: Catalog, one: str, many: str) -> tuple[str, ...]:
    """A form for each of the language's plurals: the singular where it has it, which is not first
    in every language.
    """
    try:
        singular = c2py(found.plural_expr)(1)
    except ValueError:
        singular = 0
    if found.num_plurals == 1:
        return (many,)
    return tuple(one if n == singular else many for n in range(found.num_plurals))


def _as_html(message: str) -> str:
    """A message with its variables as code, and its line ends kept."""
    out: list[str] = []
    is_html = _is_html(message)
    for token in tokenize(message):
        if _is_tag(token):
            out.append(token.raw)
            continue
        at = 0
        for variable in _VARIABLE.finditer(token.raw):
            out += (_text(token.raw[at : variable.start()], is_html), _code(variable[0]))
            at = variable.end()
        out.append(_text(token.raw[at:], is_html))
    markup = "".join(out)
    return f"<pre>{markup}</pre>" if "\n" in message else markup


def _as_message(markup: str, message: str) -> str:
    plain = re.sub(r"</?pre>|</?code>", "", markup) if "<code>" not in message else markup
    if _is_html(message) and not re.search(r"&(?![#\w]+;)", message):
        return plain
    return "".join(html.unescape(t.raw) if not _is_tag(t) else t.raw for t in tokenize(plain))


def _is_html(message: str) -> bool:
    has_tag = any(_is_tag(token) for token in tokenize(message))
    return has_tag or bool(_TAG_OR_ENTITY.search(message))


def _is_tag(token: Token) -> bool:
    return token.kind in (Kind.OPEN, Kind.CLOSE) and token.name in INLINE | {"pre"}


def _text(raw: str, is_html: bool) -> str:
    return html.escape(html.unescape(raw) if is_html else raw, quote=False)


def _code(raw: str) -> str:
    return f"<code>{html.escape(raw, quote=False)}</code>"
