"""`ntm official list` and `ntm official show`: who may decide, by which key, and for whom."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from console import money_words, words
from console import show as on_screen
from console.failures import REFUSED, Failure, absent
from console.looking import head, looking, mention, missing
from console.options import Output, code
from console.options import post as read_post
from console.sending import open_session
from domain.calendar import local_day
from domain.delegations import Delegation, Scope
from domain.keys import Key
from domain.officials import STREAM
from domain.people import Appointment, Enrolment, Nomination, Proposal
from domain.registry import Registry
from domain.travel import View
from domain.values import OfficialId, Post, value
from language.catalogue import mark, plural, tr, tr_in
from language.sentences import in_their_language

if TYPE_CHECKING:
    from rich.table import Table

    from domain.policy import Policy
    from storage.travel import Picture

_NO = mark("no")


@value
class Line:
    """One official in a list: the posts held on the day, and whether anything can be signed."""

    official: OfficialId
    name: str
    posts: tuple[Post, ...]
    stands_in_for: tuple[Post, ...]
    can_sign: bool


@value
class Listed:
    officials: tuple[Line, ...]
    proposals: tuple[Proposal, ...]


@value
class Portrait:
    """One official: posts, keys, and delegations given and received."""

    official: OfficialId
    name: str
    keys: tuple[Key, ...]
    appointments: tuple[Appointment, ...]
    given: tuple[Delegation, ...]
    received: tuple[Delegation, ...]


@looking
def officials(
    view: View,
    post: Annotated[
        Post | None,
        typer.Option(parser=read_post, metavar="ROLE@UNIT", help="Who can act for this post."),
    ] = None,
    output: Output = "table",
) -> None:
    """Officials, and what waits for confirmation."""
    from storage import policies

    with open_session() as session:
        picture = session.picture(view)
        registry = _registry(picture, output)
    policy, now = policies.load(), picture.now
    able = registry.able(post, now, policy) if post else tuple(registry.officials)
    found = Listed(
        officials=tuple(_line(registry, name, now, policy) for name in able),
        proposals=tuple(registry.proposals.values()) if post is None else (),
    )
    mention(picture)
    if output == "json":
        on_screen.json(found)
        return
    head(picture)
    screen = on_screen.screen()
    screen.print(_list(found.officials))
    if found.proposals:
        screen.print(_proposals(registry))
    counted = plural("{n} official", "{n} officials", len(found.officials))
    screen.print(f"[dim]{counted}[/]")


@looking
def show(
    view: View,
    official: Annotated[
        str, typer.Argument(parser=code, metavar="OFFICIAL", help="Code of the official: CB-0017.")
    ],
    output: Output = "table",
) -> None:
    """One official: posts, keys, delegations."""
    with open_session() as session:
        picture = session.picture(view)
        registry = _registry(picture, output)
    one = registry.officials.get(OfficialId(official))
    if one is None:
        raise absent("OFFICIAL", official, tr("see `ntm official list`"))
    every = registry.delegations.values()
    found = Portrait(
        official=one.official,
        name=one.name,
        keys=one.keys,
        appointments=one.appointments,
        given=tuple(lent for lent in every if lent.giver == one.official),
        received=tuple(lent for lent in every if lent.holder == one.official),
    )
    mention(picture)
    if output == "json":
        on_screen.json(found)
        return
    head(picture)
    screen = on_screen.screen()
    screen.print(f"[bold]{on_screen.clean(one.official)}[/] {on_screen.clean(one.name)}")
    for table in (_posts(found), _keys(found, picture.now), _delegations(found, picture.now)):
        if table.row_count:
            screen.print(table)


def _registry(picture: "Picture", output: str) -> Registry:
    standing = picture.standing(STREAM)
    if standing is None or not isinstance(standing.state, Registry):
        failure = Failure(
            tr("no registry of officials is founded") + " [not_found]",
            tr("decisions are named, not proved: ntm official found"),
            REFUSED,
        )
        missing(picture, STREAM, output, failure)
    return standing.state


def _line(registry: Registry, name: OfficialId, now: datetime, policy: "Policy") -> Line:
    one, today = registry.officials[name], local_day(now)
    every = (held.post for held in one.appointments if held.runs(today))
    lent = dict.fromkeys(each.post for each in registry.delegations.values())
    return Line(
        official=name,
        name=one.name,
        # What was held in a unit that is no more is held no more.
        posts=tuple(post for post in every if policy.successor(post, today) == post),
        stands_in_for=tuple(
            post
            for post in lent
            if any(each.holder == name for each in registry.lent(post, today, policy))
        ),
        can_sign=one.can_sign(now),
    )


def _list(lines: tuple[Line, ...]) -> "Table":
    table = on_screen.table(
        tr("Code"), tr_in("person", "Name"), tr("Posts"), tr("Stands in for"), tr("Signs"),
        whole=[0],
    )  # fmt: skip
    for line in lines:
        table.add_row(
            on_screen.clean(line.official),
            on_screen.clean(line.name),
            "\n".join(map(on_screen.post, line.posts)) or "–",
            "\n".join(map(on_screen.post, line.stands_in_for)),
            "✓" if line.can_sign else f"[bold red]{tr(_NO)}[/]",
        )
    return table


def _proposals(registry: Registry) -> "Table":
    table = on_screen.table(
        tr("Proposal"), tr("For"), tr("Proposed by"),
        title=tr("Waits for a second registrar"),
    )  # fmt: skip
    for name, one in registry.proposals.items():
        table.add_row(on_screen.clean(name), on_screen.clean(_for(one)), on_screen.clean(one.by))
    return table


def _for(one: Proposal) -> str:
    match one:
        case Enrolment(official=official, name=name):
            return f"{official} {name or ''}".strip()
        case Nomination(official=official, post=post, first=first, last=last):
            until = f" – {last:%d/%m/%Y}" if last else ""
            return f"{official}: {post}, {first:%d/%m/%Y}{until}"


def _posts(found: Portrait) -> "Table":
    table = on_screen.table(tr("Post"), tr("From"), tr("Until"), tr("Decision"), whole=[1, 2])
    for held in found.appointments:
        table.add_row(
            on_screen.post(held.post),
            f"{held.first:%d/%m/%Y}",
            f"{held.last:%d/%m/%Y}" if held.last else "",
            on_screen.clean(held.document.symbol),
        )
    return table


def _keys(found: Portrait, now: datetime) -> "Table":
    table = on_screen.table(tr("Key"), tr("From"), tr("Until"), tr("State"), whole=[1, 2])
    for key in found.keys:
        flaw = key.flaw(now)
        why = on_screen.clean(key.revoked_because)
        table.add_row(
            on_screen.under(on_screen.clean(key.fingerprint), key.public.algorithm),
            f"{key.valid_from:%d/%m/%Y}",
            f"{key.valid_to:%d/%m/%Y}" if key.valid_to else "",
            on_screen.under(f"[bold red]{tr(_NO)}[/]", f"{in_their_language(flaw)} {why}".strip())
            if flaw
            else "✓",
        )
    return table


def _delegations(found: Portrait, now: datetime) -> "Table":
    table = on_screen.table(
        tr("Delegation"), tr("Post"), tr("From, until"), tr("Scope"), tr("In force"), whole=[2],
    )  # fmt: skip
    for lent in (*found.given, *found.received):
        who = (
            tr("given to {official}", official=lent.holder)
            if lent.giver == found.official
            else tr("received from {official}", official=lent.giver)
        )
        last = lent.ended_on or lent.last
        table.add_row(
            on_screen.under(on_screen.clean(lent.delegation), on_screen.clean(who)),
            on_screen.post(lent.post),
            on_screen.under(f"{lent.first:%d/%m/%Y}", f"{last:%d/%m/%Y}"),
            on_screen.clean(", ".join(_limits(lent.scope)) or tr("everything")),
            "✓" if lent.runs(local_day(now)) else tr(_NO),
        )
    return table


def _limits(scope: Scope) -> Iterator[str]:
    yield from scope.commands
    yield from (words.said(words.DOSSIERS, kind) for kind in scope.dossiers)
    yield from scope.steps
    yield from (words.said(money_words.PAYMENT_KINDS, kind) for kind in scope.payments)
    if scope.ceiling is not None:
        yield f"≤ {on_screen.money(scope.ceiling)}"
