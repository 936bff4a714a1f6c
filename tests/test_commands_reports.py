"""`rayak report --keep` and `rayak reports` as cron runs them: real processes and real letters."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from reports.periods import Cadence, last_ended
from survey.db import Database
from survey.ratings import digest
from tests import servers
from tests.answers import Answers, put
from tests.mail_server import Post, mail_server
from tests.secure_mail_server import PASSWORD, USER, secure_mail_server

pytestmark = pytest.mark.slow

CAST = ("amina@example.org", "elias@example.org", "vera@example.org")
Run = Callable[..., CompletedProcess[bytes]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a command on a site that was answered on every third day of the last ten weeks."""
    database = Database(f"sqlite:///{tmp_path / 'rayak.sqlite3'}")
    database.upgrade()
    today = datetime.now(UTC).date()
    with database.scope() as session:
        days = [today - timedelta(days=n) for n in range(0, 70, 3)]
        put(session, [Answers(rating=4, number=12, day=day) for day in days])
    database.close()

    def run(*arguments: str, **more: str) -> CompletedProcess[bytes]:
        key = {"RAYAK_SECRET_KEY": "a key of the tests that signs nothing"}
        return servers.rayak(*arguments, env=servers.environment(tmp_path, **key, **more))

    return run


def addressed_to(post_url: str) -> dict[str, str]:
    """The settings of reports in English to the cast."""
    return {
        "RAYAK_REPORT_LANGUAGES": "en",
        "RAYAK_REPORT_RECIPIENTS": ",".join(CAST),
        "RAYAK_REPORT_SENDER": "reports@example.org",
        "RAYAK_SMTP_URL": post_url,
    }


def said(done: CompletedProcess[bytes]) -> str:
    """What a command that did its work printed."""
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def refused(done: CompletedProcess[bytes]) -> str:
    """The one line of a command that did not do its work."""
    assert done.returncode != 0, done.stdout.decode()
    error = done.stderr.decode()
    assert "Traceback" not in error
    return error


@pytest.mark.slow
def test_a_kept_report_goes_to_all_but_the_address_that_fails(run: Run, tmp_path: Path) -> None:
    """Kept once, sent once; the failing one is named, and goes out when a person says so."""
    with mail_server(Post(refused={CAST[0]})) as post:
        reports = addressed_to(f"smtp://127.0.0.1:{post.port}")
        assert "weekly" in said(run("report", "--keep", "weekly", **reports))
        assert said(run("report", "--keep", "weekly", **reports)).startswith("Nothing to keep")
        assert said(run("reports", "list", **reports)).count("waiting") == 3
        assert list((tmp_path / "reports" / "weekly").glob("*/*.en.pdf"))
        failed = run("reports", "send", **reports)
        assert "1 of 3 letters did not go out" in refused(failed)
        assert f"{CAST[0]}  refused" in failed.stdout.decode()
        assert post.recipients == [*CAST[1:]]
        listed = said(run("reports", "list", **reports)).splitlines()
        assert [line.split()[:2] for line in listed[1:]] == [
            [CAST[0], "refused"],
            [CAST[1], "sent"],
            [CAST[2], "sent"],
        ]
        assert "550 no such mailbox" in listed[1]
        assert said(run("reports", "send", **reports)) == "No letter waits.\n"
        post.refused.clear()
        assert said(run("reports", "send", "--again", "1", **reports)) == f"{CAST[0]}  sent\n"
    assert sorted(post.recipients) == sorted(CAST)


@pytest.mark.slow
# The library does not see that a line is encrypted from its first byte on.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_letters_go_out_encrypted_with_a_password_from_a_file(run: Run, tmp_path: Path) -> None:
    """To a server that takes nothing without either."""
    (tmp_path / "password").write_text(PASSWORD)
    with secure_mail_server(tmp_path) as post:
        reports = addressed_to(f"smtps://{USER}@127.0.0.1:{post.port}") | {
            "RAYAK_SMTP_PASSWORD_FILE": str(tmp_path / "password"),
            "SSL_CERT_FILE": str(post.authority),
        }
        said(run("report", "--keep", "monthly", **reports))
        assert said(run("reports", "send", **reports)).count("  sent") == 3
    assert [recipient for recipient, _ in post.letters] == [*CAST]
    assert all(post.encrypted)
    (attached,) = post.letters[0][1].iter_attachments()
    assert attached.get_content().startswith(b"%PDF")


@pytest.mark.slow
def test_a_server_that_is_down_is_said_and_tried_again_later(run: Run) -> None:
    """The letters wait; nothing is lost, and the list says what is wrong."""
    # Nobody listens on the discard port of this machine.
    reports = addressed_to("smtp://127.0.0.1:9")
    said(run("report", "--keep", "weekly", **reports))
    assert "3 of 3 letters did not go out" in refused(run("reports", "send", **reports))
    listed = said(run("reports", "list", **reports))
    assert listed.count("waiting") == 3
    assert "Connection refused" in listed


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("reports", "send"), "set RAYAK_SMTP_URL"),
        (("report", "--keep", "weekly", "--from", "2026-01-01"), "--keep takes its period"),
        (("report", "--keep", "daily"), "'daily' is not one of"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    run: Run, arguments: tuple[str, ...], words: str
) -> None:
    """Without a mail server nothing is sent, and a kept report has its own period."""
    assert words in refused(run(*arguments))


@pytest.mark.slow
def test_a_report_of_an_earlier_question_is_kept_beside_the_newest(run: Run) -> None:
    """Named in the list; a question that was never asked is refused."""
    question = digest(Answers(rating=1).question)
    said(run("report", "--keep", "weekly"))
    kept = run("report", "--keep", "weekly", "--question", question[:8])
    assert f"question {question[:8]}" in said(kept)
    assert said(run("reports", "list")).count("weekly") == 2
    assert "names no version" in refused(
        run("report", "--keep", "weekly", "--question", "12345678")
    )


@pytest.mark.slow
def test_a_list_without_reports_says_how_to_get_one(run: Run) -> None:
    """And a report that is not there has no letters."""
    assert "`rayak report --keep`" in said(run("reports", "list"))
    reports = addressed_to("smtp://127.0.0.1:9")
    assert "Report 99 has no letter" in refused(run("reports", "send", "--again", "99", **reports))


def test_reports_of_months_are_of_months_on_the_command_line_too(run: Run) -> None:
    """Files that cron makes go to readers; whoever has the database may still ask for any days."""
    months = {"RAYAK_REPORT_PERIODS": "months"}
    first, last = last_ended(Cadence.MONTHLY, datetime.now(UTC).date())
    for arguments in ((), ("--from", str(first), "--to", str(last))):
        report = json.loads(said(run("report", "--format", "json", *arguments, **months)))
        assert (report["filters"]["from"], report["filters"]["to"]) == (str(first), str(last))
    days = ("--from", str(first), "--to", str(last - timedelta(days=1)))
    assert "one whole month" in refused(run("report", *days, **months))
    said(run("report", *days, "--any-period", **months))
    assert "--keep monthly" in refused(run("report", "--keep", "weekly", **months))
    assert "monthly" in said(run("report", "--keep", "monthly", **months))


def test_a_report_that_cannot_be_written_names_its_file(run: Run, tmp_path: Path) -> None:
    """One line with the file that was asked for, not with the one it is written by way of."""
    target = tmp_path / "missing" / "report.csv"
    result = run("report", "-o", str(target))
    assert result.returncode == 1
    (line,) = result.stderr.decode().splitlines()
    assert f"{target}: No such file or directory" in line
