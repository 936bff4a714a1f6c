"""`rayak serve`: the service, in one process with threads."""

from __future__ import annotations

import logging
import os
from typing import Any

import click

from survey.commands import now, settings
from survey.settings import Settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--threads",
    default=16,
    show_default=True,
    type=click.IntRange(1, 256),
    help="Requests answered at a time; half of them may be translations.",
)
def serve(host: str, port: int, threads: int) -> None:
    """Serve the site, the admin pages and the API; Ctrl+C stops it."""
    # CTranslate2's own threads do the work; libgomp would spin against them.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    configured = settings()
    _prepare(configured)
    # What is made from here on is for the service's own account only.
    os.umask(0o077)
    name = f"[{host}]" if ":" in host else host
    _server(configured, f"{name}:{port}", threads).run()


def translations_of(threads: int) -> int:
    """How many of so many requests at a time may be translations.

    They take seconds to minutes; the other threads go on answering readers, and `/health`.
    """
    return max(1, threads // 2)


class Discreet(logging.Filter):
    """Takes out of gunicorn's log who sent what it could not read, and what that was.

    It names the address, and a line of the request, which may hold any header's value.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, with less in it."""
        if str(record.msg).startswith("Invalid request from"):
            record.msg, record.args = "A request that is no HTTP was refused", ()
        return True


def _as_visited(bind: str) -> str:
    """An address that a browser here can open: listening everywhere includes this machine."""
    return bind.replace("0.0.0.0:", "127.0.0.1:").replace("[::]:", "[::1]:")


def _prepare(configured: Settings) -> None:
    """Check the schema and make sure that the texts on the pages are known to the database."""
    from survey.db import Database
    from survey.ratings import read_wording
    from survey.services import register_wordings, shown_texts
    from survey.wording_changes import current_wordings

    database = Database(configured.database_url)
    try:
        database.check()
        with database.scope() as session:
            texts = shown_texts(
                current_wordings(session, read_wording()).values(), configured.organisation_in
            )
            register_wordings(session, texts, now=now())
    finally:
        database.close()


def _server(configured: Settings, bind: str, threads: int) -> Any:
    from gunicorn.app.base import BaseApplication

    logging.getLogger("gunicorn.error").addFilter(Discreet())

    class Server(BaseApplication):
        def load_config(self) -> None:
            # One process: CTranslate2 is not fork-safe once loaded, and models are shared.
            options = {
                "bind": bind,
                "workers": 1,
                "threads": threads,
                "worker_class": "gthread",
                "timeout": 120,
                "loglevel": "warning",
                "when_ready": lambda _server: click.echo(
                    f"Rayak serves http://{_as_visited(bind)}/ (stop with Ctrl+C)"
                ),
                # Another way in that nobody needs here.
                "control_socket_disable": True,
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from survey.app.application import create_app
            from survey.db import Database

            database = Database(configured.database_url, connections=threads)
            app = create_app(configured, database, translations=translations_of(threads))
            chores, translation = app.extensions["housekeeping"], app.extensions["translation"]

            def end(_server: Any, _worker: Any) -> None:
                translation.warm_up.stop()
                chores.stop()

            self.cfg.set("worker_exit", end)
            # In the worker, after the fork: threads do not survive one.
            chores.start()
            translation.warm_up.start()
            return app

    return Server()
