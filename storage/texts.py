"""The texts of messages, read from `policies/texts` and checked: two languages, no unknown fact.

PolicyError     a file says something the letters cannot use; the message names the place
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Literal, TypeAlias, get_args

from domain.notices import FACTS, Template
from domain.values import value
from storage.policies import POLICIES
from storage.policy_checks import PolicyError
from storage.policy_form import table, valid

Language: TypeAlias = Literal["vi", "en"]
"""Which language a post is written to in."""

Form: TypeAlias = Literal["", "day", "date", "money", "word", "words", "text"]
"""How a value is written: as it is, as the last day of a limit, as a day, in đồng, by its name,
by the names of several, as a whole text."""

COMMON = ("to", "stream", "case", "since")
"""What every text may name, whatever the message."""

OTHER = "other"


@value
class Wording:
    """One text in one language; `many` is the subject of several in one letter."""

    subject: str
    text: str
    many: str = ""


@value
class Text:
    """How one kind of message is worded, and how it may go out."""

    urgent: bool
    digest: bool
    vi: Wording
    en: Wording

    def wording(self, language: Language) -> Wording:
        return self.vi if language == "vi" else self.en


@value
class Texts:
    """Every text. `other` stands in for a kind of message that has none yet."""

    by_template: Mapping[Template, Text]
    other: Text
    words: Mapping[Language, Mapping[str, str]]

    def text(self, template: Template) -> Text:
        return self.by_template.get(template, self.other)


def load(directory: Path = POLICIES / "texts") -> Texts:
    """Read both files, or raise `PolicyError` at the first thing wrong."""
    path = directory / "notices.toml"
    raw = table(path)
    strangers = sorted(set(raw) - {*Template, OTHER})
    if strangers:
        raise PolicyError(
            f"{path}: [{strangers[0]}] is no kind of message; kinds are {', '.join(Template)}"
        )
    if OTHER not in raw:
        raise PolicyError(f"{path}: [{OTHER}] is missing; it stands in for texts that are")
    found = {name: valid(f"{path}, [{name}]", Text, table) for name, table in raw.items()}
    for name, text in found.items():
        facts = FACTS.get(Template(name), ()) if name != OTHER else ()
        _check(f"{path}, [{name}", text, (*COMMON, *facts))
    words = table(directory / "words.toml")
    return Texts(
        by_template={Template(name): text for name, text in found.items() if name != OTHER},
        other=found[OTHER],
        words=valid(str(directory / "words.toml"), dict[Language, dict[str, str]], words),
    )


def named(text: str) -> Iterator[tuple[str, str]]:
    """Each placeholder of a text and its form. Raises ValueError for what is none."""
    for _, name, form, conversion in Formatter().parse(text):
        if name is None:
            continue
        if conversion is not None or not name.isidentifier():
            raise ValueError(f"{{{name}}} is no plain placeholder")
        yield name, form or ""


def _check(where: str, text: Text, known: tuple[str, ...]) -> None:
    if text.urgent and text.digest:
        raise PolicyError(f"{where}]: a message is urgent or gathered, not both")
    for language in get_args(Language):
        wording = text.wording(language)
        if text.digest and not wording.many:
            raise PolicyError(f"{where}.{language}]: many is missing; a digest needs it")
        _check_names(f"{where}.{language}] subject", wording.subject, known)
        _check_names(f"{where}.{language}] text", wording.text, known)
        _check_names(f"{where}.{language}] many", wording.many, ("count",))
        if not wording.subject.strip() or "\n" in wording.subject + wording.many:
            raise PolicyError(f"{where}.{language}]: a subject is one line, and not empty")


def _check_names(where: str, text: str, known: tuple[str, ...]) -> None:
    try:
        found = tuple(named(text))
    except ValueError as wrong:
        raise PolicyError(f"{where}: {wrong}") from None
    for name, form in found:
        if name not in known:
            raise PolicyError(f"{where}: {{{name}}} is not known; it may name {', '.join(known)}")
        if form not in get_args(Form):
            forms = ", ".join(filter(None, get_args(Form)))
            raise PolicyError(f"{where}: {{{name}:{form}}} has no such form; forms are {forms}")
