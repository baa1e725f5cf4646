"""Sentences that others wrote in English, in the reader's language.

A rule says why it refuses in one English sentence, which travels and is kept as it was said. Here
it is known again by its form, `{worth:,} đồng is left of {project}`, and said in Vietnamese with
the same facts. A fact that is a sentence of its own is translated too; what is not known stays.
"""

import re
from collections.abc import Iterator
from functools import cache
from string import Formatter
from typing import Final

from language.catalogue import SENTENCE, forms, reader, tr_in
from language.numerals import of_english

_NUMBER: Final = r"-?[0-9][0-9,]*(?:\.[0-9]+)?"


def in_their_language(sentence: str) -> str:
    """The sentence for the reader, or as it is if its form is not known."""
    exact = tr_in(SENTENCE, sentence)
    if exact != sentence:
        return exact
    for form, pattern in _forms(reader()):
        if found := pattern.fullmatch(sentence):
            facts = {name: _fact(form, name, text) for name, text in found.groupdict().items()}
            return _plain(tr_in(SENTENCE, form)).format(**facts)
    return sentence


def _fact(form: str, name: str, text: str) -> str:
    if f"{{{name}:" in form:
        return of_english(text)
    return in_their_language(text) if " " in text else text


@cache
def _forms(_language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every form that has facts; the one that says most itself comes first."""
    known = [form for form in forms(SENTENCE) if "{" in form]
    return tuple((form, _pattern(form)) for form in sorted(known, key=_said, reverse=True))


def _said(form: str) -> int:
    return sum(len(literal) for literal, *_ in Formatter().parse(form))


def _pattern(form: str) -> re.Pattern[str]:
    return re.compile("".join(_parts(form)), re.DOTALL)


def _parts(form: str) -> Iterator[str]:
    seen: set[str] = set()
    for literal, name, spec, _ in Formatter().parse(form):
        yield re.escape(literal)
        if name is None:
            continue
        if name in seen:
            yield f"(?P={name})"
        else:
            seen.add(name)
            yield f"(?P<{name}>{_NUMBER if spec else '.*?'})"


def _plain(form: str) -> str:
    """The form without how its facts are written: they are text by now."""
    return re.sub(r"\{(\w+):[^}]*\}", r"{\1}", form)
