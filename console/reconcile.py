"""`ntm reconcile`: what the record waits for against what Temporal runs, one line a difference."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Final

import typer

from console import restoring, show
from console.failures import REFUSED, USAGE, Failure
from console.options import Basis, Key, MaybeAs, Output, Yes
from console.sending import check_post, open_session
from console.signing import With, signed
from console.ticking import spinner
from domain.restore import STREAM, Restored
from domain.streams import Envelope
from domain.values import Act, Document, Post
from language.catalogue import mark, plural, tr
from language.numerals import grouped
from language.sentences import in_their_language

if TYPE_CHECKING:
    from temporalio.client import Client

    from domain.recording import Batch
    from office.reconcile import Comparison, Difference
    from office.session import Session

# What it is, and what to do about it.
SAID: Final[dict[str, tuple[str, str]]] = {
    "missing": (
        mark("is open, but no workflow runs"),
        "ntm reconcile --repair; ntm resume",
    ),
    "ended": (mark("is closed, but its workflow runs"), "ntm reconcile --repair"),
    "unknown": (
        mark("runs, but the record does not know it"),
        mark("was the record restored to an earlier point? find out"),
    ),
    "behind": (mark("its workflow is behind the record"), "ntm reconcile --repair"),
    "ahead": (
        mark("its workflow is ahead of the record"),
        mark("has the record lost events? find out, then ntm reconcile --repair"),
    ),
    "differs": (
        mark("its workflow has the same version, but another state"),
        "ntm reconcile --repair; ntm doctor CASE",
    ),
    "silent": (mark("its workflow did not answer"), mark("ask again; ntm doctor CASE")),
    "wrong-kind": (
        mark("a workflow of another kind has its id"),
        mark("find who started it; they end it, then ntm resume"),
    ),
    "no-worker": (mark("no worker asks for work"), "ntm up"),
}


def reconcile(
    *,
    repair: Annotated[
        bool,
        typer.Option("--repair", help="Start what is missing, and nudge what is behind."),
    ] = False,
    accept: Annotated[
        bool,
        typer.Option("--accept", help="Accept a restored record, and what it lost."),
    ] = False,
    by: MaybeAs = None,
    basis: Basis = None,
    key: Key = None,
    yes: Yes = False,
    output: Output = "table",
) -> None:
    """Compare the record with what Temporal runs, both ways."""
    if accept:
        _accept(by, basis, With(key=key, yes=yes))
        return
    with open_session() as session, spinner(tr("comparing")):
        found = _compared(session, repair=repair)
    if output == "json":
        show.json(found)
    else:
        _tell(found)
    if found.differences or found.restored:
        raise typer.Exit(REFUSED)


def _compared(session: Session, *, repair: bool) -> Comparison:
    """Both sides, and whether the record is trusted: what is found is put on record."""
    from office import reconcile as comparing
    from office import restored

    async def compare(client: Client) -> tuple[Comparison, tuple[Batch, ...]]:
        found = await comparing.reconcile(client, session.engine, repair=repair)
        return found, await restored.seen(client, found.differences, session.now)

    session.examine()
    found, seen = session.talk(compare)
    standing = session.examine(seen)
    return replace(found, restored=standing.found if isinstance(standing, Restored) else None)


def _accept(by: Post | None, basis: Document | None, how: With) -> None:
    """One official accepts what was lost; with the second one commands are taken again."""
    if by is None or basis is None:
        raise Failure(tr("--accept needs --as and --document"), restoring.what_to_do(), USAGE)
    with open_session() as session:
        check_post(session, by)
        standing = session.examine()
        if not isinstance(standing, Restored):
            raise Failure(
                tr("nothing waits to be accepted"),
                tr("see `ntm doctor`"),
                REFUSED,
            )
        envelope = Envelope(
            decision_id=str(uuid.uuid4()),
            stream=STREAM,
            act=Act(by=by, at=session.now, document=basis),
            command=restoring.acceptance(standing),
        )
        decided = session.decide(signed(session, envelope, how), timedelta(0))
    accepted = show.plain(restoring.described(standing.found))
    typer.echo(tr("accepted: {what}", what=accepted))
    if decided.waits:
        typer.echo(tr("one more official has to: {what}", what=restoring.what_to_do()))
    else:
        typer.echo(tr("decisions are taken again; next: ntm reconcile --repair"))


def _tell(found: Comparison) -> None:
    if found.restored:
        typer.echo(f"✗ {show.plain(restoring.described(found.restored))}")
        typer.echo(f"    → {restoring.what_to_do()}")
    for difference in found.repaired:
        typer.echo(f"✓ {_line(difference)} → " + tr("repaired"))
    for difference in found.differences:
        typer.echo(f"✗ {said(difference)}")
    if found.differences:
        differ, of = len(found.differences), grouped(found.cases)
        typer.echo(
            plural(
                "{n} differs, of {of} cases",
                "{n} differ, of {of} cases",
                differ,
                n=grouped(differ),
                of=of,
            )
        )
    else:
        typer.echo(
            plural(
                "{n} case: record and Temporal agree",
                "{n} cases: record and Temporal agree",
                found.cases,
                n=grouped(found.cases),
            )
        )


def said(difference: Difference) -> str:
    """What differs, and what to do about it."""
    return f"{_line(difference)} → {tr(SAID[difference.kind][1])}"


def _line(difference: Difference) -> str:
    versions = ""
    if difference.engine is not None:
        versions = f", v{difference.engine} ↔ v{difference.record}"
    elif difference.record:
        versions = f", v{difference.record}"
    about = f" ({show.plain(in_their_language(difference.about))})" if difference.about else ""
    name = f"{show.plain(difference.stream)}: " if difference.stream else ""
    return f"{name}{tr(SAID[difference.kind][0])}{versions}{about}"
