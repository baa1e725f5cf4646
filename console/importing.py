"""`ntm clearance import`: households' cases or power lines of a section, from a spreadsheet."""

import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console import imported, show
from console.failures import REFUSED, Failure, absent, wrong
from console.flaws import Finding, Unfit, why
from console.imported import Outcome
from console.options import As, At, Basis, InSite, Key, Output, Under, Yes
from console.sending import Wanted, check_post, hand_in, made, open_session
from console.signing import With
from console.spreadsheet import comparing, reading, template
from console.spreadsheet.comparing import Compared
from console.spreadsheet.reading import Read
from console.spreadsheet.rows import Line
from domain.authority import authorise
from domain.clearance import Clearing
from domain.households import RegisterCases
from domain.refusal import Refused
from domain.streams import clearance_stream
from domain.utilities import RegisterUtilities
from domain.values import Act, StreamId
from language.catalogue import plural, tr
from language.sentences import in_their_language

if TYPE_CHECKING:
    from office.session import Session

_LONG = 500
"""Rows from which a progress bar is worth its line."""


def write_template(file: Path | None) -> None:
    """Before anything else is asked for: an empty form is nobody's decision."""
    if file is None:
        return
    if file.suffix.lower() != ".xlsx":
        raise wrong("--template", file.name, tr("name it .xlsx"))
    try:
        template.write(file)
    except FileExistsError:
        raise wrong("--template", file.name, tr("the file is there already")) from None
    except OSError as error:
        why = in_their_language(error.strerror) if error.strerror else tr("cannot be written")
        raise wrong("--template", file.name, why) from None
    typer.echo(tr("written: {file}", file=show.plain(file)))
    raise typer.Exit


def import_file(  # noqa: PLR0913  # Typer reads the options from them
    *,
    site: InSite,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            readable=True,
            help="Households or poles, as .xlsx or .csv (UTF-8).",
        ),
    ],
    by: As,
    sheet: Annotated[
        str | None, typer.Option(metavar="NAME", help="The sheet of a workbook.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be recorded.")
    ] = False,
    at: At = None,
    basis: Basis = None,
    key: Key = None,
    under: Under = None,
    yes: Yes = False,
    output: Output = "table",
    template: Annotated[  # noqa: ARG001  # its callback does the work
        Path | None,
        typer.Option(
            metavar="FILE",
            is_eager=True,
            callback=write_template,
            help="Write an empty form and stop.",
        ),
    ] = None,
) -> None:
    """List households or poles from a spreadsheet: all of it or nothing."""
    stream = clearance_stream(site.project, site.section)
    try:
        read = reading.read(file, sheet, _watch)
    except Unfit as unfit:
        finding = Finding(
            flaw=unfit.flaw, why=why(unfit.flaw), write=unfit.write, given=unfit.given
        )
        imported.tell(imported.unread(stream, file, finding), output)
        raise _refused(1) from None
    with open_session() as session:
        check_post(session, by)
        act = Act(by=by, at=at.no_later_than(session.now) if at else session.now, document=basis)
        compared = _compare(session, stream, read, act)
        findings = (*read.findings, *compared.findings)
        decided = None
        if compared.fresh and not findings and not dry_run:
            command = comparing.command(compared.fresh)
            wanted = Wanted(stream=stream, command=command)
            try:
                name = decision_id(stream, command)
                how = With(key=key, under=under, yes=yes)
                envelope = made(session, wanted, by, at, basis, name, how)
                decided = hand_in(session, envelope)
            except Refused:
                # Somebody else, or this clerk in another window, may have been quicker.
                compared = _compare(session, stream, read, act)
                if compared.fresh or compared.findings:
                    raise
    told = imported.told(
        stream, file, read, compared, decided, _outcome(findings, compared, dry_run=dry_run)
    )
    imported.tell(told, output)
    if findings:
        raise _refused(len(findings))


def _compare(session: "Session", stream: StreamId, read: Read, act: Act) -> Compared:
    """Against what stands now, under the law that the section pinned. Raises `Refused`."""
    from storage import policies, queries
    from storage.pinned import Law

    standing = queries.standing(session.engine, stream)
    if standing is None or not isinstance(standing.state, Clearing):
        raise absent("PROJECT/SECTION", stream, tr("see `ntm clearance list`"))
    policy = Law(session.engine, policies.load()).of(standing.state)
    compared = comparing.compare(read, standing.state, act, policy)
    if compared.fresh:
        authorise(comparing.command(compared.fresh), act, standing.state, policy)
    return compared


def decision_id(stream: StreamId, command: RegisterCases | RegisterUtilities) -> str:
    """The same file for the same section is the same decision, whoever sends it again."""
    from pydantic import TypeAdapter

    adapter: TypeAdapter[RegisterCases | RegisterUtilities] = TypeAdapter(type(command))
    content = sha256(stream.encode() + b"\n" + adapter.dump_json(command))
    return f"import-{content.hexdigest()[:40]}"


def _outcome(findings: tuple[Finding, ...], compared: Compared, *, dry_run: bool) -> Outcome:
    if findings:
        return "refused"
    if not compared.fresh:
        return "on-record-already"
    return "dry-run" if dry_run else "recorded"


def _watch(lines: list[Line]) -> Iterable[Line]:
    """A bar on stderr, for somebody who sits there."""
    if len(lines) < _LONG or not sys.stderr.isatty():
        return lines
    from rich.console import Console
    from rich.progress import track

    return track(lines, tr("reading"), console=Console(stderr=True), transient=True)


def _refused(count: int) -> Failure:
    return Failure(
        plural("{n} problem in the file", "{n} problems in the file", count) + " [input]",
        tr("nothing was recorded; correct it and run again"),
        REFUSED,
    )
