"""Names that somebody may be typing, read with the driver alone: a shell waits for them."""

import psycopg

_PATIENCE = 1
"""Seconds to connect; who presses a key does not wait longer."""

_MOST = 200


def streams(url: str, room: str, begin: str) -> tuple[str, ...]:
    """Short names of the cases of one kind that begin so: `AD01-GT/T1` of a section."""
    return _read(
        url,
        "SELECT substr(stream, length(%(room)s) + 2) FROM states"
        " WHERE room = %(room)s AND starts_with(stream, %(room)s || '/' || %(begin)s)"
        " ORDER BY stream LIMIT %(most)s",
        {"room": room, "begin": begin, "most": _MOST},
    )


def posts(url: str, begin: str) -> tuple[str, ...]:
    """Posts for which something waits, and whose name begins so."""
    return _read(
        url,
        "SELECT DISTINCT post FROM inbox WHERE starts_with(post, %(begin)s)"
        " ORDER BY post LIMIT %(most)s",
        {"begin": begin, "most": _MOST},
    )


def _read(url: str, query: str, wanted: dict[str, object]) -> tuple[str, ...]:
    plain = url.replace("+psycopg", "", 1)
    with psycopg.connect(plain, connect_timeout=_PATIENCE, autocommit=True) as connection:
        return tuple(row[0] for row in connection.execute(query.encode(), wanted))
