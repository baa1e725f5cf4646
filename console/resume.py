"""`ntm resume`: workflows for the open cases of the record that have none."""

import typer

from console import show
from console.failures import UNREACHABLE
from console.options import Output
from console.sending import open_session
from console.ticking import bar


def resume(output: Output = "table") -> None:
    """Mở lại quy trình từ hồ sơ · start workflows for open cases; harmless for those that live."""
    from office.resume import resume as start

    with open_session() as session, bar("hồ sơ · cases") as tell:
        found = session.talk(lambda client: start(client, session.engine, tell))
    if output == "json":
        show.json(found)
    else:
        typer.echo(
            f"{found.open_cases} hồ sơ đang mở · open cases,"
            f" {found.started} mở lại bây giờ · started now"
        )
        for stream in found.failed:
            typer.echo(f"✗ {show.plain(stream)}: chưa mở được · not started; lặp lại · repeat")
    if found.failed:
        raise typer.Exit(UNREACHABLE)
