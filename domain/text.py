"""What text may hold: nothing that deceives the eye, a terminal or a database."""

import unicodedata
from dataclasses import fields, is_dataclass

from domain.refusal import Refused

_REFUSED = {"Cc": "control", "Cf": "invisible", "Cs": "broken", "Co": "private-use"}


def check_text(thing: object, where: str = "") -> None:
    """Raise `Refused` for control, invisible or un-normalised characters in any text of a value.

    Text is NFC, so that the same name is the same bytes. The message names the field and the
    position, and never repeats the text.
    """
    if isinstance(thing, str):
        _check(thing, where)
    elif is_dataclass(thing):
        for field in fields(thing):
            check_text(getattr(thing, field.name), f"{where}.{field.name}".lstrip("."))
    elif isinstance(thing, tuple):
        for index, part in enumerate(thing):
            check_text(part, f"{where}[{index}]")


def _check(text: str, where: str) -> None:
    for position, letter in enumerate(text, 1):
        kind = _REFUSED.get(unicodedata.category(letter))
        if kind is not None:
            raise Refused(
                "input",
                f"{where}: character {position} is U+{ord(letter):04X}, {kind}; write plain text",
            )
    if not unicodedata.is_normalized("NFC", text):
        raise Refused("input", f"{where}: is not in composed form (NFC); type it again")
