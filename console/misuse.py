"""A command line that cannot be read: what is wrong with it, and what was probably meant."""

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from console.show import plain
from language.catalogue import tr
from language.sentences import in_their_language

if TYPE_CHECKING:
    from typer import TyperException

_NO_COMMAND = re.compile(r"No such command '(?P<typed>.*?)'\.")


def said(error: "TyperException") -> str:
    """The fault in one line, safe to print."""
    context: Any = getattr(error, "ctx", None)
    if option := getattr(error, "option_name", None):
        near = getattr(error, "possibilities", None)
        if near is not None:
            return plain(_meant(tr("no such option: {option}", option=option), near))
    text = " ".join(error.format_message().replace("Value error, ", "").split())
    if context is not None and (found := _NO_COMMAND.match(text)):
        typed = found["typed"]
        known = context.command.list_commands(context)
        near = get_close_matches(typed, known)
        return plain(_meant(tr("no such command: {command}", command=typed), near))
    return plain(in_their_language(text))


def _meant(told: str, near: list[str]) -> str:
    if not near:
        return told
    return tr("{told}; did you mean {meant}?", told=told, meant=", ".join(near))
