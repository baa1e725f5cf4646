"""What a wait is about, in the reader's words."""

from console import money_words, show, words
from domain.waits import Task, Wait
from language.catalogue import plural
from language.sentences import in_their_language

_OF_OBSTACLES = (Task.REPORT_QUESTION, Task.DECIDE_QUESTION)


def said(wait: Wait) -> str:
    """`investment policy, round 2` of a dossier; nothing where the task says it all."""
    return named(wait.about)


def named(about: str) -> str:
    """The same of what is kept on record: a term of ours before a comma, or a sentence."""
    told = in_their_language(about)
    if told != about:
        return told
    names = {**words.DOSSIERS, **words.CAUSES, **money_words.PAYMENT_KINDS, **words.PAUSE_CAUSES}
    key, comma, rest = about.partition(",")
    return f"{words.said(names, key)}{comma}{rest}"


def whole(wait: Wait) -> str:
    """The same, of how many, and of how much."""
    counted = _counted(wait) if wait.count > 1 else ""
    return ", ".join(part for part in (said(wait), counted, show.money(wait.amount)) if part)


def _counted(wait: Wait) -> str:
    if wait.task in _OF_OBSTACLES:
        return plural("{n} obstacle", "{n} obstacles", wait.count)
    return plural("{n} household", "{n} households", wait.count)
