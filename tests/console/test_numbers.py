"""Numbers as people in Vietnam write them, and what is refused rather than guessed."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.flaws import Flaw, Unfit
from console.numbers import AREA, COUNT, MONEY, Measure, whole

MILLION, BILLION = 10**6, 10**9


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0", 0),
        ("1500000000", 1_500_000_000),
        ("1.500.000.000", 1_500_000_000),
        ("1.234.567", 1_234_567),
        ("1.495 tỷ", 1_495 * BILLION),
        ("1.495 tỉ đồng", 1_495 * BILLION),
        ("529,508 tỷ", 529_508 * MILLION),
        ("0,5 tỷ", 500 * MILLION),
        ("115 triệu", 115 * MILLION),
        ("115TRIỆU", 115 * MILLION),
        ("115 tr.đ", 115 * MILLION),
        ("1.260,5 triệu đồng", 1_260_500_000),
        ("900.000 đồng", 900_000),
        ("900.000đ", 900_000),
        ("1.234,0", 1_234),
        ("  12  ", 12),
        ("1,234,567", 1_234_567),
        ("2,047 billion", 2_047 * BILLION),
        ("529.508 billion", 529_508 * MILLION),
    ],
)
def test_money_in_words_is_read(written: str, meant: int) -> None:
    assert whole(written, MONEY) == meant


@pytest.mark.parametrize(
    ("written", "flaw"),
    [
        ("1.000", Flaw.AMBIGUOUS),
        ("1,000", Flaw.AMBIGUOUS),
        ("715,500", Flaw.AMBIGUOUS),
        ("1,000 tỷ", Flaw.AMBIGUOUS),
        ("1.5 tỷ", Flaw.DOT_DECIMAL),
        ("529.5", Flaw.DOT_DECIMAL),
        ("1,234", Flaw.AMBIGUOUS),
        ("1.000 billion", Flaw.AMBIGUOUS),
        ("1,5 billion", Flaw.NOT_ENGLISH),
        ("1.234,5 billion", Flaw.NOT_ENGLISH),
        ("1,234.50", Flaw.ENGLISH_NUMBER),
        ("12,5", Flaw.NOT_WHOLE),
        ("1,2345 nghìn", Flaw.NOT_WHOLE),
        ("-5", Flaw.NEGATIVE),
        ("−5", Flaw.NEGATIVE),
        ("(5.000.000)", Flaw.NEGATIVE),
        ("5%", Flaw.PERCENT),
        ("1e9", Flaw.SCIENTIFIC),
        ("1E+09", Flaw.SCIENTIFIC),
        ("1_000", Flaw.NOT_A_NUMBER),
        ("NaN", Flaw.NOT_A_NUMBER),
        ("Infinity", Flaw.NOT_A_NUMBER),
        ("-", Flaw.NOT_A_NUMBER),
        ("", Flaw.NOT_A_NUMBER),
        ("một tỷ", Flaw.NOT_A_NUMBER),
        ("1 tỷ 250 triệu", Flaw.UNIT_UNKNOWN),
        ("12.34.567", Flaw.NOT_A_NUMBER),
        ("1.23.456", Flaw.NOT_A_NUMBER),
        ("１２３", Flaw.FOREIGN_DIGITS),
        ("١٢٣", Flaw.FOREIGN_DIGITS),
        ("12²", Flaw.UNIT_UNKNOWN),
        ("007", Flaw.LEADING_ZERO),
        ("5 USD", Flaw.UNIT_UNKNOWN),
        ("1260000000000000", Flaw.TOO_LARGE),
        ("2.000.000 tỷ", Flaw.TOO_LARGE),
    ],
)
def test_what_could_mean_something_else_is_refused(written: str, flaw: Flaw) -> None:
    with pytest.raises(Unfit) as refused:
        whole(written, MONEY)

    assert refused.value.flaw is flaw
    assert refused.value.write


@pytest.mark.parametrize(
    ("held", "measure", "times", "meant"),
    [
        (397, AREA, None, 397),
        (95.0, AREA, None, 95),
        (380.00000000000006, AREA, None, 380),
        ("397 m²", AREA, None, 397),
        ("6 cột", COUNT, None, 6),
        (529.508, MONEY, MILLION, 529_508_000),
        ("1260", MONEY, MILLION, 1_260_000_000),
        ("1.495 tỷ", MONEY, MILLION, 1_495 * BILLION),
    ],
)
def test_cells_and_headings_with_units_are_read(
    held: str | float, measure: Measure, times: int | None, meant: int
) -> None:
    assert whole(held, measure, times) == meant


@pytest.mark.parametrize("held", [12.7, 0.5, -3, 1e9, 1e300, "1.000", "2 ha", "3,5"])
def test_areas_are_whole_square_metres(held: str | float) -> None:
    with pytest.raises(Unfit):
        whole(held, AREA)


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_grouped_or_plain_an_amount_is_the_same(amount: int) -> None:
    grouped = f"{amount:,}".replace(",", ".")

    assert whole(str(amount), MONEY) == amount
    assert whole(f"{grouped} đồng", MONEY) == amount
    if grouped.count(".") != 1:
        assert whole(grouped, MONEY) == amount


@given(st.text(max_size=12) | st.from_regex(r"[0-9.,eE_%+\- ]{1,12}", fullmatch=True))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    with suppress(Unfit):
        assert whole(text, MONEY) >= 0


def test_what_would_be_accepted_is_written_in_the_notation_of_its_unit() -> None:
    with pytest.raises(Unfit) as told:
        whole("5,8 billion", MONEY)
    assert told.value.write == "5.8"
