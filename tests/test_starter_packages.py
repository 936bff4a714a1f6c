"""The starter packages: complete, small enough, loadable, and no worse than their README says."""

import ast
import json
import re
import zipfile
from pathlib import Path

import pytest

from translate.training.evaluate import evaluate, translate_all

ROOT = Path(__file__).parents[1]
STARTER = ROOT / "translate" / "starter"
PACKAGES = sorted(STARTER.glob("*.argosmodel"))
HELD_OUT = [
    json.loads(line) for line in (STARTER / "held-out.jsonl").read_text("utf-8").splitlines()
]
# A little below the README's figures: processors round differently.
LEAST_CHRF = {("ar", "en"): 51.5, ("en", "ar"): 51.5, ("en", "fr"): 66.5, ("fr", "en"): 57.0}

every_package = pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)


def way_of(package: Path) -> tuple[str, str]:
    source, target = package.name.split("-")[1].split("_")
    return source, target


def test_there_is_one_package_for_each_pair() -> None:
    assert [way_of(package) for package in PACKAGES] == list(LEAST_CHRF)


def test_the_held_out_file_has_three_languages_in_each_line() -> None:
    assert len(HELD_OUT) == 197
    assert all(set(row) == {"en", "fr", "ar"} and all(row.values()) for row in HELD_OUT)


@every_package
def test_a_package_is_complete_and_fits_the_repository(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        folder = package.name.removesuffix(".argosmodel")
        inside = {name.removeprefix(f"{folder}/") for name in archive.namelist()}
        metadata = json.loads(archive.read(f"{folder}/metadata.json"))
        config = json.loads(archive.read(f"{folder}/model/config.json"))
        card = archive.read(f"{folder}/README.md").decode()

    assert {"metadata.json", "sentencepiece.model", "model/model.bin", "README.md"} <= inside
    assert package.stat().st_size <= 20 * 1024 * 1024
    assert (metadata["from_code"], metadata["to_code"]) == way_of(package)
    assert package.name.endswith(f"-{metadata['package_version'].replace('.', '_')}.argosmodel")
    assert config["add_source_eos"] is True
    assert "tarter" in card


@pytest.mark.slow
@every_package
def test_a_package_does_on_our_held_out_news_what_its_readme_says(package: Path) -> None:
    source, target = way_of(package)

    score = evaluate(package, [row[source] for row in HELD_OUT], [row[target] for row in HELD_OUT])

    assert score.chrf >= LEAST_CHRF[source, target]


SOURCES = {
    "en": [
        "The meeting of {0} will be held on 14 March 2026.",
        "Read more on {0}.",
        "The project cost 250,000 dollars.",
    ],
    "fr": [
        "La réunion de {0} se tiendra le 14 mars 2026.",
        "En savoir plus sur {0}.",
        "Le projet a coûté 250 000 dollars.",
    ],
    "ar": [
        "سيعقد اجتماع {0} في 14 مارس 2026.",
        "اقرأ المزيد على {0}.",
        "بلغت كلفة المشروع 250,000 دولار.",
    ],
}


@pytest.mark.slow
@every_package
def test_placeholders_and_numbers_arrive(package: Path) -> None:
    first, second, third = translate_all(package, SOURCES[way_of(package)[0]])

    assert "{0}" in first
    assert "14" in first
    assert "2026" in first
    assert "{0}" in second
    assert "250" in third


@pytest.mark.slow
def test_vowel_marks_and_the_digits_of_the_east_change_little() -> None:
    """Texts of the East are printed with both, and the corpus has neither."""
    (package,) = (p for p in PACKAGES if way_of(p) == ("ar", "en"))
    plain, printed = translate_all(
        package, ["وقع الوزير أيضا اتفاقية في 2026.", "وقّع الوزير أيضًا اتفاقيةً في ٢٠٢٦."]
    )

    assert "2026" in plain
    assert "2026" in printed
    words = [set(re.findall(r"\w+", text.casefold())) for text in (plain, printed)]
    assert words[0] & words[1] >= {"minister", "agreement"}


def test_only_the_command_line_reaches_for_the_training_room() -> None:
    """And inside a function: a service that never trains never loads PyTorch."""
    reaching = set()
    for folder in ("survey", "reports", "translate"):
        for path in (ROOT / folder).rglob("*.py"):
            if "training" in path.parts:
                continue
            tree = ast.parse(path.read_text("utf-8"))
            for node in ast.walk(tree):
                names = (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [f"{node.module or ''}.{alias.name}" for alias in node.names]
                    if isinstance(node, ast.ImportFrom)
                    else []
                )
                if any("training" in name.split(".") for name in names):
                    reaching.add((path.relative_to(ROOT).as_posix(), node in tree.body))

    assert reaching == {
        ("survey/commands/__init__.py", False),
        ("survey/commands/packages.py", False),
    }
