"""The `rayak` command: a group whose commands are imported only when they are called."""

from __future__ import annotations

import importlib
import sys

import click

COMMANDS = {
    "admin": "survey.commands.admin:admin",
    "articles": "survey.commands.articles:articles",
    "backup": "survey.commands.backup:backup",
    "db": "survey.commands.database:db",
    "doctor": "survey.commands.doctor:doctor",
    "glossary": "survey.commands.glossary:glossary",
    "keys": "survey.commands.keys:keys",
    "packages": "survey.commands.packages:packages",
    "ratings": "survey.commands.ratings:ratings",
    "report": "survey.commands.report:report",
    "reports": "survey.commands.reports:reports",
    "restore": "survey.commands.backup:restore",
    "serve": "survey.commands.serve:serve",
    "setup": "survey.commands.setup:setup",
    "translate": "survey.commands.translate:translate",
    "verify": "survey.commands.verify:verify",
}


class LazyGroup(click.Group):
    """Finds a command by name and imports its module then: `rayak --help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in order of the alphabet."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(cls=LazyGroup)
@click.version_option(package_name="rayak", prog_name="rayak")
def rayak() -> None:
    """Rayak: visitors' ratings, offline translation and honest reports for a news site.

    Settings are RAYAK_* environment variables; `rayak doctor` prints each with its value.
    """


def main() -> None:
    """Run the command; what an operator can mend is one line on standard error and an exit code."""
    from survey.commands import expected_errors

    try:
        rayak.main(prog_name="rayak", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as error:
        # Not a mistake: whoever names a group alone wants to know what is in it.
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(f"rayak: {_mistake(error)}", err=True)
        sys.exit(error.exit_code)
    except expected_errors() as error:
        click.echo(f"rayak: {_said(error)}", err=True)
        sys.exit(1)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _said(error: Exception) -> str:
    """What an error says, without the numbers and statements that only a programmer reads."""
    if isinstance(error, OSError) and error.filename:
        return _one_line(f"{error.filename}: {error.strerror}")
    # SQLAlchemy adds its statement to what the database said.
    return _one_line(str(getattr(error, "orig", None) or error))


def _mistake(error: click.ClickException) -> str:
    """What was wrong, and which help says how it is right."""
    words = _one_line(error.format_message())
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
    return f"{words.rstrip('.')}; see `{command} --help`" if command else words
