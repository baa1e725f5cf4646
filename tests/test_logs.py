"""The log: a line a fact, JSON, and nothing in it that is not known to belong there."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from domain.project import AccountsClosed
from domain.streams import Fact
from domain.values import StreamId
from office import logs
from tests.domain.story import INVESTOR, act

PERSON = "Canary Nguyễn Thị Hoàng Yến, 031085001234"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Other tests have the log that they had; each of these sets its own up."""
    before, handlers = structlog.get_config(), logging.getLogger().handlers[:]
    yield
    structlog.configure(**before)
    logging.getLogger().handlers[:] = handlers


def lines(capsys: pytest.CaptureFixture[str]) -> list[Any]:
    out, err = capsys.readouterr()
    assert out == "", "data goes to stdout, and nothing else"
    return [json.loads(line) for line in err.splitlines()]


def test_a_fact_is_a_line_under_its_decision_id(capsys: pytest.CaptureFixture[str]) -> None:
    fact = Fact(
        stream=StreamId("project/P1"),
        version=3,
        decision_id="d-1",
        act=act(INVESTOR, "2024-03-04"),
        event=AccountsClosed(),
    )

    logs.configure("json")
    logs.facts((fact,))

    (line,) = lines(capsys)
    del line["timestamp"]
    assert line == {
        "event": "fact_recorded",
        "level": "info",
        "stream": "project/P1",
        "version": 3,
        "kind": "AccountsClosed",
        "decision_id": "d-1",
        "by": "investor@an-duong",
        "at": "2024-03-04T09:00:00+07:00",
    }


def test_what_is_not_allowed_leaves_its_name_alone(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    structlog.get_logger().info("decision_answered", count=1, reason=PERSON, body=PERSON)

    (line,) = lines(capsys)
    assert line["dropped"] == ["body", "reason"]
    assert "Canary" not in json.dumps(line, ensure_ascii=False)


def test_an_event_has_a_name_and_is_no_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    structlog.get_logger().info(f"refused: {PERSON}")

    (line,) = lines(capsys)
    assert (line["event"], line["dropped"]) == ("unnamed", ["event"])
    assert "Canary" not in json.dumps(line, ensure_ascii=False)


def test_a_library_is_heard_without_what_it_fills_in(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    library = logging.getLogger("temporalio.activity")
    library.info("not asked for")
    library.warning("Completing activity as failed ({'input': '%s'})", PERSON)
    cause, failure = ValueError(PERSON), RuntimeError(PERSON)
    failure.__cause__ = cause
    library.error("Failed activation on %s", PERSON, exc_info=failure)

    first, second = lines(capsys)
    assert (first["event"], first["said"]) == ("library", "Completing activity as failed")
    assert second["logger"] == "temporalio.activity"
    assert second["raised"] == "RuntimeError < ValueError"
    assert "Canary" not in json.dumps([first, second], ensure_ascii=False)
