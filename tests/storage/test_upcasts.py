"""Old forms of events are read for ever; what only a newer program knows stops the reader."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from domain.approval import StepApproved
from domain.streams import DecisionRefused
from domain.values import StreamId
from storage import codec, log, queries, rebuild, upcasts
from storage.record import Record
from tests.conftest import tell
from tests.domain.story import INVESTOR, PROJECT, REGISTER, TO_APPROVAL
from tests.golden.write import GOLDEN, examples

ROWS = sorted(GOLDEN.glob("*.json"))
VERSIONS = {(*path.name.split("."),)[:2] for path in ROWS}


def _reason(body: upcasts.Body) -> upcasts.Body:
    """A form of before there was `because`: it was called `reason`."""
    return {**{k: v for k, v in body.items() if k != "reason"}, "because": body["reason"]}


def _command(body: upcasts.Body) -> upcasts.Body:
    return {**body, "command": f"Old{body['command']}"}


@pytest.fixture
def twice_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program in which refusals are at version 3."""
    chains: Mapping[str, Mapping[int, upcasts.Upcast]] = {
        "DecisionRefused": {1: _reason, 2: _command}
    }
    upcasts.check(chains, upcasts.KINDS)
    monkeypatch.setattr(upcasts, "CHAINS", chains)


def insert(engine: Engine, kind: str, version: int, body: object) -> None:
    """An event as a program of another day wrote it, at position 2."""
    values = {"kind": kind, "version": version, "body": json.dumps(body)}
    statement = text(
        "INSERT INTO events (position, stream, version, decision_id, kind, schema_version, body,"
        " act, occurred_at, recorded_at, hash) SELECT 2, stream, 2, 'x', :kind, :version,"
        " CAST(:body AS jsonb), act, occurred_at, recorded_at, hash FROM events"
    )
    with engine.begin() as connection:
        connection.execute(statement, values)


# Golden files


@pytest.mark.parametrize("path", ROWS, ids=lambda path: path.stem)
def test_what_was_ever_written_is_read_as_it_was_then(path: Path) -> None:
    kept: dict[str, Any] = json.loads(path.read_text("utf-8"))

    event = codec.event(kept["kind"], kept["schema_version"], json.dumps(kept["body"]))
    act = codec.ACT.validate_json(json.dumps(kept["act"]))

    assert path.stem == f"{kept['kind']}.{kept['schema_version']}"
    # What was written before a field was added is read with its default.
    assert event == codec.EVENT.validate_json(json.dumps(kept["read_as"]))
    assert _said(codec.act(act)) == _said(kept["act"])


def _said(part: Any) -> Any:
    """A field that says nothing is as one that was not there yet."""
    if not isinstance(part, dict):
        return part
    return {name: _said(held) for name, held in part.items() if held not in (None, [])}


def test_every_form_of_every_kind_has_a_golden_file() -> None:
    forms = {
        (kind, str(version))
        for kind in upcasts.KINDS
        for version in range(1, upcasts.current(kind) + 1)
    }

    assert forms == VERSIONS, "run: python -m tests.golden.write"


def test_the_examples_are_what_commands_answer_today() -> None:
    # A kind that no command leads to would have no example, and so no golden file.
    assert examples().keys() == upcasts.KINDS


# Lifting


@pytest.mark.usefixtures("twice_changed")
def test_an_old_form_is_lifted_step_by_step() -> None:
    oldest = {"kind": "DecisionRefused", "command": "X", "rule": "input", "reason": "không"}
    newest = DecisionRefused(command="OldX", rule="input", because="không")

    assert codec.event("DecisionRefused", 1, json.dumps(oldest)) == newest
    middle = {**_reason(oldest)}
    assert codec.event("DecisionRefused", 2, json.dumps(middle)) == newest
    assert codec.event("DecisionRefused", 3, codec.EVENT.dump_json(newest).decode()) == newest


@pytest.mark.usefixtures("twice_changed")
def test_the_log_reads_old_forms_and_writes_the_present_one(record: Record, engine: Engine) -> None:
    # given
    tell(record, REGISTER)
    body = {"kind": "DecisionRefused", "command": "X", "rule": "input", "reason": "không"}
    insert(engine, "DecisionRefused", 1, body)

    # when
    old = queries.entries(engine, PROJECT)[1]
    (refusal,) = queries.refusals(engine, INVESTOR)
    with log.turn(engine) as connection:
        log.append(connection, (old.fact.__class__(**_fields(old.fact, version=3)),))

    # then
    assert old.fact.event == DecisionRefused(command="OldX", rule="input", because="không")
    assert refusal.refused == old.fact.event
    versions = text("SELECT schema_version FROM events ORDER BY position")
    with engine.connect() as connection:
        assert list(connection.execute(versions).scalars()) == [1, 1, 3]


def _fields(fact: object, **changed: object) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in fact.__slots__} | changed  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("chains", "because"),
    [
        ({"Unheard": {1: _reason}}, "Unheard: there is no such kind"),
        ({"DecisionRefused": {2: _reason}}, r"DecisionRefused: steps start from \[2\]"),
        ({"DecisionRefused": {1: _reason, 3: _reason}}, r"steps start from \[1, 3\]"),
        ({"DecisionRefused": {0: _reason, 1: _reason}}, r"steps start from \[0, 1\]"),
    ],
)
def test_a_chain_with_a_hole_is_found_at_import(chains: upcasts.Chains, because: str) -> None:
    with pytest.raises(upcasts.BrokenChain, match=because):
        upcasts.check(chains, upcasts.KINDS)


# What cannot be read


@pytest.mark.parametrize(
    ("kind", "version", "body", "because"),
    [
        ("Unheard", 1, {"kind": "Unheard"}, "this program knows no such kind"),
        ("StepApproved", 2, {"kind": "StepApproved"}, "reads versions 1 to 1 of it"),
        ("StepApproved", 0, {"kind": "StepApproved"}, "reads versions 1 to 1 of it"),
        ("StepApproved", 1, {"kind": "StepApproved"}, "StepApproved.dossier: Field required"),
        (
            "StepApproved",
            1,
            {"kind": "DecisionRefused", "command": "c", "rule": "input", "because": "b"},
            "its body is a DecisionRefused",
        ),
    ],
)
def test_an_event_that_cannot_be_read_stops_every_reader_and_is_named(
    record: Record, engine: Engine, kind: str, version: int, body: object, because: str
) -> None:
    tell(record, REGISTER)
    insert(engine, kind, version, body)

    for read in (
        lambda: queries.entries(engine, PROJECT),
        lambda: Record(engine, record.policy).fold(PROJECT),
        lambda: tell(record, TO_APPROVAL[2]),
        lambda: rebuild.rebuild(engine, record.policy, lambda _done, _of: None),
    ):
        with pytest.raises(log.Unreadable) as stopped:
            read()
        assert f"event 2, version 2 of project/AD01-GT, {kind} {version}:" in str(stopped.value)
        assert because in str(stopped.value)


def test_what_cannot_be_read_is_not_quoted(record: Record, engine: Engine) -> None:
    tell(record, REGISTER)
    insert(engine, StepApproved.__name__, 1, {"kind": "StepApproved", "dossier": "bí mật"})

    with pytest.raises(log.Unreadable) as stopped:
        queries.entries(engine, StreamId(PROJECT))

    assert "bí mật" not in str(stopped.value)
    assert stopped.value.__cause__ is None
    assert stopped.value.__suppress_context__
