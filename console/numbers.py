"""Whole numbers as people write them in Vietnam: `.` groups thousands, `,` begins decimals.

Beside an English unit, as in `529.508 billion`, it is the other way round. What could be read in
two ways is refused: nobody finds out later that a thousand was meant as one.
"""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from console.flaws import Flaw, Unfit
from domain.values import value
from language.catalogue import mark, tr

_PLAIN = re.compile(r"0|[1-9][0-9]*")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_DECIMAL = re.compile(r"(?P<whole>0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:\.[0-9]{3})+),(?P<part>[0-9]+)")
_MANY_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}")
_ENGLISH = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DOTTED = re.compile(r"[0-9]+\.[0-9]+")
_SCIENTIFIC = re.compile(r"[0-9.,]+[eE][+-]?[0-9]+")
_WITH_UNIT = re.compile(r"(?P<number>[0-9.,\s_]*[0-9])\s*(?P<unit>[^\W\d_].*)?", re.DOTALL)
_SWAPPED = str.maketrans(".,", ",.")
_OF_ANOTHER_NOTATION = (Flaw.DOT_DECIMAL, Flaw.ENGLISH_NUMBER)
_MINUS = ("-", "\N{MINUS SIGN}", "\N{EN DASH}", "\N{EM DASH}", "(")


@value
class Measure:
    """What is counted: its units, folded, as multiples of one, and how many digits are believable.

    A number beside an `english` unit is written the English way. `example` is what a person may
    write.
    """

    units: Mapping[str, int]
    english: Mapping[str, int]
    digits: int
    example: str


_THOUSAND, _MILLION, _BILLION = 10**3, 10**6, 10**9
MONEY: Final = Measure(
    units=MappingProxyType(
        {
            **dict.fromkeys(("dong", "d", "vnd"), 1),
            **dict.fromkeys(("nghin", "ngan", "nghin dong", "ngan dong"), _THOUSAND),
            **dict.fromkeys(("1000 dong", "1 000 dong", "1000d", "1000 d"), _THOUSAND),
            **dict.fromkeys(("trieu", "tr", "trd", "tr d", "trieu dong", "tr dong"), _MILLION),
            **dict.fromkeys(("ty", "ti", "ty dong", "ti dong", "ty d"), _BILLION),
        }
    ),
    english=MappingProxyType({"thousand": _THOUSAND, "million": _MILLION, "billion": _BILLION}),
    digits=15,
    example=mark("1500000000 | 115 million | 529.508 billion"),
)
_NONE: Final[Mapping[str, int]] = MappingProxyType({})
AREA: Final = Measure(
    units=MappingProxyType({"m2": 1}), english=_NONE, digits=9, example="380 | 1234"
)
COUNT: Final = Measure(units=MappingProxyType({"cot": 1}), english=_NONE, digits=5, example="6")


def fold(text: str) -> str:
    """A phrase without accents, capitals, punctuation: what two spellings of it have in common."""
    bare = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(char for char in bare if unicodedata.category(char) not in {"Mn", "Cf"})
    return " ".join(re.sub(r"[^0-9a-z]+", " ", letters.lower()).split())


def whole(given: str | float, measure: Measure, times: int | None = None) -> int:
    """A whole number of the measure's unit; raises `Unfit`.

    `times` is the unit that the column's heading names; a unit beside the number comes first.
    """
    if isinstance(given, str):
        number, unit, is_english = _split(given.strip(), measure)
        read = _read_english(number) if is_english else _read(number, named=unit is not None)
    else:
        # A calculation leaves 380.00000000000006; spreadsheets show, and mean, 15 digits.
        read, unit = Decimal(f"{given:.15g}"), None
    if read < 0:
        raise Unfit(Flaw.NEGATIVE, tr(measure.example))
    total = read * (unit or times or 1)
    if len(str(int(total))) > measure.digits:
        raise Unfit(
            Flaw.TOO_LARGE,
            tr("{n} digits at most: {example}", n=measure.digits, example=tr(measure.example)),
        )
    if total != int(total):
        raise Unfit(Flaw.NOT_WHOLE, tr("a whole number: {example}", example=tr(measure.example)))
    return int(total)


def _split(text: str, measure: Measure) -> tuple[str, int | None, bool]:
    """The number, what the unit beside it multiplies it by, and whether that unit is English."""
    if any(unicodedata.category(char) == "Nd" and not char.isascii() for char in text):
        raise Unfit(Flaw.FOREIGN_DIGITS, "0123456789")
    if "%" in text:
        raise Unfit(Flaw.PERCENT, tr(measure.example))
    if text.startswith(_MINUS) and any(map(str.isdigit, text)):
        raise Unfit(Flaw.NEGATIVE, tr(measure.example))
    if _SCIENTIFIC.fullmatch(text):
        raise Unfit(Flaw.SCIENTIFIC, tr(measure.example))
    found = _WITH_UNIT.fullmatch(text)
    if found is None:
        raise Unfit(Flaw.NOT_A_NUMBER, tr(measure.example))
    if found["unit"] is None:
        return found["number"], None, False
    unit = fold(found["unit"])
    if unit in measure.english:
        return found["number"], measure.english[unit], True
    if unit not in measure.units:
        raise Unfit(Flaw.UNIT_UNKNOWN, tr(measure.example))
    return found["number"], measure.units[unit], False


def _read_english(text: str) -> Decimal:
    """A number beside an English unit: the same rules, the two signs exchanged."""
    try:
        return _read(text.translate(_SWAPPED), named=True)
    except Unfit as unfit:
        flaw = Flaw.NOT_ENGLISH if unfit.flaw in _OF_ANOTHER_NOTATION else unfit.flaw
        raise Unfit(flaw, unfit.write.translate(_SWAPPED)) from None


def _read(text: str, *, named: bool) -> Decimal:
    """A number in the Vietnamese form; `named` when a unit word beside it says which form it is."""
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if _GROUPED.fullmatch(text):
        if text.count(".") == 1 and not named:
            first, _, rest = text.partition(".")
            raise _in_two_ways(f"{first}{rest}", _plain(first, rest))
        return Decimal(text.replace(".", ""))
    if found := _DECIMAL.fullmatch(text):
        return _decimal(found["whole"], found["part"], named=named)
    if _MANY_GROUPS.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if _ENGLISH.fullmatch(text):
        as_here = text.replace(",", "").replace(".", ",")
        raise Unfit(Flaw.ENGLISH_NUMBER, as_here)
    if _DOTTED.fullmatch(text):
        raise Unfit(Flaw.DOT_DECIMAL, text.replace(".", ","))
    if text.isdigit():
        raise Unfit(Flaw.LEADING_ZERO, text.lstrip("0") or "0")
    raise Unfit(Flaw.NOT_A_NUMBER, "1234567 | 1.234.567 | 1234,5")


def _decimal(before: str, after: str, *, named: bool) -> Decimal:
    """`1,000` may be an English thousand, unless a unit stands beside it that has decimals."""
    like_english = len(after) == 3 and before != "0" and len(before) <= 3
    if like_english and (not named or after.endswith("0")):
        raise _in_two_ways(f"{before}{after}", _plain(before, after))
    return Decimal(f"{before.replace('.', '')}.{after}")


def _in_two_ways(one: str, other: str) -> Unfit:
    return Unfit(Flaw.AMBIGUOUS, tr("{one} or {other}", one=one, other=other))


def _plain(before: str, after: str) -> str:
    decimals = after.rstrip("0")
    return f"{before},{decimals}" if decimals else before
