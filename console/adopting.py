"""`ntm policy adopt`: running cases go over to another version of the law, on a paper."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from console import where
from console.bulk import Item, Several
from console.failures import absent
from console.options import refuse, written
from console.sending import deciding
from console.where import Where
from domain.adoption import AdoptPolicy, Pinning
from domain.rules import Comparison, compared
from domain.values import Post, StreamId
from language.catalogue import tr

if TYPE_CHECKING:
    from office.session import Session
    from storage.rehearsal import Effect, Rehearsal

EXAMPLES = (
    (
        "ntm policy adopt --case project/AD01-GT --preview --as chair@hai-phong"
        " --document '15/QĐ-UBND;2025-07-01;UBND thành phố'"
    ),
    "ntm policy adopt --where commune=ad-01 --preview --as chair@hai-phong",
)
_ROOMS = ("project", "clearance", "payment", "question")
_KEYS = ("kind", "project", "programme", "cohort", "commune", "district", "policy")


def _stream(text: str) -> StreamId:
    if text.partition("/")[0] not in _ROOMS:
        raise refuse(
            text,
            written("project/AD01-GT, clearance/AD01-GT/T1, payment/AD01-GT/1"),
        )
    return StreamId(text)


@deciding
def adopt(
    cases: Annotated[
        list[StreamId] | None,
        typer.Option("--case", parser=_stream, metavar="STREAM", help="A case; may be repeated."),
    ] = None,
    chosen: Annotated[Where | None, where.option(*_KEYS)] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="VERSION", help="Which policy; default the one in use."),
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Only show what would change, case by case.")
    ] = False,
) -> Several:
    """Bring running cases under another version of the law; needs --document."""
    if bool(cases) == (chosen is not None):
        raise typer.BadParameter(
            tr("give exactly one of {options}", options="--case, --where"), param_hint="--case"
        )

    def find(seen: "Rehearsal", _by: Post) -> Iterator[Item]:
        version = to or seen.law.current.version
        for stream in cases or seen.open_cases(_ROOMS):
            state = seen.state(stream)
            if not isinstance(state, Pinning):
                raise absent("--case", stream, tr("see `ntm project list`"))
            told = where.of_case(stream, state)
            # What is judged by it already is no part of a sweep; named by itself it is refused.
            if cases or (chosen is not None and chosen.holds(told) and state.policy != version):
                yield Item(
                    stream=stream,
                    name=f"{state.policy}-{version}",
                    command=AdoptPolicy(policy=version),
                    about=f"{state.policy} → {version}",
                )

    return Several(
        verb="adopt",
        find=find,
        preview=preview,
        see="ntm project list",
        begin=_keep,
        explain=_compared,
    )


def _keep(session: "Session") -> None:
    """The law of the files goes on record first, so that whoever decides can read it there."""
    from storage import pinned, policies

    with session.recorder() as engine:
        pinned.save(engine, policies.load())


def _compared(seen: "Rehearsal", effects: "tuple[Effect, ...]") -> Iterator[Comparison]:
    """From which law to which, and what is otherwise in it today."""
    pairs = {
        (effect.pinned, effect.envelope.command.policy)
        for effect in effects
        if effect.rule is None and isinstance(effect.envelope.command, AdoptPolicy)
    }
    for old, new in sorted(pairs):
        yield compared(seen.law.named(old), seen.law.named(new), seen.today)
