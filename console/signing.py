"""Signing at the command line: with which key, what is signed in plain words, and a last look."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from console import numbers, show
from console.failures import REFUSED, USAGE, Failure
from console.flaws import Unfit
from domain.streams import Envelope
from domain.values import DelegationId, OfficialId, Vnd, value
from language.catalogue import plural, tr
from language.numerals import grouped
from language.sentences import in_their_language

if TYPE_CHECKING:
    from domain.registry import Registry
    from office.sealing import Sight
    from office.session import Session
    from office.signer import Signer

_AGENT = "agent"
_HOUR = timedelta(hours=1)
_SHOWN = 6
"""So many rows of a list are shown; the rest is counted."""


@value
class With:
    """What the options say of signing: key file or `agent`, by which delegation, without asking."""

    key: str | None = None
    under: str | None = None
    yes: bool = False


def signed(session: "Session", envelope: Envelope, how: With, *, waits: bool = True) -> Envelope:
    """The decision with its proof; as it is while nobody has founded the registry of officials."""
    from office import sealing

    found = _maker(session, envelope, how)
    if found is None:
        return envelope
    decision, signer, sight = found
    hours = sealing.COUNTS_FOR if waits else sealing.LEFT_COUNTS_FOR
    if sys.stdin.isatty() and sys.stderr.isatty() and not how.yes:
        _last_look(session, decision, signer, sight.registry, hours)
    return sealing.sealed(sealing.offer(decision, sight, datetime.now(UTC), hours), signer)


def named(session: "Session", envelope: Envelope, how: With) -> Envelope:
    """The decision as the person's whose key would sign it; nothing is signed."""
    found = _maker(session, envelope, how)
    return envelope if found is None else found[0]


def _maker(
    session: "Session", envelope: Envelope, how: With
) -> "tuple[Envelope, Signer, Sight] | None":
    """The decision with who makes it, the key and what was seen; None before any registry."""
    from domain.matters import matter
    from domain.streams import initial
    from office import sealing
    from storage import policies, queries

    sight = session.sight(envelope.stream)
    if sight is None:
        if how.key or how.under:
            raise Failure(
                tr("--key: no registry of officials is founded"),
                tr("decisions are named, not proved: ntm official found"),
                USAGE,
            )
        return None
    signer = _signer(session, envelope, how.key, sight.registry)
    standing = queries.standing(session.engine, envelope.stream)
    official = sealing.whose(sight.registry, signer)
    under = (
        DelegationId(how.under)
        if how.under
        else sealing.stands_in(
            sight.registry,
            official,
            envelope.act,
            matter(envelope.command, standing.state if standing else initial(envelope.stream)),
            policies.load(),
        )
    )
    return sealing.by(envelope, official, under), signer, sight


def _signer(
    session: "Session", envelope: Envelope, key: str | None, registry: "Registry"
) -> "Signer":
    """The key that was named, or the one that a rehearsal keeps for the post."""
    from office import signer

    try:
        if key == _AGENT:
            return _in_agent(envelope, registry)
        if key is not None:
            return signer.of_file(Path(key).expanduser())
        found = signer.of_rehearsal(session.home, envelope.act.by)
    except signer.NoKey as error:
        line = tr("key: {why}", why=in_their_language(show.plain(error)))
        raise Failure(line, tr("give --key"), USAGE) from None
    if found is None:
        raise Failure(
            tr("{post}: this decision has to be signed", post=envelope.act.by) + " [unproved]",
            tr("give --key FILE, --key agent or NTM_KEY"),
            USAGE,
        )
    return found


def _in_agent(envelope: Envelope, registry: "Registry") -> "Signer":
    """The key in the agent whose owner acts for the post; any enrolled one otherwise."""
    from office import sealing, signer
    from storage import policies

    held = [one for one in signer.of_agent() if registry.key(one.key.fingerprint) is not None]
    able = registry.able(envelope.act.by, envelope.act.at, policies.load())
    for one in held:
        if sealing.whose(registry, one) in able:
            return one
    if not held:
        raise signer.NoKey(tr("the ssh-agent holds no key of an official; ssh-add FILE"))
    return held[0]


