"""A second opinion on a dossier: how it is asked, given and kept."""

from datetime import datetime
from typing import Literal

from domain.deadlines import Due
from domain.values import DossierKind, Post, value

# Commands


@value
class AskOpinion:
    """Ask a post what it thinks before one decides. Its opinion is no vote."""

    dossier: DossierKind
    step: str
    of: Post
    question: str
    kind: Literal["AskOpinion"] = "AskOpinion"


@value
class GiveOpinion:
    dossier: DossierKind
    number: int
    opinion: str
    kind: Literal["GiveOpinion"] = "GiveOpinion"


# Events


@value
class OpinionAsked:
    """`waits`: the step is not decided before the opinion is there, or its limit has ended."""

    dossier: DossierKind
    round: int
    step: str
    number: int
    of: Post
    question: str
    due: Due
    waits: bool
    kind: Literal["OpinionAsked"] = "OpinionAsked"


@value
class OpinionGiven:
    dossier: DossierKind
    step: str
    number: int
    of: Post
    asked_by: Post
    opinion: str
    kind: Literal["OpinionGiven"] = "OpinionGiven"


# State


@value
class Opinion:
    """What a post was asked at a step, and what it said."""

    number: int
    round: int
    step: str
    of: Post
    asked_by: Post
    question: str
    since: datetime
    due: Due
    waits: bool
    given: str | None = None
