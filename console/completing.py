"""What the shell may complete from the record: nothing, if nothing answers at once."""

from collections.abc import Callable


def projects(incomplete: str) -> tuple[str, ...]:
    """Projects, `AD01-GT`."""
    return _asked(lambda url: _streams(url, "project", incomplete))


def sections(incomplete: str) -> tuple[str, ...]:
    """Sections under clearance, `AD01-GT/T1`."""
    return _asked(lambda url: _streams(url, "clearance", incomplete))


def payments(incomplete: str) -> tuple[str, ...]:
    """Payments, `AD01-GT/3`."""
    return _asked(lambda url: _streams(url, "payment", incomplete))


def cases(incomplete: str) -> tuple[str, ...]:
    """A project, or its section once a slash is typed."""
    return sections(incomplete) if "/" in incomplete else projects(incomplete)


def items(incomplete: str) -> tuple[str, ...]:
    """A project, or its payments and sections once a slash is typed."""
    if "/" in incomplete:
        return (*payments(incomplete), *sections(incomplete))
    return projects(incomplete)


def posts(incomplete: str) -> tuple[str, ...]:
    """Posts for which something waits, `chair@an-duong`."""

    def read(url: str) -> tuple[str, ...]:
        from storage import names

        return names.posts(url, incomplete)

    return _asked(read)


def _streams(url: str, room: str, incomplete: str) -> tuple[str, ...]:
    from storage import names

    return names.streams(url, room, incomplete)


def _asked(read: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    """What the record of this home answers. A shell that completes is no place for a message."""
    import psycopg

    from stack import endpoints, home

    try:
        return read(endpoints.database_url(home.locate(), "reader"))
    except (endpoints.NotRunning, psycopg.Error, OSError, ValueError):
        return ()
