"""The sample articles keep the promises of translate/samples/README.md."""

import datetime
import pathlib
import re
import tomllib

SAMPLES = pathlib.Path(__file__).resolve().parents[1] / "translate" / "samples"
SECTIONS = {"heritage", "education", "science", "culture", "cooperation", "youth"}
THOUSANDS = re.compile(r"(?<=\d)[,\u00a0\u202f](?=\d{3}(?!\d))")
DIACRITICS = re.compile(r"[\u064b-\u0652\u0670\u0640]+")

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "ar": "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
}


def samples():
    files = sorted(SAMPLES.glob("*.toml"))
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in files}


def texts():
    """Each (slug, language, title, body) of every sample."""
    for slug, sample in samples().items():
        for language, text in sample["text"].items():
            yield slug, language, text["title"], text["body"]


def paragraphs(body):
    return body.strip("\n").split("\n\n")


def numbers(text):
    """The numbers of a text, without thousands separators and with a decimal point."""
    return sorted(re.findall(r"\d+(?:\.\d+)?", decimal_point(THOUSANDS.sub("", text))))


def decimal_point(text):
    return re.sub(r"(?<=\d),(?=\d)", ".", text)


def dates(language, text):
    """Each weekday and date written out in full, as (weekday number, date)."""
    days, months = WEEKDAYS[language].split(), MONTHS[language].split()
    pattern = rf"({'|'.join(days)}),? (\d{{1,2}}) ({'|'.join(months)}) (\d{{4}})"
    for day, number, month, year in re.findall(pattern, text):
        date = datetime.date(int(year), months.index(month) + 1, int(number))
        yield days.index(day), date


def test_there_are_twelve_samples_and_each_is_named_after_its_slug():
    found = samples()
    assert len(found) == 12
    for name, sample in found.items():
        assert sample["slug"] == name
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)


def test_every_sample_has_a_known_section_a_date_and_its_original_text():
    for slug, sample in samples().items():
        assert set(sample) == {"slug", "language", "published", "section", "text"}, slug
        assert sample["section"] in SECTIONS, slug
        first, last = datetime.date(2026, 1, 1), datetime.date(2026, 11, 19)
        assert first <= sample["published"] <= last, slug
        assert sample["language"] in sample["text"], slug
        assert set(sample["text"]) <= {"en", "fr", "ar"}, slug


def test_three_samples_have_only_an_english_original_and_the_others_all_three_languages():
    languages = {slug: set(sample["text"]) for slug, sample in samples().items()}
    alone = [slug for slug, found in languages.items() if found == {"en"}]
    complete = [slug for slug, found in languages.items() if found == {"en", "fr", "ar"}]
    assert (len(alone), len(complete)) == (3, 9)


def test_english_is_not_the_only_original_language():
    assert {sample["language"] for sample in samples().values()} == {"en", "fr", "ar"}


def test_paragraphs_are_separated_by_one_blank_line():
    for slug, language, title, body in texts():
        assert title == title.strip(), (slug, language)
        assert "\n" not in title, (slug, language)
        assert body.endswith("\n"), (slug, language)
        assert not body.startswith("\n"), (slug, language)
        assert 3 <= len(paragraphs(body)) <= 8, (slug, language)
        for paragraph in paragraphs(body):
            assert paragraph == paragraph.strip(), (slug, language)
            assert paragraph, (slug, language)
            assert "\n" not in paragraph, (slug, language)
            assert "  " not in paragraph, (slug, language)


def test_every_language_of_a_sample_has_the_same_paragraphs_with_the_same_numbers():
    for slug, sample in samples().items():
        original = sample["text"][sample["language"]]
        for language, text in sample["text"].items():
            assert numbers(text["title"]) == numbers(original["title"]), (slug, language)
            ours, theirs = paragraphs(text["body"]), paragraphs(original["body"])
            assert len(ours) == len(theirs), (slug, language)
            for place, (one, other) in enumerate(zip(ours, theirs, strict=True), 1):
                assert numbers(one) == numbers(other), (slug, language, place)


def test_a_weekday_beside_a_date_is_the_right_one():
    checked = 0
    for slug, language, _, body in texts():
        for weekday, date in dates(language, body):
            assert weekday == date.weekday(), (slug, language, date)
            checked += 1
    assert checked >= 20


def test_the_day_of_publication_is_named_in_the_first_paragraph():
    for slug, sample in samples().items():
        day = sample["published"]
        for language, text in sample["text"].items():
            month = MONTHS[language].split()[day.month - 1]
            written = f"{day.day} {month} {day.year}"
            assert written in paragraphs(text["body"])[0], (slug, language)


def test_no_text_uses_straight_quotes():
    for slug, language, title, body in texts():
        assert not set("\"'") & set(title + body), (slug, language)


def test_french_punctuation_has_no_break_spaces():
    for slug, language, title, body in texts():
        if language == "fr":
            text = title + "\n" + body
            assert not re.search(r"[^\u00a0\u202f][:;!?%»]", text), slug
            assert not re.search(r"«[^\u00a0\u202f]", text), slug


def test_arabic_is_written_in_arabic_letters_with_arabic_punctuation_and_western_digits():
    for slug, language, title, body in texts():
        if language == "ar":
            text = title + "\n" + body
            letters = [character for character in text if character.isalpha()]
            arabic = [character for character in letters if "\u0600" <= character <= "\u06ff"]
            assert letters == arabic, slug
            assert not re.search(r"[\u0660-\u0669\u06f0-\u06f9]", text), slug
            assert not re.search(r"[;?%]|,(?!\d)", text), slug


def test_arabic_has_no_vowel_signs_and_no_stretched_letters():
    for slug, language, title, body in texts():
        if language == "ar":
            text = re.sub(r"\bالـ(?=\d)|\bلـ(?=\d)", "", title + body)
            assert not DIACRITICS.search(text), slug


def test_other_languages_contain_no_arabic_letters():
    for slug, language, title, body in texts():
        if language != "ar":
            assert not re.search(r"[\u0600-\u06ff]", title + body), (slug, language)


def test_quotation_marks_are_closed():
    pairs = {"en": "“”", "fr": "«»", "ar": "«»"}
    for slug, language, title, body in texts():
        opening, closing = pairs[language]
        for part in [title, *paragraphs(body)]:
            assert part.count(opening) == part.count(closing), (slug, language)


def test_the_institution_is_the_invented_one_in_every_text():
    names = {
        "en": "Meridian Institute for Education, Science and Culture (MIESC)",
        "fr": "Institut Méridien pour l’éducation, les sciences et la culture (IMESC)",
        "ar": "معهد ميريديان للتربية والعلوم والثقافة (ميسك)",
    }
    for slug, language, title, body in texts():
        assert body.count(names[language]) == 1, (slug, language)
        assert not re.search("icesco|isesco|إيسيسكو|ايسيسكو", title + body, re.I), slug
