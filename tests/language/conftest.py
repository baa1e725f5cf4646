"""A reader of Vietnamese, for one test."""

from collections.abc import Iterator

import pytest

from language.catalogue import Language, choose, reader


@pytest.fixture
def vietnamese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = reader()
    monkeypatch.setenv("LANGUAGE", before)
    choose(Language.VIETNAMESE)
    yield
    choose(before)
