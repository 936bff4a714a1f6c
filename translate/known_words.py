"""English and French by their frequent words and endings, which tell the shortest texts apart."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Frequent words of one language that are no words of the other.
_WORDS = {
    "en": _words(
        "the of and to in that is was for it with as his on be at by had not are but from or have "
        "an they which you were her all she there would their we him been has when who will more "
        "if no out so said what up its about into than them can only other new some could time "
        "these two may then do first any my now such like our over man me even most made after "
        "also did many before must through back years where much your way well down should because "
        "each just those people how too good very make world still own see men work long get here "
        "between both life being under never day same another know while last might us great old "
        "year off come since against go came right used take three"
    ),
    "fr": _words(
        "le la les de des du un une et à au aux est sont était dans pour par sur avec que qui ne "
        "pas plus se son sa ses ce cette ces il elle ils elles nous vous je on mais ou où donc "
        "leur leurs été être avoir fait comme tout tous toute toutes sans sous entre aussi bien "
        "très même deux trois après avant lors depuis encore ainsi dont chez vers peut ont avait "
        "mon ma mes notre votre nos vos quel quelle c'est d'un d'une qu'il l'institut bonjour "
        "merci oui non quand alors parce jamais toujours rien chaque autre autres année ans jour "
        "monde pays vie temps pendant contre lui y en"
    ),
    # Known so as not to be taken for English or French.
    "es": _words(
        "el la los las de del que y en por con para una como más pero sus al lo se su es no un "
        "este esta fue son ha sobre entre también cuando muy sin hasta hay donde desde nos durante"
    ),
    "it": _words(
        "il lo gli della di che e un per con non una sono del la le i dei delle nel alla ha è si "
        "anche come più questo questa suo sua stato dal dalla degli nella al ai da in tra"
    ),
    "pt": _words(
        "o os a as do da de que e em para com não uma um dos das no na por mais como mas ao ele "
        "foi se sua seu ou ser quando muito há nos já está também só pelo pela até isso ela entre"
    ),
    "de": _words(
        "der die das und ist in den von zu mit sich des auf für nicht ein eine als auch es an dem "
        "wird im werden aus er hat dass sie nach bei einer um am sind noch wie einem über so zum"
    ),
    "nl": _words(
        "de het een en in van is dat op te voor met die niet zijn aan er om ook als bij door naar "
        "maar uit heeft werd tot wordt hebben over deze worden kan was of zij dan nog"
    ),
    "tr": _words("ve bir bu için ile de da olarak daha olan çok gibi sonra kadar en ne var o"),
    "id": _words("dan yang di untuk dengan dari ini dalam pada tidak akan itu ke adalah oleh"),
    "sw": _words("na ya wa kwa ni katika za la kuwa cha hii hiyo kama au vya watu huu"),
    "ro": _words("și de în la a că cu pe nu din este pentru care sunt al ale fi mai au prin"),
    "pl": _words("i w na z do nie się jest że o to jak po za od dla oraz przez był ale"),
    "sv": _words("och i att det som en på är av för med den till inte har de ett om var från"),
    "da": _words("og i at det som en på er af for med den til ikke har de et om var fra"),
}


@cache
def _frequent() -> dict[str, frozenset[str]]:
    """Words that tell English and French apart, from a file beside this one."""
    path = Path(__file__).with_name("frequent_words.txt")
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if not line.startswith("#"))
    return {language: frozenset(words) for language, *words in rows}


_ENDINGS = {
    "en": ("ing", "ed", "tion", "ly", "ness", "ship", "ful", "th", "ght", "wn", "ck", "sh"),
    "fr": (
        "tion",
        "ment",
        "eux",
        "euse",
        "aux",
        "ique",
        "é",
        "ée",
        "ées",
        "és",
        "eur",
        "ais",
        "ait",
        "ons",
        "ez",
        "elle",
        "ette",
        "oir",
        "isme",
        "ance",
    ),
}
_FRENCH_MARKS = frozenset("éèêëàâçîïôûùœ")
# Letters of neither English nor French.
_FOREIGN_MARKS = frozenset("áóíúñ¿¡ßäöåøãõğışłńśźżțșăčřšžìò")
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu)['’]", re.IGNORECASE)


def are_known(languages: Collection[str]) -> bool:
    """Whether there are words enough here to tell `languages` from each other."""
    return _ENDINGS.keys() >= set(languages)


def shares(text: str, languages: Collection[str]) -> dict[str, float]:
    """How likely each of `languages` is, together at most 1; what speaks for none is left over.

    A few other languages take their part, so that they are not read as one of these.
    """
    words = [w.lower().replace("’", "'") for w in _WORD.findall(text)]
    points = {c: _points(words, text, c) for c in {*languages, *_WORDS}}
    total = sum(points[c] for c in languages)
    everything = sum(points.values())
    if not words or not total:
        # Nothing speaks for any of them; a word or two may be a name.
        doubt = 0.7 if len(words) <= 3 and not everything else 0.1
        return {c: doubt / len(languages) for c in languages}
    # The likeliest of the others takes its part; languages share words, so not each of them does.
    rival = max((points[c] for c in points if c not in languages), default=0.0)
    rival += 0.5 * sum(any(c in _FOREIGN_MARKS for c in w) for w in words)
    best = max(points[c] for c in languages)
    doubt = 1.0 if best >= rival else best / (best + 2 * rival)
    # Running text is full of frequent words; a foreign one holds few of them.
    sure = min(1.0, total / (0.25 * len(words) + 0.5))
    return {c: doubt * sure * points[c] / total for c in languages}


def _points(words: list[str], text: str, language: str) -> float:
    known = _WORDS.get(language, frozenset())
    frequent = _frequent().get(language, frozenset())
    endings = _ENDINGS.get(language, ())
    points = 0.0
    for word in words:
        if word in known:
            points += 1.0
        elif word in frequent:
            points += 0.8
        elif len(word) > 4 and word.endswith(endings):
            points += 0.3
    if language == "fr":
        points += 0.5 * sum(any(c in _FRENCH_MARKS for c in w) for w in words)
        points += 0.7 * len(_ELISION.findall(text))
    return points
