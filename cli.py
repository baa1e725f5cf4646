"""The `ntm` command: finds its groups, and turns failures into one line and an exit status."""

from __future__ import annotations

import gc
import io
import os
import sys
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from console import helping
from console.failures import BROKEN_OFF, USAGE, explain
from console.groups import group
from console.helping import in_their_language
from language.catalogue import Language, choose, mark, of_locale, tr
from storage import spans

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter
    from typer._click.shell_completion import CompletionItem

# Each command's module is imported when the command is called: the others cost it nothing.
SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    mark("Every day"): {
        "inbox": ("inbox:inbox", mark("what waits for a post")),
        "approve": ("decide:approve", mark("say yes to what waits")),
        "return": ("decide:send_back", mark("send back for revision")),
        "reject": ("decide:reject", mark("say no for good")),
        "abstain": ("voting:abstain", mark("neither yes nor no")),
        "recall": ("voting:recall", mark("take one's own decision back")),
        "opinion": ("voting:app", mark("ask for second opinions, and give them")),
    },
    mark("Cases"): {
        "project": ("project:app", mark("projects, dossiers, contracts")),
        "clearance": ("clearance:app", mark("site clearance")),
        "works": ("works:app", mark("works on the ground")),
        "pay": ("pay:app", mark("payments")),
        "question": ("question:app", mark("policy questions and directives")),
        "escalation": ("escalation:app", mark("escalations, and answers to them")),
        "programme": ("programme:app", mark("cohorts and communes")),
        "capital": ("capital:app", mark("the year's capital plan")),
    },
    mark("Officials"): {
        "official": ("official:app", mark("who may decide: keys, posts, delegations")),
        "unit": ("units:app", mark("units that are no more, and who takes over")),
    },
    mark("Oversight"): {
        "watch": ("watch:watch", mark("the record live on the screen")),
        "why": ("why:why", mark("why a project does not move")),
        "report": ("report:app", mark("the leaders' figures")),
        "simulate": ("simulate:simulate", mark("what if, played from the record")),
        "ledger": ("ledger:app", mark("the books, double entry")),
        "policy": ("policy:app", mark("the law as data: check, show, adopt")),
        "basis": ("bases:app", mark("papers, and what rests on them")),
        "due": ("due:due", mark("when a limit ends, day by day")),
        "diff": ("compare:diff", mark("what changed between two dates")),
        "events": ("chronicle:events", mark("every fact of a stream")),
        "export": ("export:app", mark("OC4IDS, OCEL for others to read")),
        "audit": ("audit:app", mark("evidence that nothing was altered")),
    },
    mark("Servers"): {
        "up": ("stack:up", mark("start PostgreSQL, Temporal, the worker")),
        "down": ("stack:down", mark("stop them; the data stay")),
        "status": ("stack:status", mark("how each of them is")),
        "codec": ("codec:app", mark("decoded payloads for the Web UI; keys")),
        "store": ("store:app", mark("rebuild or verify the read models")),
        "notices": ("notices:app", mark("messages: waiting, sent, given up")),
        "doctor": ("doctor:doctor", mark("why things do not move")),
        "reconcile": ("reconcile:reconcile", mark("the record against Temporal")),
        "resume": ("resume:resume", mark("workflows for open cases")),
        "demo": ("demo:demo", mark("play the year 2024")),
        "rehearse": ("rehearse:rehearse", mark("practise by another calendar")),
    },
}


class Commands(TyperGroup):
    """The groups of `SECTIONS`, imported one at a time."""

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002  # as Typer calls it
        """Every name, in the order of the help."""
        return [name for section in SECTIONS.values() for name in section]

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:  # noqa: ARG002  # as Typer calls it
        """Import the module of one command, and nothing of the others."""
        for section in SECTIONS.values():
            if cmd_name in section:
                return in_their_language(built(cmd_name, section[cmd_name][0]))
        return None

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """From the table above, so that no module is imported only to be listed."""
        from typer._click.shell_completion import CompletionItem

        told = [pair for section in SECTIONS.values() for pair in section.items()]
        names = [
            CompletionItem(name, help=tr(help_))
            for name, (_, help_) in told
            if name.startswith(incomplete)
        ]
        return [*names, *super(TyperGroup, self).shell_complete(ctx, incomplete)]

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:  # noqa: ARG002  # as Typer calls it
        """The table above, section by section."""
        for title, section in SECTIONS.items():
            with formatter.section(tr(title)):
                formatter.write_dl([(name, tr(told)) for name, (_, told) in section.items()])


