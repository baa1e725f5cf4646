"""Every message has its text in both languages, and a wrong text is found before it is sent."""

import shutil
from pathlib import Path
from typing import get_args

import pytest

from domain.law import QuestionStage, Trigger
from domain.notices import FACTS, Template
from domain.policy import Policy
from domain.values import Cause, DossierKind, Outcome
from storage import policies, texts
from storage.policy_checks import PolicyError
from storage.texts import COMMON, named

TEXTS = texts.load()
LANGUAGES: tuple[texts.Language, ...] = ("vi", "en")


@pytest.mark.parametrize("template", Template)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_has_a_text_that_says_what_to_type(
    template: Template, language: texts.Language
) -> None:
    assert template in TEXTS.by_template, f"policies/texts/notices.toml: no [{template}]"
    assert template in FACTS, f"domain/notices.py: FACTS lacks {template}"

    wording = TEXTS.by_template[template].wording(language)

    names = {name for name, _ in named(wording.text + wording.subject)}
    assert names <= {*COMMON, *FACTS[template]}
    assert "ntm " in wording.text
    assert {"case", "stream"} & names


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_a_letter_names_by_a_word_has_one(policy: Policy, language: str) -> None:
    words = TEXTS.words[language]  # type: ignore[index]  # parametrised

    wanted = {
        *DossierKind,
        *(step.key for step in policy.chains),
        *(rung.name for rung in policy.ladder),
        *Trigger,
        *Cause,
        *Outcome,
        *get_args(QuestionStage),
    }
    assert wanted <= set(words)


def test_a_rung_is_called_in_letters_as_the_ladder_calls_it(policy: Policy) -> None:
    assert {rung.name: rung.name_vi for rung in policy.ladder}.items() <= TEXTS.words["vi"].items()


def test_what_people_typed_freely_stands_in_no_text() -> None:
    every = [wording for text in TEXTS.by_template.values() for wording in (text.vi, text.en)]

    found = {name for wording in every for name, _ in named(wording.subject + wording.text)}
    assert not found & {"reason", "because", "text", "answer"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'chi {cash:money}"',
            'chi {case:gold}"',
            r"\[payment-paid.vi\] subject: {case:gold} has no such",
        ),
        (
            'chi {cash:money}"',
            'chi {household}"',
            r"{household} is not known; it may name to, stream",
        ),
        ('chi {cash:money}"', 'chi {cash!r}"', r"{cash} is no plain placeholder"),
        ('chi {cash:money}"', 'chi {cash.real}"', r"{cash.real} is no plain placeholder"),
        ('chi {cash:money}"', 'chi {"', r"\[payment-paid.vi\] subject: "),
        ('many = "{count} hồ sơ đã quá hạn"\n', "", "many is missing; a digest needs it"),
        ("[payment-paid.en]", "[payment-paid.fr]", r"\[payment-paid\]: "),
        ("[payment-paid]", "[payment-payed]", "payment-payed"),
        ("[other]", "[others]", r"\[others\] is no kind of message; kinds are step-opened"),
        ('subject = "{case}: có thông báo mới"', 'subject = " "', "a subject is one line"),
        ("urgent = false\ndigest = true", "urgent = true\ndigest = true", "urgent or gathered"),
        ("urgent = false", "urgent = 1", "urgent = 1: "),
        ("urgent = false", "urgent = ", "is not TOML"),
    ],
)
def test_a_wrong_text_is_named_and_nothing_is_loaded(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    place = tmp_path / "texts"
    shutil.copytree(policies.POLICIES / "texts", place)
    file = place / "notices.toml"
    whole = file.read_text("utf-8")
    assert old in whole
    file.write_text(whole.replace(old, new, 1), "utf-8")

    with pytest.raises(PolicyError, match=said):
        texts.load(place)
