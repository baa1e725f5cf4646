"""The help of a command in the reader's language: what the code says in English is looked up."""

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from language.catalogue import mark, mark_in, tr, tr_in

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter

USAGE = mark("Usage:")
_OPTIONS = mark("[OPTIONS]")
_INNER = mark("COMMAND [ARGS]...")
PLACEHOLDERS = (
    mark_in("placeholder", "BEFORE"),
    mark_in("placeholder", "CASE"),
    mark_in("placeholder", "CAUSE"),
    mark_in("placeholder", "CITY"),
    mark_in("placeholder", "CODE"),
    mark_in("placeholder", "COHORT"),
    mark_in("placeholder", "COMMAND"),
    mark_in("placeholder", "COMMUNE"),
    mark_in("placeholder", "COST"),
    mark_in("placeholder", "CRITERION"),
    mark_in("placeholder", "DATE"),
    mark_in("placeholder", "DAYS"),
    mark_in("placeholder", "DECISION_ID"),
    mark_in("placeholder", "DIR"),
    mark_in("placeholder", "DISTRICT"),
    mark_in("placeholder", "DOSSIER"),
    mark_in("placeholder", "FIGURE"),
    mark_in("placeholder", "FILE"),
    mark_in("placeholder", "GIVEN"),
    mark_in("placeholder", "GROUND"),
    mark_in("placeholder", "ID"),
    mark_in("placeholder", "ISSUER"),
    mark_in("placeholder", "ITEM"),
    mark_in("placeholder", "KEY"),
    mark_in("placeholder", "KIND"),
    mark_in("placeholder", "LAND"),
    mark_in("placeholder", "LEFT"),
    mark_in("placeholder", "MM"),
    mark_in("placeholder", "NAME"),
    mark_in("placeholder", "NUMBER"),
    mark_in("placeholder", "OBSTACLE"),
    mark_in("placeholder", "OFFICIAL"),
    mark_in("placeholder", "OTHER"),
    mark_in("placeholder", "PATH"),
    mark_in("placeholder", "PERCENT"),
    mark_in("placeholder", "PLACE"),
    mark_in("placeholder", "POLES"),
    mark_in("placeholder", "PREFIX"),
    mark_in("placeholder", "PROGRAMME"),
    mark_in("placeholder", "PROJECT"),
    mark_in("placeholder", "PROPOSAL"),
    mark_in("placeholder", "QUESTION"),
    mark_in("placeholder", "REASON"),
    mark_in("placeholder", "ROLE"),
    mark_in("placeholder", "RULE"),
    mark_in("placeholder", "SECONDS"),
    mark_in("placeholder", "SECTION"),
    mark_in("placeholder", "STAGE"),
    mark_in("placeholder", "STEP"),
    mark_in("placeholder", "STREAM"),
    mark_in("placeholder", "SYMBOL"),
    mark_in("placeholder", "TEXT"),
    mark_in("placeholder", "TIME"),
    mark_in("placeholder", "UNIT"),
    mark_in("placeholder", "VALUE"),
    mark_in("placeholder", "VERSION"),
    mark_in("placeholder", "YEAR"),
    mark_in("placeholder", "YYYY"),
)
"""What stands for that which is typed: `PROJECT/SECTION`, `'SYMBOL;DATE;ISSUER'`."""

_WORD = re.compile(r"[^\W\d]+")
_FEW = 30
"""Letters of choices that stand well beside an option's name; more are read in its help."""

OF_THE_LIBRARY = (
    mark("Arguments"),
    mark("Commands"),
    mark("Options"),
    mark("Show this message and exit."),
    mark("default: {default}"),
    mark("env var: {var}"),
    mark("required"),
)
"""What the command line's library says itself in every help; it asks the standard library for its
words, which `language.catalogue.choose` sends to ours."""


def example(*lines: str) -> str:
    """The end of a help: how the command is written, one line for each example."""
    return "; ".join([tr("Example: {line}", line=lines[0]), *lines[1:]])


def placeholder(text: str) -> str:
    """`ROLE@UNIT` in the reader's language; what is no word of ours stays: `FILE.pub`'s ending."""
    return _WORD.sub(lambda word: tr_in("placeholder", word[0]), text)


def in_their_language(command: "Command") -> "Command":
    """The same command, and those below it; what ends a help is written in a language already."""
    command.help = command.help and tr(command.help)
    # In full: the library would cut it short where commands are listed, though there is room.
    command.short_help = tr(command.short_help) if command.short_help else command.help
    command.options_metavar = tr(_OPTIONS)
    command.format_usage = partial(_format_usage, command)  # type: ignore[method-assign]  # no switch
    for parameter in command.params:
        _say(parameter)
    offered = command.get_help_option
    command.get_help_option = lambda ctx: _say(offered(ctx))  # type: ignore[method-assign]  # the same
    for inner in getattr(command, "commands", {}).values():
        command.subcommand_metavar = tr(_INNER)  # type: ignore[attr-defined]  # a group has it
        in_their_language(inner)
    return command


def _say(parameter: Any) -> Any:
    """An argument or option, if there is one, in the reader's words; twice does no harm."""
    if parameter is None:
        return None
    parameter.help = parameter.help and tr(parameter.help)
    if parameter.metavar is None:
        _name(parameter)
    if parameter.metavar is not None:
        parameter.metavar = placeholder(parameter.metavar)
    return parameter


def _name(parameter: Any) -> None:
    """Name what is typed, where the library would say its type, or every choice in one word."""
    is_argument = parameter.param_type_name == "argument"
    asked = parameter.type_descriptor
    choices = [str(one) for one in asked.choices or ()] if asked.is_choice else []
    if is_argument or len("|".join(choices)) > _FEW:
        parameter.metavar = parameter.name.upper() if is_argument else "VALUE"
        if is_argument:
            parameter.display_type_rich = _nothing
        if choices:
            parameter.help = f"{(parameter.help or '').removesuffix('.')}: {', '.join(choices)}."
    elif asked.annotation is int:
        parameter.metavar = "N"


def _nothing(ctx: "Context") -> None:  # as Typer calls it
    """An argument's name and help say all; its type would be said in English."""


def _format_usage(command: "Command", ctx: "Context", formatter: "HelpFormatter") -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, prefix=f"{tr(USAGE)} ")
