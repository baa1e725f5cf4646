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
from typer.core import TyperArgument, TyperGroup

from console.failures import USAGE, explain
from console.groups import group
from storage import spans

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter
    from typer._click.shell_completion import CompletionItem

# Each command's module is imported when the command is called: the others cost it nothing.
SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "Hằng ngày · every day": {
        "inbox": ("inbox:inbox", "việc đang chờ · what waits for a post"),
        "approve": ("decide:approve", "đồng ý · say yes to what waits"),
        "return": ("decide:send_back", "trả lại để sửa · send back for revision"),
        "reject": ("decide:reject", "từ chối · say no for good"),
        "abstain": ("voting:abstain", "không biểu quyết · neither yes nor no"),
        "recall": ("voting:recall", "rút quyết định · take one's own back"),
        "opinion": ("voting:app", "xin, cho ý kiến · second opinions"),
    },
    "Hồ sơ · cases": {
        "project": ("project:app", "dự án · projects, dossiers, contracts"),
        "clearance": ("clearance:app", "giải phóng mặt bằng · site clearance"),
        "works": ("works:app", "thi công · works on the ground"),
        "pay": ("pay:app", "thanh toán · payments"),
        "question": ("question:app", "kiến nghị · policy questions and directives"),
        "escalation": ("escalation:app", "đôn đốc · escalations"),
        "programme": ("programme:app", "chương trình · cohorts and communes"),
        "capital": ("capital:app", "kế hoạch vốn · the year's capital plan"),
    },
    "Cán bộ · officials": {
        "official": ("official:app", "cán bộ · who may decide: keys, posts, delegations"),
        "unit": ("units:app", "đơn vị · units that are no more, and who takes over"),
    },
    "Theo dõi · oversight": {
        "watch": ("watch:watch", "theo dõi · the record live on the screen"),
        "why": ("why:why", "vì sao đứng lại · why a project does not move"),
        "report": ("report:app", "báo cáo · the leaders' figures"),
        "simulate": ("simulate:simulate", "nếu … thì sao · what if, played from the record"),
        "ledger": ("ledger:app", "sổ cái · the books, double entry"),
        "policy": ("policy:app", "chính sách · the law as data: check, show, adopt"),
        "basis": ("bases:app", "căn cứ · papers, and what rests on them"),
        "due": ("due:due", "tính hạn · when a limit ends, day by day"),
        "diff": ("compare:diff", "so sánh hai ngày · what changed between two dates"),
        "events": ("chronicle:events", "sự kiện · every fact of a stream"),
        "export": ("export:app", "xuất theo chuẩn · OC4IDS, OCEL for others to read"),
        "audit": ("audit:app", "chống sửa lén · evidence that nothing was altered"),
    },
    "Máy chủ · servers": {
        "up": ("stack:up", "khởi động · start PostgreSQL, Temporal, the worker"),
        "down": ("stack:down", "dừng · stop them; the data stay"),
        "status": ("stack:status", "tình trạng · how each of them is"),
        "codec": ("codec:app", "giải mã · decoded payloads for the Web UI; keys"),
        "store": ("store:app", "kho sự kiện · rebuild or verify the read models"),
        "notices": ("notices:app", "thông báo · messages: waiting, sent, given up"),
        "doctor": ("doctor:doctor", "vì sao không chạy · why things do not move"),
        "reconcile": ("reconcile:reconcile", "đối chiếu · the record against Temporal"),
        "resume": ("resume:resume", "mở lại quy trình · workflows for open cases"),
        "demo": ("demo:demo", "diễn lại năm 2024 · play the year 2024"),
        "rehearse": ("rehearse:rehearse", "tập dượt · practise by another calendar"),
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
                return _build(cmd_name, section[cmd_name][0])
        return None

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """From the table above, so that no module is imported only to be listed."""
        from typer._click.shell_completion import CompletionItem

        told = [pair for section in SECTIONS.values() for pair in section.items()]
        names = [
            CompletionItem(name, help=help_)
            for name, (_, help_) in told
            if name.startswith(incomplete)
        ]
        return [*names, *super(TyperGroup, self).shell_complete(ctx, incomplete)]

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:  # noqa: ARG002  # as Typer calls it
        """The table above, section by section."""
        for title, section in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, told) for name, (_, told) in section.items()])


app = typer.Typer(
    cls=Commands,
    help="Phê duyệt công trình công cộng, có hồ sơ · approval of public works, on record.",
    epilog="Bắt đầu · begin: ntm up, ntm demo, ntm inbox --as chair@hai-phong."
    " Mã thoát · exit status: 1 từ chối · refused, 2 sai cách dùng · wrong usage,"
    " 3 máy chủ không trả lời · a server is not reachable, 4 một phần · in part.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def ntm(
    *,
    no_pager: Annotated[
        bool, typer.Option("--no-pager", help="Không chia trang · print long tables at once.")
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
    try:
        with _traced():
            return app(standalone_mode=False) or 0
    except typer.TyperException as error:
        return _misused(error)
    except Exception as error:
        # Known failures become one line; what nobody expected goes on with its traceback.
        failure = explain(error)
        if failure is None:
            raise
        _say(failure.line, failure.advice)
        return failure.status


def _traced() -> AbstractContextManager[None]:
    """Nothing of it is imported unless the environment asks for a trace."""
    if not spans.is_wanted(os.environ):
        return nullcontext()
    from office import tracing

    known = {name for section in SECTIONS.values() for name in section}
    return tracing.command(next((word for word in sys.argv[1:2] if word in known), ""))


def _misused(error: typer.TyperException) -> int:
    from console import misuse

    context = getattr(error, "ctx", None)
    text = error.format_message()
    if text.startswith("Usage:"):
        typer.echo(text, err=True)
    else:
        path = context.command_path if context else "ntm"
        _say(misuse.said(error), f"xem · see `{path} --help`")
    return USAGE


def _say(line: str, advice: str) -> None:
    from console.show import plain

    told = [f"ntm: {plain(line)}", *(f"     {plain(one.strip())}" for one in advice.splitlines())]
    typer.echo("\n".join(told), err=True)


def _build(name: str, place: str) -> Command:
    module, _, attribute = place.partition(":")
    found = getattr(import_module(f"console.{module}"), attribute)
    if not isinstance(found, typer.Typer):
        command, found = found, group()
        found.command(name)(command)
    built = typer.main.get_command(found)
    _name_arguments_once(built)
    return built


def _name_arguments_once(command: Command) -> None:
    """In the help an argument that says how it is written needs no Python type beside it."""
    for parameter in command.params:
        if isinstance(parameter, TyperArgument) and parameter.metavar:
            parameter.display_type_rich = _nothing  # type: ignore[method-assign]  # Typer has no switch
    for inner in getattr(command, "commands", {}).values():
        _name_arguments_once(inner)


def _nothing(ctx: Context) -> None:
    """A description that is empty."""
