"""A terminal before the record of the demo's year."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from domain.streams import Fact
from tests.console.terminal import Answer, Terminal


@dataclass(frozen=True)
class Desk:
    """A terminal before the record of the demo's year."""

    terminal: Terminal
    engine: Engine
    facts: tuple[Fact, ...]

    @property
    def url(self) -> str:
        return self.engine.url.render_as_string(hide_password=False)

    def run(self, *words: str) -> Answer:
        return self.terminal.run(*words, NTM_DATABASE_URL=self.url)

    def asks(self, *words: str) -> Any:
        return self.terminal.asks(*words, NTM_DATABASE_URL=self.url)
