"""Search without marks, and with them."""

import unicodedata

import pytest

from console.searching import fold, search

PLACES = ("Xã An Dương", "Đường An Đồng", "xa-an-duong", "Xã Ân Thi")


def found(query: str) -> tuple[str, ...]:
    return search(query, PLACES, lambda place: (place,))


@pytest.mark.parametrize("query", ["an duong", "AN DUONG", "  an   duong ", "an-duong"])
def test_a_query_without_marks_finds_a_place_however_it_is_written(query: str) -> None:
    assert found(query) == ("Xã An Dương", "xa-an-duong")


def test_a_query_with_marks_is_taken_at_its_word() -> None:
    assert found("dương") == ("Xã An Dương",)
    assert found("đường") == ("Đường An Đồng",)
    assert found("Đ") == ("Đường An Đồng",)


def test_marks_that_stand_nowhere_are_overlooked() -> None:
    assert found("án dường") == ("Xã An Dương", "xa-an-duong")


def test_a_decomposed_query_is_the_same_query() -> None:
    assert found(unicodedata.normalize("NFD", "An Dương")) == ("Xã An Dương",)


@pytest.mark.parametrize(
    ("text", "folded"), [("Đông Hải", "dong hai"), ("AD01-GT/T1", "ad01 gt t1"), ("ﬁ", "fi")]
)
def test_folding_keeps_letters_and_digits(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_nothing_is_found_for_what_nobody_has() -> None:
    assert found("vinh bao") == ()
