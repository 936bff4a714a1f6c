"""`rayak articles`: bring in, translate, list, give out and remove articles."""

from __future__ import annotations

from collections import Counter

import click

from survey.commands import (
    database_session,
    note,
    now,
    progress,
    read_text,
    settings,
    translation_service,
    write_bytes,
)


@click.group()
def articles() -> None:
    """The articles of the site."""


@articles.command("import")
@click.argument("path", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--language", required=True, help="Language the page is written in, such as en.")
def import_(path: str, language: str) -> None:
    """Take in the articles of a plain-text page; what is there already is not added again."""
    from translate.articles.intake import import_page

    configured = settings()
    if language not in configured.languages:
        known = ", ".join(configured.languages)
        raise click.UsageError(f"--language {language}: the site's languages are {known}")
    text = read_text(path)
    with database_session(configured) as session:
        report = import_page(session, text, language, now=now())
    new, others = set(report.added), {other.article: other.slug for other in report.others}
    note(configured, "article imported", *(article.title for article in report.added))
    click.echo(f"{len(report.found)} articles found, {len(new)} added:")
    for article in report.found:
        mark = "+" if article in new else "!" if article in others else "="
        day = article.day.isoformat() if article.day else "no date   "
        click.echo(f"  {mark} {day}  {article.title}")
    for article, slug in others.items():
        click.echo(
            f"Not added, for {slug} has another text of it: {article.title}. To correct that "
            f"article, open /admin/articles/{slug}/original."
        )
    left = Counter(line.kind for line in report.left_out)
    click.echo(f"{len(report.left_out)} lines left out:")
    for line in report.left_out:
        click.echo(f"  - {line.kind.value}: {' '.join(line.text.split())[:70]}")
    if not left:
        click.echo("  none")


@articles.command("translate")
@click.option("--to", "targets", help="Languages by commas; else all of the site.")
def translate(targets: str | None) -> None:
    """Translate what has no translation yet, or one by an older package."""
    from translate.articles.publication import translate_articles

    configured = settings()
    languages = tuple(targets.split(",")) if targets else configured.languages
    unknown = [code for code in languages if code not in configured.languages]
    if unknown:
        raise click.UsageError(f"--to {','.join(unknown)}: not a language of the site")
    with database_session(configured) as session, progress("Translating articles") as step:
        done = translate_articles(
            session, translation_service(configured), languages, now=now(), progress=step
        )
    click.echo(f"{done.translated} texts translated.")
    for source, target in done.missing_pairs:
        click.echo(f"rayak: no package translates {source} into {target}", err=True)


@articles.command("list")
def list_() -> None:
    """Print every article with its language and the states of its translations."""
    from translate.articles.intake import stored_articles

    with database_session(settings()) as session:
        for a in stored_articles(session):
            states = " ".join(f"{code}={s.value}" for code, s in sorted(a.translations.items()))
            click.echo(f"{a.published_on or '          '}  {a.language}  {a.slug}  {states}")


@articles.command()
@click.argument("slugs", nargs=-1)
@click.option("--language", help="Only articles written in this language.")
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="File; else standard output.")
def export(slugs: tuple[str, ...], language: str | None, output: str | None) -> None:
    """Write articles (all, if none is named) as a page that `articles import` takes."""
    from translate.articles.intake import export_text, stored_articles

    with database_session(settings()) as session:
        chosen = [a for a in stored_articles(session, slugs) if language in (None, a.language)]
    languages = sorted({a.language for a in chosen})
    if len(languages) != 1:
        have = ", ".join(languages) or "none"
        raise click.UsageError(f"a page has one language, these articles: {have}; see --language")
    text = export_text(chosen)
    write_bytes(output, text.encode())


@articles.command()
@click.argument("slugs", nargs=-1, required=True)
def remove(slugs: tuple[str, ...]) -> None:
    """Remove articles with their translations; the answers about them stay."""
    from translate.articles.intake import remove_article

    configured = settings()
    with database_session(configured) as session:
        for slug in slugs:
            remove_article(session, slug)
            note(configured, "article removed", slug)
            click.echo(f"Removed: {slug}")
