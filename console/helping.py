"""The help of a command in the reader's language: what the code says in English is looked up."""

from functools import partial
from typing import TYPE_CHECKING, Any

from language.catalogue import mark, tr

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter

USAGE = mark("Usage:")
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


def in_their_language(command: "Command") -> "Command":
    """The same command, and those below it; what ends a help is written in a language already."""
    command.help = command.help and tr(command.help)
    command.short_help = command.short_help and tr(command.short_help)
    command.format_usage = partial(_format_usage, command)  # type: ignore[method-assign]  # no switch
    for parameter in command.params:
        _say(parameter)
    offered = command.get_help_option
    command.get_help_option = lambda ctx: _say(offered(ctx))  # type: ignore[method-assign]  # the same
    for inner in getattr(command, "commands", {}).values():
        in_their_language(inner)
    return command


def _say(parameter: Any) -> Any:
    """An argument or option, if there is one, with its help looked up; twice does no harm."""
    if parameter is not None and parameter.help:
        parameter.help = tr(parameter.help)
    return parameter


def _format_usage(command: "Command", ctx: "Context", formatter: "HelpFormatter") -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, prefix=f"{tr(USAGE)} ")
