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


_INDENT, _ON = "  ", " \\"
_NEVER_CUT = 1_000
_LONGEST = 64
"""So many columns hold a choice beside its option in the narrowest of windows."""

_WORD = re.compile(r"[^\W\d]+")
_TOKEN = re.compile(r"(?:'[^']*'|[^\s'])+")


def example(*lines: str) -> str:
    """The end of a help: how the command is written, one line for each example."""
    return "\n".join([tr("Example: {line}", line=lines[0]), *lines[1:]])


def placeholder(text: str) -> str:
    """`ROLE@UNIT` in the reader's language; what is no word of ours stays: `FILE.pub`'s ending."""
    return _WORD.sub(lambda word: tr_in("placeholder", word[0]), text)


def in_their_language(command: "Command") -> "Command":
    """The same command, and those below it; what ends a help is written in a language already."""
    command.help = command.help and tr(command.help)
    command.short_help = command.short_help and tr(command.short_help)
    command.options_metavar = tr(_OPTIONS)
    command.format_usage = partial(_format_usage, command)  # type: ignore[method-assign]  # no switch
    command.format_epilog = partial(_format_epilog, command)  # type: ignore[method-assign]  # the same
    _tell_whole(command)
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
    _name(parameter)
    if parameter.metavar is not None:
        parameter.metavar = placeholder(parameter.metavar)
    return parameter


def _name(parameter: Any) -> None:
    """What is typed in its place, in capitals, without the Python type that is read from it.

    Words that are too many to stand there go into the help.
    """
    kind = parameter.type_descriptor
    is_argument = parameter.param_type_name == "argument"
    if parameter.metavar is None:
        if kind.is_choice:
            accepted = [str(getattr(one, "value", one)) for one in kind.choices]
            if is_argument or kind.is_list or len("|".join(accepted)) > _LONGEST:
                parameter.metavar = parameter.name.upper()
                parameter.help = (
                    f"{(parameter.help or '').removesuffix('.')}: {', '.join(accepted)}."
                )
        elif is_argument:
            parameter.metavar = parameter.name.upper()
        elif kind.is_ranged:
            parameter.metavar = "N"
    if is_argument and parameter.metavar:
        parameter.display_type_rich = _nothing


def _nothing(ctx: "Context") -> None:
    """A description that is empty."""


def _tell_whole(command: "Command") -> None:
    """In the list of commands a help goes on on the next line, and is not cut off."""
    short = type(command).get_short_help_str
    command.get_short_help_str = lambda limit=0: short(command, max(limit, _NEVER_CUT))  # type: ignore[method-assign]  # the same


def _format_epilog(command: "Command", ctx: "Context", formatter: "HelpFormatter") -> None:  # noqa: ARG001  # as Typer calls it
    if not command.epilog:
        return
    formatter.write_paragraph()
    with formatter.indentation():
        for line in command.epilog.splitlines():
            if "ntm " in line and not line.endswith("."):
                formatter.write("".join(f"{one}\n" for one in folded(line, formatter.width)))
            else:
                formatter.write_text(line)


def folded(line: str, width: int) -> list[str]:
    """A command on as many lines as it needs, that a shell takes as one; nothing quoted is torn."""
    lines: list[str] = []
    now = ""
    for piece in _pieces(line):
        room = width - len(_INDENT) - len(_ON)
        if now and len(now) + 1 + len(piece) > room:
            lines.append(now + _ON)
            now = _INDENT + piece
        else:
            now = f"{now} {piece}" if now else piece
    return [_INDENT + one for one in (*lines, now)]


def _pieces(line: str) -> list[str]:
    """The words of a command, an option together with its value."""
    pieces: list[str] = []
    for word in _TOKEN.findall(line):
        if pieces and pieces[-1].startswith("--") and " " not in pieces[-1] and word[:2] != "--":
            pieces[-1] = f"{pieces[-1]} {word}"
        else:
            pieces.append(word)
    return pieces


def _format_usage(command: "Command", ctx: "Context", formatter: "HelpFormatter") -> None:
    _keep_codes_whole()
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, prefix=f"{tr(USAGE)} ")


def _keep_codes_whole() -> None:
    """A hyphen in `chair@an-duong` is no place to break a line: the halves could not be copied."""
    from typer._click import _textwrap

    _textwrap.TextWrapper.wordsep_re = _textwrap.TextWrapper.wordsep_simple_re
