"""A message as people read it: in their language, with dates and money as they are written."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from string import Formatter
from typing import TypeAlias

from domain.calendar import due_day, local_day
from domain.notices import Notice
from domain.values import value
from storage.outbox import Owed
from storage.texts import Language, Texts, Wording, named

Words: TypeAlias = Mapping[str, str]

_LONGEST = 300


@value
class Letter:
    """A subject of one line, and a text."""

    subject: str
    text: str


def letter(texts: Texts, messages: tuple[Owed, ...], language: Language) -> Letter:
    """One letter about one message, or about several of the same kind. Each key stands in it."""
    written = [_one(texts, message, language) for message in messages]
    keys = [f"[{message.notice.key}]" for message in messages]
    text = "\n-- \n".join(f"{one.text}\n\n{key}\n" for one, key in zip(written, keys, strict=True))
    if len(written) == 1:
        return Letter(subject=written[0].subject, text=text)
    many = texts.text(messages[0].notice.template).wording(language).many
    subject = _clean(many.format(count=len(written)))
    return Letter(subject=subject or written[0].subject, text=text)


def told(texts: Texts, notice: Notice) -> dict[str, str]:
    """The facts that the texts name, and no others: a reason may speak of a household."""
    text = texts.text(notice.template)
    names = {name for wording in (text.vi, text.en) for name, _ in named(wording.text)}
    return {name: fact for name, fact in notice.facts if name in names}


def _one(texts: Texts, message: Owed, language: Language) -> Letter:
    words = texts.words.get(language, {})
    try:
        wording = texts.text(message.notice.template).wording(language)
        return _filled(wording, message, language, words)
    except (KeyError, ValueError):
        # Owed by an older program, which did not know a fact that the text names today.
        return _filled(texts.other.wording(language), message, language, words)


def _filled(wording: Wording, message: Owed, language: Language, words: Words) -> Letter:
    notice = message.notice
    facts = {
        **dict(notice.facts),
        "to": str(notice.to),
        "stream": str(notice.stream),
        "case": notice.stream.partition("/")[2],
        "since": message.since.isoformat(),
    }

    def fill(text: str) -> str:
        # In one pass, so that a fact that looks like a placeholder stays what it is.
        return "".join(
            literal if name is None else literal + _said(facts[name], form or "", language, words)
            for literal, name, form, _ in Formatter().parse(text)
        )

    return Letter(subject=_clean(fill(wording.subject)), text=fill(wording.text.strip()))


def _said(fact: str, form: str, language: Language, words: Words) -> str:
    match form:
        case "day":
            return f"{due_day(datetime.fromisoformat(fact)):%d/%m/%Y}"
        case "date":
            moment = datetime.fromisoformat(fact)
            return f"{local_day(moment) if moment.tzinfo else moment.date():%d/%m/%Y}"
        case "money":
            amount = f"{int(fact):,}"
            return f"{amount.replace(',', '.') if language == 'vi' else amount} đồng"
        case "word":
            return _clean(words.get(fact, fact))
        case "words":
            return _clean(", ".join(words.get(one, one) for one in fact.split(", ")))
        case "text":
            return "\n".join(map(_plain, fact.splitlines()))
        case _:
            return _clean(fact)


def _clean(text: str) -> str:
    """A plain line that is not too long for a subject."""
    return _plain(text)[:_LONGEST]


def _plain(text: str) -> str:
    """One line without control or format characters, in NFC: safe in a header and on a screen."""
    plain = "".join(" " if unicodedata.category(char)[0] == "C" else char for char in text)
    return " ".join(unicodedata.normalize("NFC", plain).split())
