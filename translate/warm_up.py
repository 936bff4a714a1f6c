"""Loads the models before the first text needs them, in a thread beside the service."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable

from translate.argos.package_folder import Package
from translate.engine import Engine
from translate.errors import TranslateError
from translate.sentences.decoding import Decoding

log = logging.getLogger(__name__)


class WarmUp:
    """The loading of an engine's models; begins once and can be cut short."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread: threading.Thread | None = None
        self._over = threading.Event()

    @property
    def is_running(self) -> bool:
        """Whether models are being loaded: until then a first request waits for them."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Load every model in the background; a broken one is logged and stops no other.

        Once begun it begins no second time, and never after `stop`.
        """
        if self._thread is None and not self._over.is_set():
            self._thread = threading.Thread(target=self._load_all, name="warm-up", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Wait for the model that is being loaded and load no further one.

        A process must not end before: CTranslate2 aborts when its threads are cut off at birth.
        """
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def load(self, packages: Iterable[Package]) -> None:
        """Load the models of packages and run each once.

        :raise TranslateError: when one cannot be loaded.
        """
        for package in packages:
            self._engine.translate(package, ["."], Decoding(beam_size=1))

    def _load_all(self) -> None:
        for _pair, package in sorted(self._engine.catalogue.packages().items()):
            if self._over.is_set():
                return
            try:
                self.load([package])
            except TranslateError as error:
                log.error("%s", error)
