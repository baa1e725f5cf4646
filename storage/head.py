"""What the whole record is at a moment, so that two looks at it can be compared."""

from collections.abc import Mapping

from sqlalchemy import Engine, func, select

from domain.values import value
from storage import audit, log, tables


@value
class Head:
    """So many events, the root of the tree over all of them (RFC 6962, hex), and every table's
    number of rows.
    """

    events: int
    root: str
    rows: Mapping[str, int]


def head(engine: Engine) -> Head:
    """The record as it is now, read from one snapshot."""
    with log.look(engine) as connection, connection.begin():
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        rows = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables.metadata.sorted_tables
        }
        size = rows[tables.events.name]
        return Head(events=size, root=audit.root(connection, size).hex(), rows=rows)


def still_holds(engine: Engine, before: Head) -> bool:
    """Whether the log begins with all that it held, whatever was recorded since."""
    with log.look(engine) as connection, connection.begin():
        return audit.root(connection, before.events).hex() == before.root
