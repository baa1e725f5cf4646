"""`ntm resume`: workflows for the open cases of the record that have none."""

import typer

from console import show
from console.options import Output
from console.sending import open_session
from domain.values import value


@value
class Resumed:
    """How many cases are open and have a workflow now."""

    open_cases: int


def resume(output: Output = "table") -> None:
    """Mở lại quy trình từ hồ sơ · start workflows for open cases; harmless for those that live."""
    from office.resume import resume as start

    with open_session() as session:
        count = session.talk(lambda client: start(client, session.engine, lambda _done, _of: None))
    if output == "json":
        show.json(Resumed(open_cases=count))
    else:
        typer.echo(f"{count} hồ sơ đang mở đều có quy trình · open cases, each has its workflow")
