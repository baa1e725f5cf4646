"""Policy questions in the script: localities ask, the department gathers, the city answers."""

from collections.abc import Iterator
from datetime import date

from demo.beats import Beat, Move, Rung, number
from demo.questions import Question
from demo.tables import Dataset
from domain import question_forms as forms
from domain.streams import clearance_stream, question_stream
from domain.values import Directive, Document, Post, Role, UnitCode


def questions(dataset: Dataset) -> tuple[Beat, ...]:
    """Every step of every question of the year, in order; the same on every call."""
    return number(move for asked in dataset.questions for move in _moves(dataset, asked))


def _moves(dataset: Dataset, asked: Question) -> Iterator[Move]:
    programme = dataset.facts.programme
    stream = question_stream(asked.question)
    role, unit = asked.by.split("@")
    department = Post(role=Role.AGRICULTURE, unit=programme.seat)
    city = Post(role=Role.CHAIR, unit=programme.seat)
    yield Move(
        stream=stream,
        on=asked.on,
        by=Post(role=Role(role), unit=UnitCode(unit)),
        command=forms.RaiseQuestion(
            question=asked.question,
            programme=programme.programme,
            cause=asked.cause,
            text=asked.text,
            concerns=asked.concerns,
        ),
    )
    for gathered in asked.consolidate:
        gather = forms.ConsolidateQuestions(questions=gathered.questions)
        yield Move(stream=stream, on=gathered.on, by=department, command=gather)
    for told in asked.report:
        yield Move(
            stream=stream,
            on=told.on,
            by=department,
            command=forms.ReportQuestion(text=told.text),
            document=_paper(told.document, told.on, department),
        )
    for back in asked.send_back:
        again = forms.ReturnQuestion(reason=back.reason)
        yield Move(stream=stream, on=back.on, by=city, command=again)
    for said in asked.directive:
        directive = Directive(
            outcome=said.outcome, text=said.text, effective_from=said.on, payer=said.payer
        )
        yield Move(
            stream=stream,
            on=said.on,
            by=city,
            command=forms.IssueDirective(directive=directive),
            document=_paper(said.document, said.on, city),
            once_answered=tuple(_answered_before(dataset, asked, said.on)),
        )


def _answered_before(dataset: Dataset, asked: Question, on: date) -> Iterator[Rung]:
    """The rungs of the sections concerned that are answered before a day.

    A directive is progress: whoever gave it too early would take the ladder away under them.
    """
    gathered = {name for one in asked.consolidate for name in one.questions}
    alike = [one for one in dataset.questions if one.question in gathered | {asked.question}]
    for concern in (concern for one in alike for concern in one.concerns):
        for stall in dataset.stalls:
            if stall.section == f"{concern.project}/{concern.section}":
                stream = clearance_stream(concern.project, concern.section)
                yield from (
                    Rung(stream=stream, level=one.level) for one in stall.answer if one.on < on
                )


def _paper(symbol: str, on: date, by: Post) -> Document:
    return Document(symbol=symbol, issued_on=on, issuer=str(by))
