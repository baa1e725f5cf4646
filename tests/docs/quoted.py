"""What the documentation tells people to type, and what it says will be answered."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = (ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").glob("*.md")))
ANYTHING = "…"
_FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`(ntm [^`]+)`")


@dataclass(frozen=True)
class Quoted:
    """A command as a page has it: where it stands, and the lines that are said to follow."""

    place: str
    line: str
    answer: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """What a shell would hand over after `ntm`."""
        return tuple(shlex.split(self.line, comments=True)[1:])


def typed(page: Path) -> Iterator[Quoted]:
    """Commands behind a prompt, in their order, each with its answer."""
    text = page.read_text("utf-8")
    for block in _FENCE.finditer(text):
        first = text.count("\n", 0, block.start(1)) + 1
        told = list(enumerate(block[1].splitlines(), first))
        starts = [n for n, (_, line) in enumerate(told) if line.startswith("$ ")]
        for start, end in zip(starts, [*starts[1:], len(told)], strict=True):
            number, line = told[start]
            answer = tuple(line for _, line in told[start + 1 : end] if line.strip())
            yield Quoted(f"{page.name}:{number}", line.removeprefix("$ "), answer)


def mentioned(page: Path) -> Iterator[Quoted]:
    """Every command of ours on a page, in a block or within a sentence."""
    text = page.read_text("utf-8")
    for block in _FENCE.finditer(text):
        first = text.count("\n", 0, block.start(1)) + 1
        for number, line in enumerate(block[1].replace("\\\n", " ").splitlines(), first):
            command = line.strip().removeprefix("$ ")
            if command.startswith("ntm "):
                yield Quoted(f"{page.name}:{number}", command)
    prose = _FENCE.sub(lambda block: "\n" * block[0].count("\n"), text)
    for span in _SPAN.finditer(prose):
        number = prose.count("\n", 0, span.start()) + 1
        yield Quoted(f"{page.name}:{number}", " ".join(span[1].split()))


def differs(answer: tuple[str, ...], printed: str) -> str:
    """The first line that is not as it was said, or nothing; `…` stands for whatever varies."""
    left = [" ".join(line.split()) for line in printed.splitlines() if line.strip()]
    skipping = False
    for said in answer:
        if said.strip() == ANYTHING:
            skipping = True
            continue
        parts = [re.escape(part) for part in " ".join(said.split()).split(ANYTHING)]
        wanted = re.compile(".*".join(parts))
        while skipping and left and not wanted.fullmatch(left[0]):
            left.pop(0)
        if not left or not wanted.fullmatch(left.pop(0)):
            return said
        skipping = False
    return "" if skipping or not left else f"(more) {left[0]}"
