"""`questions.toml` as values: what localities ask the city, and how it is answered."""

from datetime import date
from typing import Literal

from domain.question_forms import Concern
from domain.values import Cause, Outcome, Payer, QuestionId, value

Asker = Literal["investor@an-duong", "investor@thuy-nguyen"]


@value
class Gathered:
    on: date
    questions: tuple[QuestionId, ...]


@value
class Reported:
    on: date
    document: str
    text: str


@value
class SentBack:
    on: date
    reason: str


@value
class Directed:
    on: date
    document: str
    outcome: Outcome
    text: str
    payer: Payer | None = None


@value
class Question:
    """A locality's question; what becomes of it in the year, if anything does."""

    question: QuestionId
    by: Asker
    on: date
    cause: Cause
    text: str
    concerns: tuple[Concern, ...]
    consolidate: tuple[Gathered, ...] = ()
    report: tuple[Reported, ...] = ()
    send_back: tuple[SentBack, ...] = ()
    directive: tuple[Directed, ...] = ()


@value
class Questions:
    question: tuple[Question, ...]
