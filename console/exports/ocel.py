"""The record as an object-centric event log, OCEL 2.0 in its JSON form, for process mining.

Every fact is an event; what it is about, and whose unit decided it, are objects. A household is
neither: its steps are events of its section, without its code. https://www.ocel-standard.org
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime

from console.exports.told import Form
from domain import approval, clearance, obstacles, payment, question
from domain.phase import phase
from domain.project import ProjectRegistered, Registered
from domain.streams import Fact, State
from domain.travel import told
from domain.values import Post, StreamId

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""From when an object's first values hold, as the standard has it."""

_TYPES: Mapping[str, Mapping[str, str]] = {
    "project": {"name": "string", "cohort": "string", "synthetic": "boolean", "phase": "string"},
    "commune": {},
    "unit": {},
    "section": {
        "name": "string",
        "works": "string",
        "stallLevel": "integer",
        "clearedPercent": "integer",
        "handedOver": "string",
    },
    "approval": {"dossier": "string", "round": "integer", "amount": "integer", "state": "string"},
    "obstacle": {"cause": "string", "state": "string"},
    "payment": {"kind": "string", "amount": "integer", "year": "integer", "status": "string"},
    "question": {"cause": "string", "status": "string"},
}
"""Each type of object with its attributes and their types; amounts in đồng."""


@dataclass
class _Object:
    type: str
    related: dict[tuple[str, str], None] = field(default_factory=dict)
    values: list[tuple[str, datetime, object]] = field(default_factory=list)
    latest: dict[str, object] = field(default_factory=dict)


class _Objects(dict[str, _Object]):
    """Every object by its id, which starts with its type, for a unit may be called as a commune."""

    def of(self, kind: str, name: str) -> str:
        """The id of an object that may be met for the first time."""
        key = f"{kind}:{name}"
        self.setdefault(key, _Object(type=kind))
        return key

    def set(self, key: str, at: datetime, **values: object) -> None:
        """Values from a moment on; the first ones hold from the beginning."""
        one = self[key]
        for name, found in values.items():
            if one.latest.get(name) != found:
                one.values.append((name, at if name in one.latest else _BEGINNING, found))
                one.latest[name] = found

    def relate(self, key: str, to: str, qualifier: str) -> None:
        self[key].related[to, qualifier] = None


def log(streams: Mapping[StreamId, Iterable[Fact]]) -> Form:
    """Events and objects of some streams. A fact that could not be folded is in none of them."""
    objects = _Objects()
    events: list[Form] = []
    elsewhere: list[tuple[str, str, str]] = []
    for stream, facts in streams.items():
        for fact, state in told(stream, facts):
            if state is None:
                continue
            _learn(objects, fact, state)
            related: dict[str, str] = {}
            for key, qualifier in _related(objects, fact):
                # One part an object: readers keep only one of two relations between the same two.
                related.setdefault(key, qualifier)
            elsewhere += _named_elsewhere(fact)
            events.append(_event(fact, related))
    for key, to, qualifier in elsewhere:
        # What another stream has begun, if the view holds that it has.
        if key in objects and to in objects:
            objects.relate(key, to, qualifier)
    return {
        "eventTypes": [
            {"name": kind, "attributes": _attributes({"role": "string", "decision": "string"})}
            for kind in sorted({event["type"] for event in events})
        ],
        "objectTypes": [
            {"name": kind, "attributes": _attributes(names)} for kind, names in _TYPES.items()
        ],
        "events": sorted(events, key=lambda event: (event["time"], event["id"])),
        "objects": [_object(key, one) for key, one in sorted(objects.items())],
    }


def flaws(found: Form) -> tuple[str, ...]:
    """What is wrong with a log: ids twice, relations to nobody, types and attributes unnamed.

    Readers drop a relation to an object that does not exist, and say nothing.
    """
    known = {one["id"] for one in found["objects"]}
    kinds = {kind: {one["name"] for one in found[kind]} for kind in ("eventTypes", "objectTypes")}
    names = {
        (kind, one["name"]): {attribute["name"] for attribute in one["attributes"]}
        for kind in kinds
        for one in found[kind]
    }
    said: list[str] = []
    for part, kind in (("events", "eventTypes"), ("objects", "objectTypes")):
        ids = [one["id"] for one in found[part]]
        if len(set(ids)) < len(ids):
            said.append(f"{part}: {len(ids) - len(set(ids))} ids twice")
        for one in found[part]:
            if one["type"] not in kinds[kind]:
                said.append(f"{one['id']}: type {one['type']} is not named")
            named = names.get((kind, one["type"]), set())
            unnamed = {each["name"] for each in one["attributes"]} - named
            said += [f"{one['id']}: attribute {name} is not named" for name in sorted(unnamed)]
            said += [
                f"{one['id']}: relates to {each['objectId']}, which is not there"
                for each in one["relationships"]
                if each["objectId"] not in known
            ]
    return tuple(said)


