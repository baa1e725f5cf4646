"""`ntm audit`: evidence that nothing on record was altered, and for whom to keep it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console import evidence, keys, record_words, restoring, show, words
from console.failures import REFUSED, USAGE, Failure, absent, wrong
from console.groups import group
from console.helping import example
from console.options import Output
from console.sending import open_session
from console.ticking import bar
from domain.values import value
from language.catalogue import mark, plural, tr
from language.numerals import grouped
from language.sentences import in_their_language

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from office.session import Session
    from storage import audit
    from storage.breaks import Break
    from storage.bundles import Bundle
    from storage.keyring import Succession

app = group("Evidence that nothing was altered.")

To = Annotated[Path | None, typer.Option("--to", metavar="FILE", help="Write to a new file.")]
Key = Annotated[
    str | None,
    typer.Option("--key", metavar="KEY", help="The public key that you trust."),
]

Rotated = Annotated[
    list[Path] | None,
    typer.Option("--rotated", metavar="FILE", help="A statement of a new key."),
]

app.add_typer(keys.app, name="key")

_ADVICE = mark("leave everything as it is, and call the inspectorate")


@value
class Proven:
    """What a bundle proves: these events were in the log that this key signed."""

    decision_id: str
    positions: tuple[int, ...]
    size: int
    root: str
    key: str
    key_is_given: bool
    official: str | None = None
    fingerprint: str | None = None


@app.command(epilog=example("ntm audit checkpoint --to 2024-04-30.note"))
def checkpoint(to: To = None) -> None:
    """Verify the log and sign a checkpoint of it; keep the note elsewhere."""
    from storage import checkpoints

    evidence.must_be_new(to)
    with open_session() as session, session.recorder() as recorder:
        outside = session.outside()
        evidence.signing_key(session)
        with _verifying(session) as progress:
            report, edge = checkpoints.whole(session.engine, outside, progress)
        _refuse_if_broken(report)
        taken = checkpoints.sign(recorder, outside, report, edge)
    for place in taken.failed:
        said = tr("could not be written: {place}", place=place)
        typer.echo(f"ntm: {show.plain(said)}", err=True)
    if to is None:
        typer.echo(taken.note, nl=False)
    else:
        evidence.write(to, taken.note.encode())
        said = plural(
            "signed: {n} event, in {file}",
            "signed: {n} events, in {file}",
            report.events,
            n=grouped(report.events),
            file=to,
        )
        typer.echo(show.plain(said))


@app.command(epilog=example("ntm audit verify --checkpoint 2024-04-30.note"))
def verify(
    kept: Annotated[
        list[Path] | None,
        typer.Option("--checkpoint", metavar="FILE", help="A note that was kept outside."),
    ] = None,
    offline: Annotated[
        Path | None,
        typer.Option("--offline", metavar="FILE", help="Only this bundle, and no servers."),
    ] = None,
    extract: Annotated[
        Path | None,
        typer.Option(
            "--extract",
            metavar="DIR",
            help="With --offline: the signature in files of its own, for ssh-keygen.",
        ),
    ] = None,
    trusted: Key = None,
    rotated: Rotated = None,
    output: Output = "table",
) -> None:
    """Recompute every hash, compare it with the checkpoints, and name the first break."""
    given = evidence.public_key(trusted)
    if offline is not None:
        if kept:
            raise wrong("--checkpoint", show.plain(kept[0]), tr("it does not go with --offline"))
        said = evidence.successions(rotated or ())
        found = _read(evidence.read(offline, "--offline"))
        _tell_proven(_proven(found, given, said), output)
        if extract is not None:
            _extract(found, extract)
        return
    if extract is not None:
        raise wrong("--extract", show.plain(extract), tr("it goes with --offline FILE"))
    from storage import audit, keyring

    outside = tuple(
        audit.Note(text=evidence.text(file, "--checkpoint"), kept_in=str(file))
        for file in kept or ()
    )
    with open_session() as session:
        by = given or evidence.found_key()
        if by is None and (outside or audit.has_checkpoints(session.engine)):
            raise Failure(
                tr("there is no key to check signatures with"),
                tr("give --key as `ntm audit key` printed it"),
                USAGE,
            )
        said = (*session.outside().successions(), *evidence.successions(rotated or ()))
        known = None if by is None else keyring.joined(by, said)
        if newest := session.outside().newest():
            outside += (audit.Note(text=newest.text, kept_in=str(newest.file)),)
        with _verifying(session) as progress:
            report = audit.verify(session.engine, known, outside, progress)
    _tell_verified(report, output)
    _refuse_if_broken(report)


@app.command(epilog=example("ntm audit bundle DECISION_ID --to decision.json"))
def bundle(
    decision_id: Annotated[
        str, typer.Argument(metavar="DECISION_ID", help="The id of the decision.")
    ],
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="Write to a new file.")],
) -> None:
    """Write the events of one decision so that they are proved without the record."""
    from storage import bundles, bundling, keyring

    evidence.must_be_new(to)
    with open_session() as session:
        own = evidence.own_key().public_key()
        said = session.outside().successions()
        known, texts = keyring.joined(own, said), tuple(one.text for one in said)
        with _verifying(session) as progress:
            try:
                found = bundling.bundle(session.engine, known, decision_id, progress, texts)
            except LookupError:
                raise absent("DECISION_ID", decision_id, tr("see `ntm events`")) from None
            except ValueError as error:
                raise _broken_bundle(error) from None
    if found is None:
        raise Failure(
            tr("no checkpoint covers this decision yet"),
            tr("run `ntm audit checkpoint`"),
            REFUSED,
        )
    _checked(found, own)
    evidence.write(to, bundles.dump(found))
    told = plural(
        "written: {n} event, to {file}",
        "written: {n} events, to {file}",
        len(found.events),
        file=to,
    )
    typer.echo(show.plain(told))


def _read(file: bytes) -> "Bundle":
    from storage import bundles

    try:
        return bundles.read(file)
    except ValueError as error:
        raise _broken_bundle(error) from None


def _proven(
    found: "Bundle", given: "Ed25519PublicKey | None", said: "tuple[Succession, ...]"
) -> Proven:
    from storage import bundles

    size, root = _checked(found, given, said)
    signer = bundles.signer(found)
    return Proven(
        decision_id=found.decision_id,
        positions=tuple(one.event.position for one in found.events),
        size=size,
        root=root.hex(),
        key=found.key,
        key_is_given=given is not None,
        official=signer[0] if signer else None,
        fingerprint=signer[1].fingerprint if signer else None,
    )


def _extract(found: "Bundle", place: Path) -> None:
    """The official's signature in files of its own, and how OpenSSH checks them."""
    from signing import sshsig
    from storage import bundles

    signer = bundles.signer(found)
    if signer is None or found.proof is None:
        raise Failure(
            tr("nobody signed this decision"),
            tr("the clock decided, or the registry of officials was not founded yet"),
            REFUSED,
        )
    official, key = signer
    evidence.folder(place, "--extract")
    evidence.write(place / "decision.json", found.proof.text.encode())
    evidence.write(place / "decision.sig", found.proof.signature.encode())
    allowed = sshsig.allowed_signer(official, key)
    evidence.write(place / "allowed_signers", f"{allowed}\n".encode())
    typer.echo(show.plain(tr("written to {folder}; check it with:", folder=place)))
    typer.echo(
        f"  cd {show.plain(place)} && ssh-keygen -Y verify -f allowed_signers -I {official}"
        f" -n {sshsig.NAMESPACE} -s decision.sig < decision.json"
    )


