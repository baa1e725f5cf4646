"""`ntm store`, on a database that the environment names."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from storage.record import Record
from tests.conftest import tell
from tests.console.terminal import Answer, Terminal
from tests.domain.story import PROJECT, REGISTER
from tests.storage.test_record import SUBMIT

AS = ("--as", "agriculture@hai-phong")
REGISTRATION = ("programme", "register", "NTM", "--name", "Mới", "--base-communes", "1", *AS)


class Store:
    """A shell told of one database by several logins."""

    def __init__(self, home: Path, engine: Engine) -> None:
        self._terminal = Terminal(home)
        self.engine = engine

    def url(self, login: str | None = None) -> str:
        url = self.engine.url
        return (url.set(username=login, password="x") if login else url).render_as_string(
            hide_password=False
        )

    def run(self, *words: str, **urls: str) -> Answer:
        everybody = {"NTM_DATABASE_URL": self.url()}
        return self._terminal.run(*words, **{**everybody, **urls})

    def do(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(statement)


@pytest.fixture
def store(tmp_path: Path, engine: Engine, record: Record) -> Store:
    tell(record, REGISTER, SUBMIT)
    return Store(tmp_path, engine)


def test_verify_names_what_rebuild_puts_right(store: Store) -> None:
    # all is well
    well = store.run("store", "verify")
    assert (well.status, well.err) == (0, "")
    assert "every row is what the log says" in well.out

    # something was changed past the record
    store.do("UPDATE states SET version = 7")
    store.do("DELETE FROM inbox")
    wrong = store.run("store", "verify")
    assert wrong.status == 1
    assert wrong.out.splitlines() == [
        f"states: {PROJECT}: version is 7, should be 3",
        f"inbox: {PROJECT} investment-policy/appraise: is missing",
    ]
    assert wrong.err.splitlines() == ["put it right by: ntm store rebuild"]
    told = store.run("store", "verify", "--output", "json")
    assert told.status == 1
    assert [row["table"] for row in json.loads(told.out)["differences"]] == ["states", "inbox"]

    # and is put right
    built = store.run("store", "rebuild")
    assert (built.status, built.err) == (0, "")
    assert built.out == "rebuilt: streams 1, waits 1, from events 3\n"
    again = store.run("store", "rebuild", "--output", "json")
    assert json.loads(again.out) == {"events": 3, "streams": 1, "waits": 1, "messages_added": 0}
    assert json.loads(store.run("store", "verify", "--output", "json").out) == {"differences": []}
    assert store.run("--lang", "vi", "store", "verify").out == "mọi dòng đều khớp với sự kiện\n"


@pytest.mark.parametrize("words", [("store", "rebuild"), ("store", "verify"), ("events", PROJECT)])
def test_an_event_of_a_newer_program_is_one_line_and_status_3(
    store: Store, words: tuple[str, ...]
) -> None:
    store.do(
        "INSERT INTO events (position, stream, version, decision_id, kind, schema_version, body,"
        " act, occurred_at, recorded_at, hash) SELECT 4, stream, 4, 'x', kind, 9, body, act,"
        " occurred_at, recorded_at, hash FROM events WHERE position = 1"
    )

    answer = store.run(*words)

    assert (answer.status, answer.out) == (3, "")
    line, advice = answer.err.splitlines()
    assert "event 4, version 4 of project/AD01-GT, ProjectRegistered 9: cannot be read" in line
    assert "newer version" in advice


def test_each_command_has_no_more_rights_than_it_needs(store: Store) -> None:
    # given
    for login, group in (("t_recorder", "ntm_recorder"), ("t_reader", "ntm_reader")):
        store.do(
            f"DO $$ BEGIN CREATE ROLE {login} LOGIN PASSWORD 'x'; EXCEPTION"
            f" WHEN duplicate_object THEN NULL; END $$; GRANT {group} TO {login}"
        )
    nobody = store.url("nobody")
    recorder, reader = store.url("t_recorder"), store.url("t_reader")

    # what reads, reads as the reader, and what records, as the recorder
    for words in (("store", "verify"), ("inbox", "--all"), ("project", "list")):
        assert store.run(*words, NTM_DATABASE_URL=nobody, NTM_READER_DATABASE_URL=reader).err == ""
    urls = {"NTM_READER_DATABASE_URL": reader, "NTM_OWNER_DATABASE_URL": nobody}
    recording: tuple[tuple[str, ...], ...] = (REGISTRATION, ("store", "rebuild"))
    for asked in recording:
        answer = store.run(*asked, NTM_DATABASE_URL=recorder, **urls)
        assert (answer.status, answer.err) == (0, "")
        refused = store.run(*asked, NTM_DATABASE_URL=reader, **urls)
        assert refused.status == 3

    with store.engine.connect() as connection:
        kinds = text("SELECT count(*) FROM events WHERE kind = 'ProgrammeRegistered'")
        assert connection.execute(kinds).scalar_one() == 1
