"""A command line that cannot be read: what is wrong with it, and what was probably meant."""

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from console.show import plain
from language.catalogue import mark_in, tr
from language.sentences import in_their_language

if TYPE_CHECKING:
    from typer import TyperException

_NO_COMMAND = re.compile(r"No such command '(?P<typed>.*?)'\.")

OF_THE_LIBRARY: Final = (
    mark_in("sentence", "Missing command."),
    mark_in("sentence", "Missing argument {name}."),
    mark_in("sentence", "Missing argument {name}. Choose from: {choices}"),
    mark_in("sentence", "Missing option {name}."),
    mark_in("sentence", "Missing option {name}. Choose from: {choices}"),
    mark_in("sentence", "{name} (env var: {variable})"),
    mark_in("sentence", "Invalid value: {why}"),
    mark_in("sentence", "Invalid value for {name}: {why}"),
    mark_in("sentence", "Invalid value for {name} (env var: {variable}): {why}"),
    mark_in("sentence", "{given} is not one of {choices}."),
    mark_in("sentence", "No such option: {option}"),
    mark_in("sentence", "Option {name} requires an argument."),
    mark_in("sentence", "Option {name} requires {n:d} arguments."),
    mark_in("sentence", "Option {name} does not take a value."),
    mark_in("sentence", "Got unexpected extra argument(s) ({words})"),
    mark_in("sentence", "file {name} does not exist."),
    mark_in("sentence", "file {name} is a directory."),
    mark_in("sentence", "file {name} is not readable."),
    mark_in("sentence", "directory {name} does not exist."),
    mark_in("sentence", "directory {name} is a file."),
    mark_in("sentence", "Input should be a valid integer, unable to parse string as an integer"),
    mark_in("sentence", "Input should be a valid number, unable to parse string as a number"),
    mark_in("sentence", "Input should be greater than or equal to {least:d}"),
    mark_in("sentence", "Input should be less than or equal to {most:d}"),
)
"""What the command line's library says itself, and the one that reads its numbers, by form."""

_PLAINER: Final = (
    (" a valid integer, unable to parse string as an integer", " a whole number"),
    (" a valid number, unable to parse string as a number", " a number"),
    (" greater than or equal to ", " at least "),
    (" less than or equal to ", " at most "),
    ("Input should be ", "it should be "),
    ("Got unexpected extra argument(s) ", "too many arguments: "),
)
"""Some of it again, in English that is no programmer's."""


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
    told = in_their_language(text)
    for library, plainer in _PLAINER:
        told = told.replace(library, plainer)
    return plain(told)


def _meant(told: str, near: list[str]) -> str:
    if not near:
        return told
    return tr("{told}; did you mean {meant}?", told=told, meant=", ".join(near))
