"""What rules say in English is known again by its form, and said in Vietnamese with its facts."""

import re
from collections.abc import Callable
from pathlib import Path
from string import Formatter
from time import process_time

import pytest

from domain import cases, citing, quorum, text
from domain.refusal import Refused
from language import sentences
from language.catalogue import SENTENCE, Language, choose, tr_in
from language.sentences import in_their_language, recognised
from tests.language import refusals

pytestmark = pytest.mark.usefixtures("vietnamese")


def test_a_form_is_known_again_and_taken_for_no_other() -> None:
    """Two forms that say the same in Vietnamese may stand for each other."""
    assert [form for form in refusals.forms() if "{" in form and not _is_known_again(form)] == []


def _is_known_again(form: str) -> bool:
    sentence, facts = _sample(form)
    found = recognised(sentence)
    if found == (form, facts):
        return True
    return found is not None and _said(form, facts) == _said(*found)


def _sample(form: str) -> tuple[str, dict[str, str]]:
    """A form with a fact in each of its places; one behind another is a source, or an addition."""
    said: list[str] = []
    facts: dict[str, str] = {}
    behind = False
    for literal, name, spec, _ in Formatter().parse(form):
        said.append(literal)
        if name:
            word = f"X-{len(facts) + 1}"
            told = f" ({word})" if behind and not literal else word
            facts.setdefault(name, "-1,234,567" if spec else told)
            said.append(facts[name])
        behind = bool(name)
    return "".join(said), facts


def _said(form: str, facts: dict[str, str]) -> str:
    plain = re.sub(r"\{(\w+):[^}]*\}", r"{\1}", tr_in(SENTENCE, form))
    return plain.format(**facts)


def _pairs() -> list[tuple[str, str]]:
    """Real refusals and their Vietnamese, two lines each, with an empty one between."""
    text = Path(__file__).with_name("refused.txt").read_text("utf-8").rstrip("\n")
    pairs = [tuple(pair.split("\n")) for pair in text.split("\n\n")]
    return [(said, understood) for said, understood in pairs]


@pytest.mark.parametrize(("said", "understood"), _pairs())
def test_a_refusal_is_said_in_vietnamese(said: str, understood: str) -> None:
    assert in_their_language(said) == understood


@pytest.mark.parametrize(
    ("refuse", "understood"),
    [
        (
            lambda: cases.check_reason(" "),
            "reason: còn trống; nêu lý do, không ghi tên người [input]",
        ),
        (
            lambda: cases.check_code(3, "Phạm Lan"),
            (
                "cases: mã của hồ sơ hộ thứ 3 không phải bí danh; viết chữ cái và số: H001"
                " [personal_data]"
            ),
        ),
        (
            lambda: text.check_text("a\u202eb", "reason"),
            "reason: ký tự thứ 2 là U+202E, ký tự vô hình; chỉ dùng ký tự thông thường [input]",
        ),
        (
            lambda: citing.normalised("12/QÐ-UBND"),
            "document: ký tự thứ 5 là U+00D0, chỉ trông giống Đ (U+0110); gõ Đ [input]",
        ),
        (
            lambda: quorum.check_possible(quorum.Majority(attendance=3), ()),
            "bước này không có ai biểu quyết nên không ai quyết định được [empty_group]",
        ),
    ],
)
def test_a_rule_that_refuses_is_understood(refuse: Callable[[], object], understood: str) -> None:
    with pytest.raises(Refused) as refused:
        refuse()
    assert in_their_language(str(refused.value)) == understood


@pytest.mark.parametrize(
    "sentence",
    [
        "the moon is full",
        "an unforeseen sentence: with, parts; of its own",
        "Đường trục xã, đoạn 1: từ cầu Rế đến UBND xã",
        "AD01-GT",
        "{amount} and {}",
        "",
    ],
)
def test_what_nobody_says_here_stays_as_it_is(sentence: str) -> None:
    assert in_their_language(sentence) == sentence


def test_a_long_list_of_names_is_left_as_it_is() -> None:
    codes = ", ".join(f"H{number}" for number in range(5_000))
    said = in_their_language(f"cases: registered already: {codes} [already_exists]")
    assert said == f"cases: đã lập hồ sơ hộ rồi: {codes} [already_exists]"


@pytest.mark.parametrize("joint", [": ", "; ", ", "])
def test_a_text_of_countless_pieces_is_left_as_it_is(joint: str) -> None:
    text = joint.join(["one more"] * 5_000)
    assert in_their_language(text) == text


def test_a_reader_of_english_reads_what_was_said() -> None:
    choose(Language.ENGLISH)
    said = "case H1 is deposited; this needs inventoried or posted [out_of_turn]"
    assert in_their_language(said) == said


def test_a_sentence_is_known_again_at_once() -> None:
    """Nobody waits for it: the first one of a process, with no form read and no pattern made."""
    assert min(_milliseconds_of_the_first() for _ in range(5)) < 20


def _milliseconds_of_the_first() -> float:
    sentences._forms.cache_clear()
    sentences._pattern.cache_clear()
    re.purge()
    begun = process_time()
    in_their_language("a sentence, with parts: that nobody has ever said; nor will [input]")
    in_their_language("case H1 is deposited; this needs inventoried or posted [out_of_turn]")
    return (process_time() - begun) * 1_000


def test_a_form_names_the_facts_of_its_sentence() -> None:
    code = """
raise Refused("input", f"amount: {command.amount:,} đồng for {', '.join(names)}, not {other!r}"
              f"; {len(names)}; {command.amount:,} is {one.name} {two.name}")
"""
    assert refusals.of_source(code) == [
        "amount: {amount:,} đồng for {names}, not {other}; {names_2}; {amount:,} is {name} {name_2}"
    ]


def test_a_piece_that_is_said_at_times_is_a_form_of_its_own() -> None:
    code = """
late = f"; {left:,} is late" if left else ""
raise Refused("input", f"given to {names or 'nobody'}{late}" + (f": {why}, too" if why else ""))
"""
    assert refusals.of_source(code) == [
        "; {left:,} is late",
        "given to {names}{late}{why}",
        "nobody",
        ": {why}, too",
    ]


def test_what_is_no_sentence_is_no_form() -> None:
    code = '''
"""A module says nothing."""
kind: "One | None" = None
KEY = f"{stream}/{version}"
QUERY = "SELECT 1 FROM events"
BOTH = "chạy · run it"
tr("said by itself")
'''
    assert refusals.of_source(code) == []