_ABOUT = mark("Approval of public works, on record.")
_BEGIN = mark(
    "Begin: ntm up, ntm demo, ntm inbox --as chair@hai-phong."
    " Exit status: 1 refused, 2 wrong usage, 3 a server is not reachable, 4 in part."
)
app = typer.Typer(
    cls=Commands,
    help=_ABOUT,
    epilog=_BEGIN,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def ntm(
    *,
    lang: Annotated[  # noqa: ARG001  # taken from the line before it is read
        Language | None,
        typer.Option("--lang", help="Vietnamese or English; else as the locale says."),
    ] = None,
    no_pager: Annotated[
        bool, typer.Option("--no-pager", help="Print long tables at once.")
    ] = False,
) -> None:
    """Options of every command."""
    if no_pager:
        os.environ["NO_PAGER"] = "1"


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Vietnamese under any locale; what cannot be encoded is shown, not fatal.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    status = _run()
    if "temporalio" in sys.modules:
        # The SDK's runtime must be gone before the interpreter is: otherwise it may abort at exit.
        gc.collect()
    sys.exit(status)


def _run() -> int:
    words = _spoken_to(sys.argv[1:])
    try:
        with _traced(words):
            command = in_their_language(typer.main.get_command(app))
            command.epilog = tr(_BEGIN)
            return command.main(words, prog_name="ntm", standalone_mode=False) or 0
    except typer.TyperException as error:
        return _misused(error)
    except typer.Abort:
        return BROKEN_OFF
    except Exception as error:
        # Known failures become one line; what nobody expected goes on with its traceback.
        failure = explain(error)
        if failure is None:
            raise
        _say(failure.line, failure.advice)
        return failure.status


def _spoken_to(words: list[str]) -> list[str]:
    """Take `--lang vi` from wherever it stands, for every later word is said in that language.

    What it may not be stays alone, and is refused.
    """
    language, rest = of_locale(os.environ), list(words)
    end = rest.index("--") if "--" in rest else len(rest)
    for at, word in enumerate(rest[:end]):
        name, equals, given = word.partition("=")
        if name == "--lang":
            asked = rest[at : at + 1] if equals else rest[at : at + 2]
            told = given if equals else asked[-1]
            del rest[at : at + len(asked)]
            if told in set(Language):
                language = Language(told)
            else:
                rest = asked
            break
    choose(language)
    return rest


def _traced(words: list[str]) -> AbstractContextManager[None]:
    """Nothing of it is imported unless the environment asks for a trace."""
    if not spans.is_wanted(os.environ):
        return nullcontext()
    from office import tracing

    known = {name for section in SECTIONS.values() for name in section}
    return tracing.command(next((word for word in words[:1] if word in known), ""))


def _misused(error: typer.TyperException) -> int:
    from console import misuse

    context = getattr(error, "ctx", None)
    text = error.format_message()
    if text.startswith(tr(helping.USAGE)):
        typer.echo(text, err=True)
    else:
        path = context.command_path if context else "ntm"
        _say(misuse.said(error), tr("see `{command} --help`", command=path))
    return USAGE


def _say(line: str, advice: str) -> None:
    from console.show import plain

    told = [f"ntm: {plain(line)}", *(f"     {plain(one.strip())}" for one in advice.splitlines())]
    typer.echo("\n".join(told), err=True)


def built(name: str, place: str) -> Command:
    """One command with those below it, as the code says it: in English."""
    module, _, attribute = place.partition(":")
    found = getattr(import_module(f"console.{module}"), attribute)
    if not isinstance(found, typer.Typer):
        command, found = found, group()
        found.command(name)(command)
    return typer.main.get_command(found)
