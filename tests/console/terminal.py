"""A shell for tests: the `ntm` script itself, or its `main` forked from a process that is warm."""

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NTM = Path(sys.executable).with_name("ntm")
# Without a locale it speaks English.
_NOT_OURS = ("NTM_", "TEMPORAL_", "LC_", "LANG", "COLUMNS", "NO_COLOR")
# Importing costs a second a command, and a story has fifty: forks of this server begin with it.
_WARM = multiprocessing.get_context("forkserver")
_WARM.set_forkserver_preload(
    ["cli", "office.door", "office.resume", "office.session", "rich.table", "storage.policies"]
)


@dataclass(frozen=True)
class Answer:
    """What one command printed, and how it ended."""

    status: int | None
    out: str
    err: str


@dataclass(frozen=True)
class Terminal:
    """A shell with its own home."""

    home: Path

    def run(self, *words: str, **environment: str) -> Answer:
        """One command as a process of its own, with everything it imports already there."""
        wanted = {"NTM_HOME": str(self.home), "COLUMNS": "120", **environment}
        with tempfile.TemporaryDirectory() as place:
            files = Path(place, "out"), Path(place, "err")
            command = _WARM.Process(target=_main, args=(words, wanted, *files))
            command.start()
            command.join(60)
            out, err = (file.read_text("utf-8") for file in files)
        return Answer(command.exitcode, out, err)

    def runs_cold(self, *words: str, **environment: str) -> Answer:
        """The script that users have on their path."""
        ours = {k: v for k, v in os.environ.items() if not k.startswith(_NOT_OURS)}
        done = subprocess.run(
            [NTM, *words],
            env={**ours, "NTM_HOME": str(self.home), "COLUMNS": "120", **environment},
            capture_output=True,
            timeout=60,
            check=False,
        )
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())

    def does(self, *words: str, by: str = "") -> str:
        """Run what must succeed."""
        answer = self.run(*words, *(("--as", by) if by else ()))
        assert (answer.status, answer.err) == (0, ""), words
        return answer.out

    def asks(self, *words: str, **environment: str) -> Any:
        answer = self.run(*words, "--output", "json", **environment)
        assert (answer.status, answer.err) == (0, ""), words
        return json.loads(answer.out)


def _main(words: tuple[str, ...], environment: dict[str, str], out: Path, err: Path) -> None:
    for name in list(os.environ):
        if name.startswith(_NOT_OURS):
            del os.environ[name]
    os.environ.update(environment)
    for number, file in ((1, out), (2, err)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    # Whatever this process inherited may be somebody's capture; these are the files.
    sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
    sys.argv = ["ntm", *words]
    import cli

    cli.main()