def _checked(
    found: "Bundle", given: "Ed25519PublicKey | None", said: "tuple[Succession, ...]" = ()
) -> tuple[int, bytes]:
    from storage import bundles

    try:
        signed = bundles.check(found, given, said)
    except ValueError as error:
        raise _broken_bundle(error) from None
    return signed.size, signed.root


def _broken_bundle(error: ValueError) -> Failure:
    why = in_their_language(str(error))
    return Failure(show.plain(tr("the bundle is not right: {why}", why=why)), tr(_ADVICE), REFUSED)


def _tell_verified(report: "audit.Report", output: str) -> None:
    if output == "json":
        show.json(report)
        return
    for one in report.restores:
        typer.echo(tr("accepted: {what}", what=show.plain(restoring.described(one))))
    if report.abandoned:
        typer.echo(tr("checkpoints of what was lost: {n}", n=grouped(report.abandoned)))
    if not report.breaks:
        typer.echo(
            tr(
                "intact: events {events}, streams {streams}, checkpoints {checkpoints}",
                events=grouped(report.events),
                streams=grouped(report.streams),
                checkpoints=grouped(report.checkpoints),
            )
        )
        typer.echo(_proved(report.proved))
        typer.echo(tr("root: {root}", root=report.root))


def _proved(count: int) -> str:
    if not count:
        return tr("proofs: decisions are named, not proved")
    return plural(
        "proofs: {n} decision, signed by its official",
        "proofs: {n} decisions, each signed by its official",
        count,
        n=grouped(count),
    )


def _tell_proven(proven: Proven, output: str) -> None:
    if output == "json":
        show.json(proven)
        return
    places = ", ".join(str(position) for position in proven.positions)
    lines = [
        tr("proven: {decision}, positions {places}", decision=proven.decision_id, places=places),
        tr("in a log of {n} events, root {root}", n=grouped(proven.size), root=proven.root),
    ]
    if proven.official is not None:
        lines.append(
            tr(
                "signed by {official}, {fingerprint}",
                official=proven.official,
                fingerprint=proven.fingerprint,
            )
        )
    if proven.key_is_given:
        lines.append(tr("key: {key}", key=proven.key))
    else:
        lines.append(tr("key: {key}; compare it with the key that you keep", key=proven.key))
    for line in lines:
        typer.echo(show.plain(line))


def _refuse_if_broken(report: "audit.Report") -> None:
    if not report.breaks:
        return
    line = _said(report.breaks[0])
    if more := len(report.breaks) - 1:
        line = tr("{first}; and {n} more: ntm audit verify -o json", first=line, n=grouped(more))
    raise Failure(line, tr(_ADVICE), REFUSED)


def _said(one: "Break") -> str:
    detail = in_their_language(one.detail)
    what = " ".join(f"{words.said(record_words.BREAKS, one.wrong)} {detail}".split())
    places = f"{one.position}–{one.until}" if one.until else f"{one.position}"
    where = tr("position {places}", places=places) if one.position else ""
    stream = (
        tr("{stream} version {version}", stream=one.stream, version=one.version)
        if one.stream
        else ""
    )
    place = ", ".join(part for part in (where, stream) if part)
    return show.plain(f"{place}: {what}" if place else what)


@contextmanager
def _verifying(session: "Session") -> Iterator[Callable[[int], None]]:
    from storage import audit

    events = audit.size(session.engine)
    with bar(tr("verifying")) as tell:
        yield lambda done: tell(done, events)
