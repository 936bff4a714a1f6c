"""The audit log in the reader's language: who, what was done, and to what."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from babel import UnknownLocaleError
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.accounts.roles import Role
from survey.web.i18n import language_name
from survey.web.moderation_views import STATES
from survey.web.wording_form import PROVIDERS

PROGRAMS: dict[str, Any] = {"command line": _l("command line"), "setup": _l("set-up")}
ACTIONS: dict[str, Any] = {
    "signed in": _l("signed in"),
    "signed out": _l("signed out"),
    "account saved": _l("saved an account"),
    "question changed": _l("changed the question"),
    "question back to built-in": _l("put the built-in question back"),
    "disclaimer changed": _l("changed a disclaimer"),
    "disclaimer back to built-in": _l("put a built-in disclaimer back"),
    "key made": _l("made a key"),
    "key revoked": _l("revoked a key"),
    "package installed": _l("installed a package"),
    "package removed": _l("removed a package"),
    "glossary imported": _l("imported a glossary"),
    "glossary term removed": _l("removed a glossary term"),
    "article imported": _l("imported an article"),
    "articles imported": _l("imported articles"),
    "article written": _l("wrote an article"),
    "article corrected": _l("corrected an article"),
    "article translated": _l("had an article translated"),
    "translation corrected": _l("corrected a translation"),
    "translation reviewed": _l("reviewed a translation"),
    "translation published": _l("published a translation"),
    "translation withdrawn": _l("withdrew a translation"),
    "translation restored": _l("restored a translation"),
    "article removed": _l("removed an article"),
    "glossary term saved": _l("saved a glossary term"),
    "memory corrected": _l("corrected the memory"),
    "memory sentence removed": _l("removed a sentence from the memory"),
    "suggestion accepted": _l("accepted a suggestion"),
    "suggestion rejected": _l("rejected a suggestion"),
    "account made": _l("made an account"),
    "account removed": _l("removed an account"),
    "account role changed": _l("changed a role"),
    "account password changed": _l("changed a password"),
}
ROLES: dict[str, Any] = {
    Role.VIEWER.value: _l("viewer"),
    Role.EDITOR.value: _l("editor"),
    Role.ADMIN.value: _l("administrator"),
}
ANSWER = re.compile(r"answer (\w+) -> (\w+)")


def called(actor: str) -> str:
    """Who did it: an account's name as it is, a program in the page's language."""
    return str(PROGRAMS.get(actor, actor))


def describe(action: str) -> str:
    """What was done, in the page's language; an action without words of ours as it is."""
    answer = ANSWER.fullmatch(action)
    names = {state.value: name for state, name in STATES.items()}
    if answer and set(answer.groups()) <= set(names):
        before, after = (names[value] for value in answer.groups())
        return str(
            _("changed an answer: from “%(before)s” to “%(after)s”", before=before, after=after)
        )
    return str(ACTIONS.get(action, action))


def named(action: str, target: str, titles: Mapping[str, str]) -> str:
    """What it was done to, in the page's language; a target without words of ours as it is.

    Names and texts keep the direction of their letters among the page's words.

    :param titles: of articles, by their short names.
    """
    for pattern, words in _TARGETS.get(_kind(action), ()):
        if found := pattern.fullmatch(target):
            return str(words(titles, **found.groupdict()))
    return _apart(target)


def article_of(action: str, target: str) -> str:
    """The short name of the article that a step is about; nothing for another step."""
    return target.partition(" ")[0] if _kind(action) in ("article", "translation") else ""


def _kind(action: str) -> str:
    """The thing an action is done to: the first of its words."""
    return action.partition(" ")[0]


def _article(titles: Mapping[str, str], slug: str, language: str | None) -> str:
    title = _apart(titles.get(slug, slug))
    return f"{title} ({_language(language)})" if language else title


def _account(_titles: Mapping[str, str], name: str, role: str) -> str:
    return f"{_apart(name)} ({ROLES[role]})"