def _learn(objects: _Objects, fact: Fact, state: State) -> None:
    """What a fact says of the objects it is about."""
    event, at = fact.event, fact.act.at
    key = _own(objects, fact.stream)
    match event:
        case ProjectRegistered(charter=charter, works=works):
            objects.set(key, at, name=charter.name, cohort=charter.cohort)
            objects.set(key, at, synthetic=charter.synthetic)
            objects.relate(key, objects.of("commune", charter.commune), "in")
            for one in works:
                section = objects.of("section", f"{charter.project}/{one.section}")
                objects.set(section, at, name=one.name, works=one.works)
                objects.relate(key, section, "consists of")
        case approval.DossierSubmitted(dossier=dossier, round=number, amount=amount):
            name = f"{fact.stream.partition('/')[2]}/{dossier}/{number}"
            round_ = objects.of("approval", name)
            objects.set(round_, at, dossier=dossier, round=number, amount=amount, state="submitted")
            objects.relate(key, round_, "asks in")
        case approval.DossierApproved() | approval.DossierReturned() | approval.DossierRejected():
            name = f"{fact.stream.partition('/')[2]}/{event.dossier}/{event.round}"
            objects.set(objects.of("approval", name), at, state=event.kind)
        case obstacles.ObstacleRecorded(obstacle=obstacle, cause=cause, owner=owner):
            name = objects.of("obstacle", f"{fact.stream.partition('/')[2]}/{obstacle}")
            objects.set(name, at, cause=cause, state="standing")
            objects.relate(name, key, "stands in")
            objects.relate(name, objects.of("unit", owner.unit), "owned by")
        case obstacles.ObstacleRemoved(obstacle=obstacle):
            name = objects.of("obstacle", f"{fact.stream.partition('/')[2]}/{obstacle}")
            objects.set(name, at, state="removed")
        case _:
            pass
    _follow(objects, key, state, at)


def _follow(objects: _Objects, key: str, state: State, at: datetime) -> None:
    """What a stream's own object is like now."""
    match state:
        case Registered():
            objects.set(key, at, phase=phase(state))
        case clearance.Clearing():
            objects.set(key, at, stallLevel=state.stall.level, clearedPercent=state.cleared_percent)
            objects.set(key, at, handedOver=state.released or "no")
        case payment.Submitted():
            objects.set(key, at, kind=state.payment_kind, amount=state.cash)
            objects.set(key, at, year=state.budget_year, status=state.status)
            objects.relate(key, objects.of("project", state.charter.project), "paid for")
        case question.Asked():
            objects.set(key, at, cause=state.cause, status=state.status)
        case _:
            pass


def _own(objects: _Objects, stream: StreamId) -> str:
    """The object that a stream is the life of: a section has the life of its clearance."""
    room, _, name = stream.partition("/")
    return objects.of("section" if room == "clearance" else room, name)


def _related(objects: _Objects, fact: Fact) -> Iterator[tuple[str, str]]:
    """The objects of an event, each with its part in it."""
    room, _, name = fact.stream.partition("/")
    event = fact.event
    yield _own(objects, fact.stream), "of"
    if room in ("clearance", "payment"):
        yield objects.of("project", name.partition("/")[0]), "for"
    if isinstance(event, ProjectRegistered):
        yield objects.of("commune", event.charter.commune), "in"
    if room == "project" and (section := getattr(event, "section", None)):
        yield objects.of("section", f"{name}/{section}"), "at"
    if dossier := getattr(event, "dossier", None):
        yield objects.of("approval", f"{name}/{dossier}/{event.round}"), "in"  # type: ignore[union-attr]  # whatever names a dossier names its round
    if room == "clearance" and (obstacle := getattr(event, "obstacle", None)):
        yield objects.of("obstacle", f"{name}/{obstacle}"), "about"
    yield objects.of("unit", fact.act.by.unit), "by"
    for one in fields(event):
        post = getattr(event, one.name)
        if isinstance(post, Post):
            yield objects.of("unit", post.unit), one.name


def _named_elsewhere(fact: Fact) -> Iterator[tuple[str, str, str]]:
    """A question and the obstacles that it is about, which are their sections'."""
    concerns = getattr(fact.event, "concerns", ())
    for one in concerns:
        for obstacle in one.obstacles:
            about = f"obstacle:{one.project}/{one.section}/{obstacle}"
            yield f"question:{fact.stream.partition('/')[2]}", about, "about"


def _event(fact: Fact, related: Mapping[str, str]) -> Form:
    return {
        "id": f"{fact.stream}#{fact.version}",
        "type": fact.event.kind,
        "time": _time(fact.act.at),
        "attributes": [
            {"name": "role", "value": fact.act.by.role},
            {"name": "decision", "value": fact.decision_id},
        ],
        "relationships": [
            {"objectId": key, "qualifier": qualifier} for key, qualifier in related.items()
        ],
    }


def _object(key: str, one: _Object) -> Form:
    return {
        "id": key,
        "type": one.type,
        "attributes": [
            {"name": name, "time": _time(at), "value": found} for name, at, found in one.values
        ],
        "relationships": [
            {"objectId": to, "qualifier": qualifier} for to, qualifier in one.related
        ],
    }


def _attributes(names: Mapping[str, str]) -> list[Form]:
    return [{"name": name, "type": kind} for name, kind in names.items()]


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
