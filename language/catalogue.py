"""The reader's language: sentences are written in English, and looked up in gettext catalogues.

`--lang` says which; without it the locale does, by the variables and the order that gettext knows.
A locale of neither language reads English, in which everything is written.
"""

import gettext
import os
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeAlias

LOCALE: Final = Path(__file__).with_name("locale")
DOMAIN: Final = "ntm"
SENTENCE: Final = "sentence"
"""The context of what is said elsewhere, in English: see `language.sentences`."""

_Catalogue: TypeAlias = gettext.NullTranslations
_VARIABLES: Final = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


class Language(StrEnum):
    """What a person reads."""

    VIETNAMESE = "vi"
    ENGLISH = "en"


def of_locale(environment: Mapping[str, str]) -> Language:
    """The language of the first variable that is set, in the order of gettext."""
    told = next((found for name in _VARIABLES if (found := environment.get(name))), "")
    # LANGUAGE names several, the best one first; a territory and an encoding may follow each.
    first = next((one for one in told.split(":") if one), "")
    is_vietnamese = first.replace("-", "_").partition(".")[0].partition("_")[0].lower() == "vi"
    return Language.VIETNAMESE if is_vietnamese else Language.ENGLISH


class _Reader:
    """The one reader of this process, and the catalogue opened for them."""

    def __init__(self) -> None:
        self.language = of_locale(os.environ)
        self.catalogue: _Catalogue | None = None


_READER = _Reader()


def choose(language: Language) -> None:
    """Speak this language from now on; what was said before stays said.

    The command line's library looks its own words up where the standard library says.
    """
    _READER.language = language
    _READER.catalogue = None
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(DOMAIN, LOCALE)
    gettext.textdomain(DOMAIN)


def reader() -> Language:
    """In which language one speaks."""
    return _READER.language


def tr(message: str, /, **facts: object) -> str:
    """A sentence in the reader's language, with its facts where it names them: `{project}`."""
    # Under the empty message a catalogue keeps its own header.
    return _filled(_catalogue().gettext(message), facts) if message else ""


def tr_in(context: str, message: str, /, **facts: object) -> str:
    """The same for a word that English has once and Vietnamese has by what it is said of."""
    return _filled(_catalogue().pgettext(context, message), facts)


def plural(one: str, many: str, n: int, /, **facts: object) -> str:
    """A sentence about a number of things, which it names `{n}`."""
    return _filled(_catalogue().ngettext(one, many, n), {"n": n, **facts})


def mark(message: str) -> str:
    """A sentence that is said later: `tr` looks it up when it is."""
    return message


def mark_in(context: str, message: str) -> str:  # noqa: ARG001  # for who collects the messages
    """The same for a sentence with a context: `tr_in` looks it up."""
    return message


def pick(word: tuple[str, str]) -> str:
    """One of the two names of a term, Vietnamese and English."""
    vietnamese, english = word
    return vietnamese if reader() is Language.VIETNAMESE else english


def forms(context: str) -> Iterator[str]:
    """The messages of a context that this catalogue knows."""
    # The library keeps them under no public name.
    known = getattr(_catalogue(), "_catalog", {})
    for message in known:
        said_of, end, text = str(message).partition("\x04")
        if end and said_of == context:
            yield text


def _catalogue() -> _Catalogue:
    if _READER.catalogue is None:
        _READER.catalogue = gettext.translation(
            DOMAIN, LOCALE, languages=[reader()], fallback=reader() is Language.ENGLISH
        )
    return _READER.catalogue


def _filled(sentence: str, facts: Mapping[str, object]) -> str:
    return sentence.format(**facts) if facts else sentence
