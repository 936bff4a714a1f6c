"""Comments in a moderator's own language, translated offline; only shown, never stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence


class CommentReader:
    """Translates comments together, those of one language in one go.

    `detect` gives a text's language, empty when it is not known. `translate` gives the texts in
    another language, in their order, or nothing when it cannot.
    """

    def __init__(
        self,
        *,
        detect: Callable[[str], str],
        translate: Callable[[Sequence[str], str, str], Sequence[str]],
    ) -> None:
        self._detect = detect
        self._translate = translate

    def read(self, comments: Mapping[int, str], target: str) -> dict[int, str]:
        """The translations into `target`, by the comments' numbers.

        Comments in `target` itself, of no known language or without a package are left out.
        """
        by_language: defaultdict[str, list[int]] = defaultdict(list)
        for number, text in comments.items():
            language = self._detect(text)
            if language and language != target:
                by_language[language].append(number)
        read: dict[int, str] = {}
        for language, numbers in by_language.items():
            texts = self._translate([comments[n] for n in numbers], language, target)
            if texts:
                read |= zip(numbers, texts, strict=True)
        return read
