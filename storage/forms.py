"""The form of states and waits: which program folded what stands in the read models.

A newer program may read the same events into more, or into something else. What an older one left
behind is then no basis for it, and is folded anew when its worker starts (`rebuild.bring_up`).
"""

import json
from functools import cache
from hashlib import sha256

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from storage import codec, tables

_MEANING = 1
"""Raise it when `evolve` or `waits` reads old events into something else of the same form."""


def is_ours(connection: Connection) -> bool:
    """Whether the read models were folded by this program's rules."""
    return connection.execute(select(tables.forms.c.form)).scalar_one_or_none() == _ours()


def claim(connection: Connection) -> None:
    """Say that they were."""
    row = {"only_row": 1, "form": _ours()}
    statement = insert(tables.forms).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["only_row"], set_=row))


@cache
def _ours() -> str:
    shapes = [adapter.json_schema() for adapter in (codec.STATE, codec.WAIT)]
    return sha256(json.dumps([_MEANING, shapes], sort_keys=True).encode()).hexdigest()
