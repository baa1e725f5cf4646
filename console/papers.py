"""The files of a paper: what they hold stays where it is, and their SHA-256 goes on record."""

import hashlib
import stat
from dataclasses import replace
from pathlib import Path

import typer

from console import show
from console.failures import wrong
from domain.values import Document
from language.catalogue import tr
from language.numerals import grouped
from language.sentences import in_their_language

MOST_BYTES = 200_000_000
"""A scan of a thick dossier is some tens of megabytes; what is larger is some other file."""
_AT_ONCE = 1 << 20


def with_files(paper: Document | None, files: list[Path] | None) -> Document | None:
    """A paper with the hashes of its files; links are followed, and each file counts once."""
    if not files:
        return paper
    if paper is None:
        raise typer.BadParameter(
            tr("a file belongs to a paper: give --document, too"),
            param_hint="--file",
        )
    return replace(paper, files=tuple(dict.fromkeys(map(_hashed, files))))


def _hashed(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            size = file.stat().st_size
            if not stat.S_ISREG(file.stat().st_mode):
                raise wrong("--file", show.plain(file), tr("an ordinary file"))
            if not 0 < size <= MOST_BYTES:
                limits = tr(
                    "1 byte to {most} MB, not {size} bytes",
                    most=MOST_BYTES // 1_000_000,
                    size=grouped(size),
                )
                raise wrong("--file", show.plain(file), limits)
            found = hashlib.sha256()
            while part := opened.read(_AT_ONCE):
                found.update(part)
            return found.hexdigest()
    except OSError as error:
        raise wrong("--file", show.plain(file), in_their_language(str(error.strerror))) from None
