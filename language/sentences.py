"""Sentences that others wrote in English, in the reader's language.

A rule says why it refuses in one English sentence, which travels and is kept as it was said. Here
it is known again by its form, `{worth:,} đồng is left of {project}`, and said in Vietnamese with
the same facts. A fact that is a phrase of its own is translated too; a term of the domain is, where
the translation asks for it: `{status:case_statuses}`. What is not known stays as it was said.
"""

import re
from collections.abc import Iterable
from functools import cache
from string import Formatter
from typing import Final, NamedTuple

from language.catalogue import SENTENCE, Language, forms, reader, tr_in
from language.numerals import of_english

_TAGGED: Final = re.compile(r"(.*\S)( \[[a-z_]+\])", re.DOTALL)
_NUMBER: Final = r"-?[0-9][0-9,]*"
_BRIEF: Final = 8
"""A form of so few letters, `{number} of {post}`, could be anything: its facts must be known."""

_COMMA: Final = ", "
_MOST_PIECES: Final = 50
_TORN: Final = re.compile(r"[^()]*\).*\([^()]*", re.DOTALL)
"""From within the brackets of one phrase into those of the next: no fact, but two phrases."""

_ARTICLE: Final = " Art. "
_OR: Final = " or "
_AFTER_A_FACT: Final = r"(?: \(.*\)|[,;:] .*)?"
"""What a sentence says at times right behind a fact: ` (NĐ 99/2021/NĐ-CP)`, `; so much more`."""


class _Part(NamedTuple):
    """A piece of a form, and the fact behind it: its name, and whether it is a number."""

    literal: str
    name: str
    is_number: bool


class _Form(NamedTuple):
    text: str
    parts: tuple[_Part, ...]
    said: int
    """How many characters it says itself."""

    is_brief: bool
    numbers: frozenset[str]
    longest: str
    """Its longest piece: a sentence without it is of another form, which is seen at once."""


def in_their_language(sentence: str) -> str:
    """The sentence for the reader, with its rule in brackets if it names one."""
    if reader() is Language.ENGLISH:
        return sentence
    tagged = _TAGGED.fullmatch(sentence)
    return f"{_translated(tagged[1])}{tagged[2]}" if tagged else _translated(sentence)


def recognised(sentence: str) -> tuple[str, dict[str, str]] | None:
    """The form of a sentence and its facts; None for what nobody says here."""
    found = _recognised(sentence)
    return (found[0].text, found[1]) if found else None


def _recognised(sentence: str) -> tuple[_Form, dict[str, str]] | None:
    for form in _forms(reader()):
        if form.longest not in sentence or not _may_be(form, sentence):
            continue
        found = _pattern(form).fullmatch(sentence)
        if found and _are_facts(form, found.groupdict().values()):
            return form, found.groupdict()
    return None


def _are_facts(form: _Form, texts: Iterable[str]) -> bool:
    if any(map(_TORN.fullmatch, texts)):
        return False
    return not form.is_brief or all(map(_is_known, texts))


def _is_known(text: str) -> bool:
    """Names, one or more, or a phrase that somebody says in more than a few letters."""
    if _are_names(text) or tr_in(SENTENCE, text) != text:
        return True
    found = _recognised(text)
    return found is not None and not found[0].is_brief


def _are_names(text: str) -> bool:
    return all(" " not in one for one in text.split(_COMMA))


def _translated(text: str) -> str:
    exact = tr_in(SENTENCE, text)
    if exact != text or _are_names(text):
        return exact
    found = _recognised(text)
    if found is None:
        return _in_pieces(text)
    form, facts = found
    return _filled(tr_in(SENTENCE, form.text), facts, form.numbers)


def _in_pieces(text: str) -> str:
    """Several sentences or phrases on one line, as `field: what is wrong; what else`."""
    if text.startswith(" (") and text.endswith(")"):
        return f" ({_translated(text[2:-1])})"
    for joint in (": ", "; "):
        first, found, rest = text.partition(joint)
        if found and rest.count(joint) < _MOST_PIECES:
            return f"{_translated(first)}{joint}{_translated(rest)}"
    first, found, rest = text.partition(_COMMA)
    if first and found and tr_in(SENTENCE, _COMMA + rest) != _COMMA + rest:
        return _translated(first) + tr_in(SENTENCE, _COMMA + rest)
    if found:
        return _COMMA.join(_translated(one) for one in text.split(_COMMA))
    return text.replace(_ARTICLE, tr_in(SENTENCE, _ARTICLE))


def _filled(translation: str, facts: dict[str, str], numbers: frozenset[str]) -> str:
    said = []
    for literal, name, terms, _ in Formatter().parse(translation):
        said.append(literal)
        if name is None:
            continue
        if name in numbers:
            said.append(of_english(facts[name]))
        elif terms:
            said.append(_of_terms(terms, facts[name]))
        else:
            said.append(_translated(facts[name]))
    return "".join(said)


def _of_terms(terms: str, text: str) -> str:
    """Terms of the domain by their own names, one or more: `paid or deposited`."""
    named = {one: tr_in(terms, one) for one in text.split(_OR)}
    every = (name if name != one else _translated(one) for one, name in named.items())
    return tr_in(SENTENCE, _OR).join(every)


@cache
def _forms(_language: Language) -> tuple[_Form, ...]:
    """Every form that has facts; the one that says most itself comes first."""
    known = (_form(text) for text in forms(SENTENCE) if "{" in text)
    return tuple(sorted(known, key=lambda form: form.said, reverse=True))


def _form(text: str) -> _Form:
    parts = tuple(
        _Part(literal, name or "", bool(spec)) for literal, name, spec, _ in Formatter().parse(text)
    )
    literals = [part.literal for part in parts]
    said = "".join(literals)
    is_brief = sum(map(str.isalpha, said)) <= _BRIEF
    numbers = frozenset(part.name for part in parts if part.is_number)
    return _Form(text, parts, len(said), is_brief, numbers, max(literals, key=len))


def _may_be(form: _Form, sentence: str) -> bool:
    """Whether what the form says itself stands in the sentence, in its order: no pattern yet."""
    at = 0
    for part in form.parts:
        found = sentence.find(part.literal, at)
        if found < 0 or (found > 0 and at == 0 and part is form.parts[0] and part.literal):
            return False
        at = found + len(part.literal)
    return True


@cache
def _pattern(form: _Form) -> re.Pattern[str]:
    written: list[str] = []
    seen: set[str] = set()
    behind = False
    for literal, name, is_number in form.parts:
        written.append(re.escape(literal))
        text = _AFTER_A_FACT if behind and not literal else ".*?"
        behind = bool(name)
        if name in seen:
            written.append(f"(?P={name})")
        elif name:
            seen.add(name)
            written.append(f"(?P<{name}>{_NUMBER if is_number else text})")
    return re.compile("".join(written), re.DOTALL)
