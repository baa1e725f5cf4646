"""The outside list: what was acknowledged to whom, in a file that no server of ours touches."""

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """A receipt as its sender has it; `one_of` names a set of which one decision can be true."""

    decision_id: str
    stream: str
    version: int
    position: int
    one_of: str | None
    at: float


class Ledger:
    """Written through to the disk, line by line, before the sender goes on."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.began = time.monotonic()
        self.acknowledged = 0
        self.refused = 0
        self.retried = 0
        self.unanswered = 0

    def acknowledge(
        self, decision_id: str, stream: str, version: int, position: int, one_of: str | None
    ) -> None:
        self.acknowledged += 1
        line = Acknowledged(
            decision_id=decision_id,
            stream=stream,
            version=version,
            position=position,
            one_of=one_of,
            at=time.monotonic() - self.began,
        )
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(line)) + "\n")
            file.flush()
            os.fsync(file.fileno())


def read(file: Path) -> tuple[Acknowledged, ...]:
    """Every receipt, oldest first."""
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return tuple(Acknowledged(**json.loads(line)) for line in lines)
