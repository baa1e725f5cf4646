"""The paper a decision rests on: how its symbol is written, and where the law demands one.

A symbol is a whole (`254/2025/NĐ-CP` is not `254/2025/QH15`), so that it is compared as a whole.
"""

import re
import unicodedata

from domain import approval
from domain.calendar import local_day
from domain.policy import Policy
from domain.refusal import Refused
from domain.streams import Command
from domain.values import Act

_LOOKS_LIKE = {"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ"}
"""Letters of other alphabets that a screen shows as the Vietnamese Đ (U+0110, U+0111)."""

_HASH = re.compile(r"[0-9a-f]{64}")


def normalised(symbol: str) -> str:
    """A symbol in its one form: composed letters, single spaces, none beside `/` and `-`.

    Nothing else is changed, neither case nor letters. Raises `Refused` for a letter that only
    looks like Đ, or is of another alphabet: whoever typed it meant a symbol that nobody will find.
    """
    text = unicodedata.normalize("NFC", " ".join(symbol.split()))
    text = re.sub(r"\s*([/-])\s*", r"\1", text)
    for position, letter in enumerate(text, 1):
        meant = _LOOKS_LIKE.get(letter)
        if meant is not None:
            raise Refused(
                "input",
                f"document: character {position} is U+{ord(letter):04X}, which only looks like"
                f" {meant} (U+{ord(meant):04X}); type {meant}",
            )
        if letter.isalpha() and not unicodedata.name(letter, "").startswith("LATIN "):
            raise Refused(
                "input",
                f"document: character {position} is U+{ord(letter):04X}, no Latin letter;"
                " type the symbol as it is printed",
            )
    return text


def is_whole(symbol: str) -> bool:
    """Whether it says more than a number and a year: who issued it, and as what."""
    return any(letter.isalpha() for letter in symbol)


def type_of(symbol: str) -> str:
    """What kind of paper a symbol names: `QĐ` of `12/QĐ-UBND`, `NQ` of `02/2023/NQ-HĐND`.

    Empty where it names none: laws and resolutions of the National Assembly (`58/2024/QH15`)
    carry their term instead.
    """
    _, slash, last = symbol.rpartition("/")
    kind, dash, _ = last.partition("-")
    return kind if slash and dash else ""


def check_citation(command: Command, act: Act, policy: Policy) -> None:
    """Raise `Refused` when the law demands a paper of the command and the act cites none such."""
    if act.document is not None:
        _check_form(act)
    step = ""
    match command:
        case approval.ApproveStep(dossier=dossier, step=key):
            step = f"{dossier}/{key}"
        case _:
            pass
    for row in policy.citations_of(command.kind, step, local_day(act.at)):
        wanted = " or ".join(row.papers)
        where = f"{command.kind} {step}".rstrip()
        if act.document is None:
            raise Refused(
                "basis_missing",
                f"document: {where} must cite its {wanted}, and nothing is cited ({row.source})",
            )
        if type_of(act.document.symbol) not in row.papers:
            raise Refused(
                "basis_missing",
                f"document: {where} must cite a {wanted}; {act.document.symbol} is none"
                f" ({row.source})",
            )


def _check_form(act: Act) -> None:
    assert act.document is not None
    wrong = [one for one in act.document.files if not _HASH.fullmatch(one)]
    if wrong or len(set(act.document.files)) != len(act.document.files):
        raise Refused("input", "document.files: SHA-256 of each file once, 64 small hex digits")
    if not is_whole(act.document.symbol):
        raise Refused("input", f"document: {act.document.symbol!r} is no whole symbol")
    if normalised(act.document.symbol) != act.document.symbol:
        written = normalised(act.document.symbol)
        raise Refused("input", f"document: write its symbol {written!r}, without spare spaces")
