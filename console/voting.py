"""`ntm abstain`, `ntm recall`, `ntm opinion`: what a post may say beside yes, back and no."""

from typing import TYPE_CHECKING, Annotated

import typer

from console.decide import Item, the_one
from console.failures import absent
from console.groups import group
from console.helping import example
from console.options import Minutes, Project, Reason, post
from console.sending import Find, Wanted, check_post, deciding
from domain.approval import (
    AbstainFromStep,
    Dossiers,
    RecallDecision,
    Returned,
    UnderReview,
)
from domain.dossier_waits import step_of
from domain.opinion_forms import AskOpinion, GiveOpinion
from domain.project import Registered
from domain.streams import project_stream
from domain.values import DossierKind, Post, ProjectId
from domain.waits import Task
from language.catalogue import tr

if TYPE_CHECKING:
    from office.session import Session

app = group("Second opinions, which are no votes.")

Text = Annotated[str, typer.Option("--text", metavar="TEXT", help="In words.")]


@deciding
def abstain(item: Item, reason: Reason, minutes: Minutes = None) -> Find:
    """Take part without saying yes or no, and say why."""

    def find(session: "Session", by: Post, name: str | None) -> Wanted:
        wait = the_one(session, by, name, item, (Task.DECIDE_DOSSIER,))
        dossier, step = step_of(wait)
        return Wanted(
            stream=wait.stream,
            command=AbstainFromStep(
                dossier=dossier,
                step=step,
                reason=reason,
                round=wait.round,
                amount=wait.amount,
                minutes=minutes,
            ),
        )

    return find


@deciding
def recall(project: Project, reason: Reason) -> Find:
    """Take back a decision that nobody has acted on yet."""

    def find(session: "Session", _by: Post, name: str | None) -> Wanted:
        stream = project_stream(ProjectId(project))
        state = session.before(stream, name)
        if not isinstance(state, Registered):
            raise absent("PROJECT", project, tr("see `ntm project list`"))
        dossier = _under_way(state.dossiers)
        held = state.dossiers.get(dossier)
        seen = held if isinstance(held, UnderReview | Returned) else None
        return Wanted(
            stream=stream,
            command=RecallDecision(
                dossier=dossier,
                reason=reason,
                round=seen.round if seen else None,
                amount=seen.amount if seen else None,
            ),
        )

    return find


def _under_way(dossiers: Dossiers) -> DossierKind:
    """The dossier that was decided or submitted last: of a project one at a time is under way."""
    moving = [k for k, held in dossiers.items() if isinstance(held, UnderReview | Returned)]
    # What was decided for good is refused by the rules, in their words.
    return (moving or list(dossiers) or [DossierKind.INVESTMENT_POLICY])[-1]


@app.command(
    epilog=example(
        "ntm opinion ask AD01-GT finance@hai-phong --text 'Nguồn vốn?' --as chair@hai-phong"
    )
)
@deciding
def ask(
    item: Item,
    of: Annotated[Post, typer.Argument(parser=post, metavar="ROLE@UNIT", help="Whom to ask.")],
    text: Text,
) -> Find:
    """Ask a post what it thinks before deciding."""

    def find(session: "Session", by: Post, name: str | None) -> Wanted:
        check_post(session, of, "ROLE@UNIT")
        wait = the_one(session, by, name, item, (Task.DECIDE_DOSSIER,))
        dossier, step = step_of(wait)
        return Wanted(
            stream=wait.stream,
            command=AskOpinion(dossier=dossier, step=step, of=of, question=text),
        )

    return find


@app.command(
    epilog=example("ntm opinion give AD01-GT --text 'Cân đối được' --as finance@hai-phong")
)
@deciding
def give(item: Item, text: Text) -> Find:
    """Give the opinion that was asked for."""

    def find(session: "Session", by: Post, name: str | None) -> Wanted:
        wait = the_one(session, by, name, item, (Task.GIVE_OPINION,))
        dossier, _ = step_of(wait)
        number = int(wait.key.rpartition("/")[2])
        return Wanted(
            stream=wait.stream,
            command=GiveOpinion(dossier=dossier, number=number, opinion=text),
        )

    return find
