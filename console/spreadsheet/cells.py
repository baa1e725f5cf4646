"""One cell as the value its column asks for; what is said of it repeats no person's data."""

import re
import unicodedata
from collections.abc import Mapping

from console.flaws import Flaw, Unfit
from console.numbers import MONEY, fold, whole
from console.options import CODE
from console.spreadsheet import headings
from console.spreadsheet.headings import Heading
from console.spreadsheet.sheet import MAX_TEXT, Raw, Unread
from console.spreadsheet.vocabulary import Field
from domain.utilities import Method
from domain.values import Land
from language.catalogue import mark, tr
from language.numerals import grouped

_SMALL_MONEY = 1_000_000
"""Below this an amount without a unit may well be meant in millions."""
_IDENTITY = re.compile(r"0[0-9]{8,10}|[0-9]{9}|[0-9]{10}|[0-9]{12}")
"""Citizen cards have 12 digits, older ones 9, telephones 10 beginning with 0."""
_LETTERS = re.compile(r"[^\W\d_]+")

_CLEAR = frozenset(
    {"ro", "da ro", "ro rang", "xac nhan", "da xac nhan", "da xac dinh", "co", "true", "yes"}
    | {"confirmed", "clear", "ro nguon goc"}
)
_UNCLEAR = frozenset(
    {"chua ro", "khong ro", "chua", "chua xac nhan", "chua xac dinh", "khong", "false", "no"}
    | {"unclear", "unconfirmed", "chua ro nguon goc", "khong ro nguon goc"}
)
_LOW = frozenset({"ha the", "lv", "ht", "0 4kv", "0 4 kv", "0 4", "low", "ha ap", "cot ha the"})
_MIDDLE = frozenset(
    {"trung the", "mv", "tt", "medium", "trung ap", "cot trung the"}
    | {f"{kv}{gap}kv" for kv in (6, 10, 22, 35) for gap in ("", " ")}
)
_LAND = {
    **dict.fromkeys(
        ("dat o", "o", "tho cu", "dat tho cu", "ont", "odt", "residential"), Land.RESIDENTIAL
    ),
    **dict.fromkeys(
        (
            *("nong nghiep", "dat nong nghiep", "dat nn", "nn", "dat trong lua", "dat lua", "lua"),
            *("luc", "luk", "bhk", "hnk", "cln", "nts", "agricultural"),
        ),
        Land.AGRICULTURAL,
    ),
    **dict.fromkeys(("khac", "dat khac", "other"), Land.OTHER),
}
"""Words, and the signs of the cadastral map for the kinds that households hold."""
_METHOD = {
    **dict.fromkeys(
        ("di chuyen", "di doi", "dich chuyen", "relocation", "relocate"), Method.RELOCATION
    ),
    **dict.fromkeys(
        ("ha ngam", "ngam hoa", "ngam", "undergrounding", "underground"), Method.UNDERGROUNDING
    ),
}
_LANDS = mark("residential | agricultural | other (ONT, ODT, LUC, CLN …)")
_METHODS = mark("relocation | undergrounding")
_ORIGIN = mark("clear | unclear")
_VOLTAGE = mark("LV | MV")
_UNREAD = {
    Unread.FORMULA: (Flaw.FORMULA, mark("copy it, and paste the values only")),
    Unread.ERROR: (Flaw.ERROR_VALUE, mark("type the value")),
    Unread.DATE: (Flaw.DATE, mark("format the cell as text, and type it again")),
    Unread.PERCENT: (Flaw.PERCENT, mark("format the cell as a number")),
    Unread.SHOWN_OTHERWISE: (Flaw.SHOWN_OTHERWISE, mark("format the cell as General")),
}


def read(raw: Raw, heading: Heading) -> str | int | bool:
    """The value of a cell: a code, a number, a word that is known, or whether the origin is clear.

    Raises `Unfit`.
    """
    assert heading.known is not None
    if isinstance(raw, Unread) and raw in _UNREAD:
        raise _unread(raw)
    text = _composed(raw) if isinstance(raw, str) else raw
    if isinstance(text, str) and text.startswith("="):
        raise _unread(Unread.FORMULA)
    match heading.known.field:
        case Field.CODE:
            return _pseudonym(_code(text))
        case Field.UTILITY:
            return _code(text)
        case Field.ORIGIN:
            return _origin(text)
        case Field.ORIGIN_CLEAR | Field.ORIGIN_UNCLEAR:
            return _mark(text)
        case Field.VOLTAGE:
            return _voltage(text)
        case Field.LAND:
            return _word(text, _LAND, _LANDS)
        case Field.METHOD:
            return _word(text, _METHOD, _METHODS)
        case _:
            return _number(text, heading)


