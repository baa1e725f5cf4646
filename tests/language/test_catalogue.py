"""The reader's language: chosen, looked up, and complete in both catalogues."""

import re

import pytest

from console.helping import PLACEHOLDERS
from language import numerals
from language.catalogue import Language, choose, of_locale, tr
from tests.language import catalogues


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "vi"}, "vi"),
        ({"LANG": "vi_VN", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "vi:en"}, "vi"),
        ({"LANG": "vie_VN"}, "en"),
    ],
)
def test_the_locale_says_which_language_is_read(environment: dict[str, str], language: str) -> None:
    assert of_locale(environment) == language


@pytest.mark.usefixtures("vietnamese")
def test_numbers_are_written_as_the_reader_writes_them() -> None:
    assert numerals.grouped(1_234_567) == "1.234.567"
    assert numerals.of_english("1,545.5") == "1.545,5"
    choose(Language.ENGLISH)
    assert numerals.of_english("1,545.5") == "1,545.5"


@pytest.mark.usefixtures("vietnamese")
def test_a_message_of_no_catalogue_is_said_as_it_is() -> None:
    assert tr("nobody ever says {what}", what="this") == "nobody ever says this"


@pytest.mark.usefixtures("vietnamese")
def test_nothing_is_said_as_nothing() -> None:
    assert tr("") == ""


@pytest.mark.parametrize("language", list(Language))
def test_a_catalogue_holds_what_the_code_says_and_nothing_else(language: Language) -> None:
    text, compiled = catalogues.written(catalogues.merged(language))
    assert catalogues.po(language).read_bytes() == text, "run `make messages`"
    assert catalogues.po(language).with_suffix(".mo").read_bytes() == compiled


@pytest.mark.parametrize("language", list(Language))
def test_every_message_is_translated(language: Language) -> None:
    assert catalogues.missing(catalogues.kept(language)) == []


@pytest.mark.parametrize("language", list(Language))
def test_a_translation_names_the_facts_of_its_message(language: Language) -> None:
    assert catalogues.astray(catalogues.kept(language)) == []


_THE_SAME = {"IP", "LV", "MV", "N", "SHA", "URI", "URL", "ĐỒNG"}
"""What is typed alike in both languages."""


def test_every_placeholder_of_a_help_has_its_word_and_no_word_is_left_over() -> None:
    written = [
        one.metavar or (one.name.upper() if one.param_type_name == "argument" else "VALUE")
        for command in catalogues.commands()
        for one in command.params
    ]
    found = {word for text in written for word in re.findall(r"[^\W\d]+", text) if word.isupper()}

    assert found - _THE_SAME == set(PLACEHOLDERS)
