"""A message as people read it."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from activities.letters import letter, told
from domain.notices import Template
from domain.values import StreamId
from storage import texts
from storage.outbox import Owed
from storage.texts import Language
from tests.activities.office import FACTS, MORNING, notice

TEXTS = texts.load()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("template", Template)
def test_every_message_can_be_written(template: Template, language: Language) -> None:
    found = letter(TEXTS, (Owed(notice=notice(template=template), since=MORNING),), language)

    assert found.subject != TEXTS.other.wording(language).subject.format(case="AD01-GT/3")
    assert "{" not in found.subject + found.text
    assert "[payment/AD01-GT/3#1]" in found.text
    assert "T00:00" not in found.text
    # What was typed freely may speak of a household.
    assert "Nguyễn" not in found.text
    assert "H001" not in found.text


def test_the_last_day_of_a_limit_is_the_day_before_its_midnight() -> None:
    owed = notice(template=Template.STEP_OVERDUE)
    owed = replace(owed, stream=StreamId("project/AD01-GT"))

    found = letter(TEXTS, (Owed(notice=owed, since=MORNING),), "vi")

    assert found.subject == "AD01-GT: hồ sơ quyết toán đã quá hạn thẩm tra từ 15/02/2024"
    assert "ntm approve project/AD01-GT --as investor@an-duong" in found.text


@pytest.mark.parametrize("facts", [{}, {"cash": "much"}])
def test_a_message_whose_facts_do_not_fit_is_sent_in_general_words(facts: dict[str, str]) -> None:
    owed = replace(notice(), facts=tuple(facts.items()))

    found = letter(TEXTS, (Owed(notice=owed, since=MORNING),), "en")

    assert found.subject == "AD01-GT/3: there is news"
    assert "ntm inbox --as investor@an-duong" in found.text


def test_a_kind_of_message_without_a_text_is_sent_in_general_words() -> None:
    bare = replace(TEXTS, by_template={})

    found = letter(bare, (Owed(notice=notice(), since=MORNING),), "vi")

    assert found.subject == "AD01-GT/3: có thông báo mới"
    assert told(bare, notice()) == {}


@given(typed=some.text(max_size=400))
def test_whatever_a_fact_holds_a_subject_is_one_plain_line(typed: str) -> None:
    owed = notice(template=Template.ESCALATION, document=typed)

    found = letter(TEXTS, (Owed(notice=owed, since=MORNING),), "vi")

    assert len(found.subject.splitlines()) == 1
    assert all(unicodedata.category(char)[0] != "C" for char in found.subject)
    assert unicodedata.is_normalized("NFC", found.subject)


def test_a_fact_that_looks_like_a_placeholder_stays_what_it_is() -> None:
    owed = notice(template=Template.ESCALATION, document="{to} {cash}")

    found = letter(TEXTS, (Owed(notice=owed, since=MORNING),), "vi")

    assert found.subject.startswith("{to} {cash}: nhắc việc")


@pytest.mark.parametrize("template", [Template.ESCALATION, Template.ESCALATION_COPY])
def test_a_letter_of_the_ladder_carries_its_text_whole_in_the_readers_language(
    template: Template,
) -> None:
    long = "Đoạn AD01-GT/T1 không có tiến triển. " * 30
    owed = Owed(
        notice=notice(template=template, text_vi=long, text_en="No progress."), since=MORNING
    )

    vietnamese, english = letter(TEXTS, (owed,), "vi"), letter(TEXTS, (owed,), "en")

    assert long.strip() in vietnamese.text
    assert "No progress." not in vietnamese.text
    assert "No progress." in english.text
    assert "không có tiến triển, quá hạn bước" in vietnamese.text
    assert "ntm escalation show AD01-GT/3 1" in vietnamese.text


def test_a_directive_says_from_which_day_it_is_in_force_and_not_what_was_typed() -> None:
    owed = notice(template=Template.DIRECTIVE, text="bà Nguyễn Thị A được giữ nhà")

    found = letter(TEXTS, (Owed(notice=owed, since=MORNING),), "vi")

    assert "Văn bản số 07/CT-UBND" in found.text
    assert "hiệu lực từ ngày 20/04/2024" in found.text
    assert "Nguyễn" not in found.text
    assert "ntm question show KN01" in found.text


def test_the_facts_of_every_kind_are_at_hand() -> None:
    assert set(FACTS) == set(Template)