def _unread(raw: Unread) -> Unfit:
    flaw, write = _UNREAD[raw]
    return Unfit(flaw, tr(write))


def shown(raw: Raw, field: Field) -> str:
    """A value as a message may repeat it: numbers and codes, but nothing that could be a person's.

    Columns slip, and names get typed into the wrong one.
    """
    if isinstance(raw, Unread):
        return ""
    text = " ".join(str(raw).split())
    digits = sum(char.isdigit() for char in text)
    letters = fold(" ".join(_LETTERS.findall(text)))
    named = letters in MONEY.units or len(letters) <= 2
    is_code = field in (Field.CODE, Field.UTILITY) and " " not in text and len(letters) <= 8
    long = digits >= 9 and (field not in (Field.ESTIMATE, Field.STRUCTURES) or text.startswith("0"))
    hidden = any(unicodedata.category(char)[0] == "C" for char in text)
    return (
        text
        if digits and len(text) <= 24 and not long and not hidden and (named or is_code)
        else ""
    )


def _composed(raw: str) -> str:
    """Text in NFC, without the blanks around it."""
    text = unicodedata.normalize("NFC", raw).strip()
    if len(text) > MAX_TEXT:
        raise Unfit(Flaw.TOO_LONG, tr("at most {most} characters", most=grouped(MAX_TEXT)))
    headings.check(text)
    return text


def _code(given: Raw) -> str:
    wanted = tr("1 to 40 letters without accents, digits, '.', '_' or '-': H001")
    if given is Unread.PADDED:
        raise Unfit(Flaw.SHOWN_OTHERWISE, tr("format the cell as text, and type every zero: 0012"))
    if isinstance(given, bool) or given != given:  # noqa: PLR0124  # a NaN
        raise Unfit(Flaw.TRUTH_VALUE, wanted)
    if isinstance(given, float):
        if not given.is_integer():
            raise Unfit(Flaw.BAD_CODE, wanted)
        given = int(given)
    text = str(given)
    if not CODE.fullmatch(text):
        strange = next((c for c in text if not c.isascii() and c.isalpha()), None)
        if strange is None:
            raise Unfit(Flaw.BAD_CODE, wanted)
        found = tr(
            "character {n} is U+{code}; {wanted}",
            n=text.index(strange) + 1,
            code=f"{ord(strange):04X}",
            wanted=wanted,
        )
        raise Unfit(Flaw.BAD_CODE, found)
    return text


def _pseudonym(code: str) -> str:
    """A household's code, which must not be what a person is known by elsewhere."""
    if _IDENTITY.fullmatch(code):
        raise Unfit(Flaw.IDENTITY_NUMBER, tr("give a code of its own: H001"))
    if not any(map(str.isdigit, code)):
        raise Unfit(Flaw.BAD_CODE, tr("a code has a digit, and is nobody's name: H001"))
    return code


def _origin(given: Raw) -> bool:
    if isinstance(given, bool):
        return given
    words = fold(str(given))
    if words in _CLEAR or words in _UNCLEAR:
        return words in _CLEAR
    raise Unfit(Flaw.UNKNOWN_WORD, tr(_ORIGIN))


def _mark(given: Raw) -> bool:
    """A cross in one of two columns, or a word in one alone."""
    if str(given).strip().lower() in {"x", "v", "✓", "✔"}:
        return True
    return _origin(given)


def _voltage(given: Raw) -> str:
    words = fold(str(given))
    if words in _LOW or words in _MIDDLE:
        return "LV" if words in _LOW else "MV"
    raise Unfit(Flaw.UNKNOWN_WORD, tr(_VOLTAGE))


def _word(given: Raw, known: Mapping[str, str], wanted: str) -> str:
    words = fold(str(given))
    if words not in known:
        raise Unfit(Flaw.UNKNOWN_WORD, tr(wanted))
    return known[words]


def _number(given: Raw, heading: Heading) -> int:
    assert heading.known is not None
    assert heading.known.measure is not None
    measure = heading.known.measure
    if given is Unread.PADDED:
        raise _unread(Unread.SHOWN_OTHERWISE)
    if isinstance(given, bool | Unread):
        raise Unfit(Flaw.TRUTH_VALUE, measure.example)
    number = whole(given, measure, heading.times)
    bare = not isinstance(given, str) or not _LETTERS.search(given)
    if measure is MONEY and heading.times is None and bare and 0 < number < _SMALL_MONEY:
        wanted = tr("{heading}; or 115 triệu, 900.000 đồng", heading=heading.known.best)
        raise Unfit(Flaw.UNIT_MISSING, wanted)
    return number
