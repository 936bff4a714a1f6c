"""Settings: strict, each error naming its variable, and no secret by default."""

from dataclasses import fields
from pathlib import Path

import pytest

from survey.settings import FROM_FILES, Settings, SettingsError

SECRET = "0123456789abcdef0123456789abcdef"


def read(tmp_path: Path, **given: str) -> Settings:
    """Settings from these variables alone."""
    return Settings.from_env({"RAYAK_DATA_DIR": str(tmp_path), **given})


def test_without_a_secret_the_service_does_not_start(tmp_path: Path) -> None:
    """There is no default secret."""
    with pytest.raises(SettingsError, match="rayak setup"):
        read(tmp_path)


def test_a_secret_may_come_from_a_file_that_setup_made(tmp_path: Path) -> None:
    """`rayak setup` writes the key once; later starts find it."""
    (tmp_path / "secret-key").write_text(SECRET + "\n")
    assert read(tmp_path).secret_keys == (SECRET,)


def test_a_secret_may_come_from_a_mounted_file(tmp_path: Path) -> None:
    """`RAYAK_SECRET_KEY_FILE` is read, and never both ways at once."""
    file = tmp_path / "mounted"
    file.write_text(SECRET)
    assert read(tmp_path, RAYAK_SECRET_KEY_FILE=str(file)).secret_keys == (SECRET,)
    with pytest.raises(SettingsError, match="both set"):
        read(tmp_path, RAYAK_SECRET_KEY_FILE=str(file), RAYAK_SECRET_KEY=SECRET)


def test_every_secret_may_come_from_a_mounted_file(tmp_path: Path) -> None:
    """As the README says of the metrics' token; what stands in a file is in no environment."""
    file = tmp_path / "mounted"
    file.write_text(SECRET + "\n")
    found = read(tmp_path, RAYAK_SECRET_KEY=SECRET, RAYAK_METRICS_TOKEN_FILE=str(file))
    assert found.metrics_token == SECRET
    assert {f.metadata["name"] for f in fields(Settings) if f.metadata["secret"]} <= {*FROM_FILES}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RAYAK_LANGUAGE", "en"),
        ("RAYAK_LANGUAGES", "en,xx"),
        ("RAYAK_TIME_ZONE", "Rabat"),
        ("RAYAK_LIMITS", "false"),
        ("RAYAK_MIN_ANSWER_SECONDS", "soon"),
        ("RAYAK_TEXT_LIMIT", "-5"),
        ("RAYAK_COMMENT_DAYS", "0.5"),
        ("RAYAK_COMMENT_DAYS", "99999999999"),
        ("RAYAK_MIN_ANSWER_SECONDS", "1e11"),
        ("RAYAK_LANGUAGES", "en,en"),
        ("RAYAK_LANGUAGES", ","),
        ("RAYAK_NATIONAL_IDS", "MA,ATLANTIS"),
        ("RAYAK_ASK_ONE_IN", "0"),
        ("RAYAK_MINIMUM_CELL", "inf"),
        ("RAYAK_REPEAT_MINUTES", "nan"),
        ("RAYAK_SECRET_KEY", "short"),
        ("RAYAK_SECRET_KEY_FILE", "/nowhere/at/all"),
    ],
)
def test_a_wrong_value_or_an_unknown_name_is_an_error_that_names_it(
    tmp_path: Path, name: str, value: str
) -> None:
    """A misspelt setting must not be silently ignored."""
    given = {"RAYAK_SECRET_KEY": SECRET, name: value}
    if name == "RAYAK_SECRET_KEY_FILE":
        del given["RAYAK_SECRET_KEY"]
    with pytest.raises(SettingsError, match=name):
        read(tmp_path, **given)


def test_every_setting_is_read_from_its_own_variable(tmp_path: Path) -> None:
    """What a variable holds is what its field is made of."""
    given = {
        "RAYAK_SECRET_KEY": SECRET,
        "RAYAK_ORGANISATION_FR": " Institut ",
        "RAYAK_LANGUAGES": "ar, fr",
        "RAYAK_LIMITS": "OFF",
        "RAYAK_COMMENT_DAYS": "30",
        "RAYAK_REPEAT_MINUTES": "2.5",
        "RAYAK_NATIONAL_IDS": "ma,,fr",
        "RAYAK_PACKAGES_DIR": str(tmp_path / "packages"),
        "RAYAK_TEXT_LIMIT": "",
    }
    settings = read(tmp_path, **given)
    assert settings.organisation_in("fr") == "Institut"
    assert settings.languages == ("ar", "fr")
    assert settings.limits is False
    assert (settings.comment_days, settings.repeat_minutes) == (30, 2.5)
    assert settings.national_ids == ("MA", "FR")
    assert settings.packages == tmp_path / "packages"
    assert settings.text_limit == 20_000
    assert settings.database_url == f"sqlite:///{tmp_path / 'rayak.sqlite3'}"


def test_a_secret_is_not_printed(tmp_path: Path) -> None:
    """Settings end up in logs and error reports."""
    assert SECRET not in repr(read(tmp_path, RAYAK_SECRET_KEY=SECRET))


def test_what_is_meant_for_load_tests_is_called_unfit_for_production(tmp_path: Path) -> None:
    """`rayak doctor` names both switches."""
    settings = read(
        tmp_path, RAYAK_SECRET_KEY=SECRET, RAYAK_LIMITS="off", RAYAK_MIN_ANSWER_SECONDS="0"
    )
    assert len(settings.unfit_for_production()) == 2
    assert read(tmp_path, RAYAK_SECRET_KEY=SECRET).unfit_for_production() == []