def _new_role(_titles: Mapping[str, str], name: str, before: str, after: str) -> str:
    roles = {"before": ROLES[before], "after": ROLES[after]}
    return str(_("%(name)s: no longer %(before)s but %(after)s", name=_apart(name), **roles))


def _answer(_titles: Mapping[str, str], number: str) -> str:
    return str(_("answer %(n)s", n=number))


def _suggestion(_titles: Mapping[str, str], number: str) -> str:
    return str(_("suggestion %(n)s", n=number))


def _terms(_titles: Mapping[str, str], added: str, changed: str) -> str:
    return str(_("terms added: %(added)s, changed: %(changed)s", added=added, changed=changed))


def _term(_titles: Mapping[str, str], term: str, source: str, target: str) -> str:
    return f"{_apart(term)} ({_pair(source, target)})"


def _sentence(_titles: Mapping[str, str], source: str, target: str, text: str) -> str:
    return f"{_pair(source, target)} – {_apart(text)}"


def _package(
    _titles: Mapping[str, str], source: str, target: str, version: str, starter: str | None = None
) -> str:
    kind = f" ({_('starter')})" if starter else ""
    return f"{_pair(source, target)} {version}{kind}"


def _disclaimer(_titles: Mapping[str, str], language: str, provider: str | None) -> str:
    words = _language(language)
    return f"{words} – {PROVIDERS[provider]}" if provider else words


def _apart(text: str) -> str:
    """A text whose direction is its own, among words of the page (Unicode's isolates)."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def _pair(source: str, target: str) -> str:
    into = _("all languages") if target == "*" else _language(target, inside=True)
    return str(_("%(source)s to %(target)s", source=_language(source), target=into))


def _language(code: str, *, inside: bool = False) -> str:
    """What the page calls a language; a code that is none of Babel's as it is."""
    try:
        return language_name(code, inside=inside)
    except (UnknownLocaleError, ValueError):
        return code


def _pattern(text: str) -> re.Pattern[str]:
    """How a target is written; CODE stands for a language's code, ROLE for a role's name."""
    code, role = r"[a-z]{2,3}(?:-[A-Za-z]+)?", "|".join(ROLES)
    return re.compile(text.replace("CODE", code).replace("ROLE", role), re.DOTALL)


_ARTICLES = ((_pattern(r"(?P<slug>[a-z0-9-]+)(?: \((?P<language>CODE)\))?"), _article),)
_WORDINGS = (
    (_pattern(r"(?P<language>CODE)(?: (?P<provider>argos|google|browser))?"), _disclaimer),
)
# How targets are written into the log, by what the action is about, and how they are said.
_TARGETS: Mapping[str, tuple[tuple[re.Pattern[str], Callable[..., str]], ...]] = {
    "answer": ((_pattern(r"response (?P<number>\d+)"), _answer),),
    "suggestion": ((_pattern(r"suggestion (?P<number>\d+)"), _suggestion),),
    "account": (
        (_pattern(r"(?P<name>.+) \((?P<role>ROLE)\)"), _account),
        (_pattern(r"(?P<name>.+) \((?P<before>ROLE) -> (?P<after>ROLE)\)"), _new_role),
    ),
    "article": _ARTICLES,
    "translation": _ARTICLES,
    "glossary": (
        (_pattern(r"(?P<added>\d+) added, (?P<changed>\d+) changed"), _terms),
        (_pattern(r"(?P<term>.+) \((?P<source>CODE) (?P<target>CODE|\*)\)"), _term),
    ),
    "memory": ((_pattern(r"(?P<source>CODE)-(?P<target>CODE): (?P<text>.+)"), _sentence),),
    "package": (
        (_pattern(r"argos (?P<source>CODE)-(?P<target>CODE) (?P<version>[\d.]+)"), _package),
        (
            _pattern(
                r"(?P<source>CODE) -> (?P<target>CODE)  .*  (?P<version>[\d.]+)"
                r"(?P<starter> \(starter.*\))?"
            ),
            _package,
        ),
    ),
    "question": _WORDINGS,
    "disclaimer": _WORDINGS,
}