def _last_look(
    session: "Session",
    decision: Envelope,
    signer: "Signer",
    registry: "Registry",
    hours: timedelta,
) -> None:
    """Show what will be signed, on stderr; above an amount of the law, have it typed again."""
    typer.echo(tr("about to sign:"), err=True)
    for name, told in _told(decision, registry):
        typer.echo(f"  {name}: {show.plain(told)}", err=True)
    counts = plural("counts for {n} hour", "counts for {n} hours", round(hours / _HOUR))
    key = tr("key: {why}", why=signer.key.fingerprint)
    typer.echo(f"  {key}", err=True)
    typer.echo(f"  {counts}", err=True)
    amount = _above(session, decision)
    if amount is not None:
        _retype(amount)
    elif not typer.confirm(tr("sign?"), err=True):
        raise _not_signed()


def _told(decision: Envelope, registry: "Registry") -> Iterator[tuple[str, str]]:
    act = decision.act
    yield tr("who"), f"{_person(registry, act.official)}, {act.by}"
    giver = registry.giver(act.delegation)
    if giver is not None:
        yield tr("on behalf of"), f"{_person(registry, giver)} ({act.delegation})"
    yield tr("case"), decision.stream
    yield tr("what"), decision.command.kind
    for name, told in _fields(decision.command):
        yield f"  {name}", told
    if act.document is not None:
        paper = act.document
        yield tr("paper"), f"{paper.symbol}, {paper.issued_on:%d/%m/%Y}, {paper.issuer}"
    yield tr("at"), show.minute(act.at)


def _person(registry: "Registry", official: OfficialId | None) -> str:
    known = registry.officials.get(official) if official else None
    return f"{official} ({known.name})" if known else str(official)


def _fields(command: Any) -> Iterator[tuple[str, str]]:
    """What a command says, field by field; of a list the first rows, and how many there are."""
    for name in command.__dataclass_fields__:
        told = getattr(command, name)
        if name == "kind" or told is None:
            continue
        if isinstance(told, tuple) and len(told) > _SHOWN:
            rest = plural("… {n} row", "… {n} rows", len(told))
            yield name, "; ".join((*map(_said, told[:_SHOWN]), rest))
        elif isinstance(told, tuple):
            yield name, "; ".join(map(_said, told))
        else:
            yield name, _said(told)


def _said(told: Any) -> str:
    if hasattr(told, "__dataclass_fields__"):
        return ", ".join(f"{name} {part}" for name, part in _fields(told))
    if isinstance(told, int) and not isinstance(told, bool) and abs(told) >= 10_000:
        return grouped(told)
    return str(told)


def _above(session: "Session", decision: Envelope) -> Vnd | None:
    """The money a decision is about, if it is more than the law lets pass at a glance."""
    from domain.calendar import local_day
    from domain.matters import matter
    from storage import policies, queries

    standing = queries.standing(session.engine, decision.stream)
    if standing is None:
        return None
    amount = matter(decision.command, standing.state).amount
    limit = policies.load().figure("proof.retype-above", local_day(session.now))
    return amount if amount is not None and amount > limit else None


def _retype(amount: Vnd) -> None:
    """Have an amount typed again, in any way in which amounts are written; once is a slip."""
    said = show.money(amount)
    for _ in range(2):
        typed = typer.prompt(tr("type the amount to sign ({amount})", amount=said), err=True)
        try:
            if numbers.whole(typed, numbers.MONEY) == amount:
                return
        except Unfit:
            pass
        typer.echo(tr("that is not the amount"), err=True)
    raise _not_signed()


def _not_signed() -> Failure:
    return Failure(tr("not signed"), tr("nothing was sent"), REFUSED)
