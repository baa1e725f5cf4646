"""Long tables page by page, as git does it: only for somebody who sits before a terminal."""

import io
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout

NO_PAGER = "NO_PAGER"
"""Set to anything, nothing is paged."""

_USUAL = "less"
_AS_GIT_DOES = "FRX"
"""How `less` behaves unless its own variable says otherwise: ends by itself, colours, stays."""


class _Held(io.StringIO):
    """What is kept back, as if it were the terminal: tables keep their colours."""

    def isatty(self) -> bool:
        return True


def pager(environment: Mapping[str, str]) -> list[str] | None:
    """The command to page with: what PAGER says, or `less` if there is one; None for none."""
    if environment.get(NO_PAGER) or environment.get("TERM", "dumb") == "dumb":
        return None
    words = shlex.split(environment.get("PAGER", _USUAL))
    if not words or words == ["cat"] or shutil.which(words[0]) is None:
        return None
    return words


@contextmanager
def paged() -> Iterator[None]:
    """Show through a pager whatever is printed meanwhile and is longer than the terminal.

    What fails half-way is shown as far as it came.
    """
    command = pager(os.environ)
    if command is None or not (sys.stdout.isatty() and sys.stdin.isatty()):
        yield
        return
    held = _Held()
    try:
        with redirect_stdout(held):
            yield
    finally:
        _show(held.getvalue(), command)


def _show(text: str, command: list[str]) -> None:
    if text.count("\n") < shutil.get_terminal_size().lines:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    environment = {"LESS": _AS_GIT_DOES, "LESSCHARSET": "utf-8", **os.environ}
    # The user's own choice of a program, as every other pager's caller takes it.
    done = subprocess.run(command, input=text.encode(), env=environment, check=False)  # noqa: S603
    if done.returncode:
        sys.stdout.write(text)
