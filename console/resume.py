"""`ntm resume`: workflows for the open cases of the record that have none."""

import typer

from console import show
from console.failures import UNREACHABLE
from console.options import Output
from console.sending import open_session
from console.ticking import bar
from language.catalogue import plural, tr
from language.numerals import grouped


def resume(output: Output = "table") -> None:
    """Start workflows for open cases; harmless for those that live."""
    from office.resume import resume as start

    with open_session() as session, bar(tr("cases")) as tell:
        found = session.talk(lambda client: start(client, session.engine, tell))
    if output == "json":
        show.json(found)
    else:
        typer.echo(
            plural(
                "{n} open case, {started} started now",
                "{n} open cases, {started} started now",
                found.open_cases,
                n=grouped(found.open_cases),
                started=grouped(found.started),
            )
        )
        for stream in found.failed:
            said = tr("{stream}: not started; repeat this", stream=stream)
            typer.echo(f"✗ {show.plain(said)}")
    if found.failed:
        raise typer.Exit(UNREACHABLE)
