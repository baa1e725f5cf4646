"""How a household's land and its worth are written on the command line."""

import pytest
import typer

from console.households import _entry, _inventoried
from domain.cases import CaseEntry, Inventoried
from domain.values import CaseCode, Land, Vnd


@pytest.mark.parametrize(
    ("text", "land", "confirmed"),
    [
        ("H001:397:17:380", Land.OTHER, False),
        ("H001:397:17:380:confirmed", Land.OTHER, True),
        ("H001:397:17:380:residential", Land.RESIDENTIAL, False),
        ("H001:397:17:380:agricultural:confirmed", Land.AGRICULTURAL, True),
    ],
)
def test_a_case_is_written(text: str, land: Land, *, confirmed: bool) -> None:
    assert _entry(text) == CaseEntry(
        code=CaseCode("H001"),
        area_before_m2=397,
        area_given_m2=17,
        area_left_m2=380,
        origin_confirmed=confirmed,
        land=land,
    )


@pytest.mark.parametrize(
    "text",
    [
        "H001",
        "H001:1:1",
        "H001:1:1:confirmed",
        "H001:a:1:1",
        "H001:1:1:0:forest",
        "H001:1:1:0:confirmed:residential",
        "H001:1:1:0:other:confirmed:more",
        "H 1:1:1:0",
    ],
)
def test_a_case_is_not_written(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        _entry(text)


def test_worth_is_of_structures_and_of_land_under_recovery() -> None:
    code = CaseCode("H1")

    assert _inventoried("H1=5") == Inventoried(code=code, structures=Vnd(5))
    both = Inventoried(code=code, structures=Vnd(5), compensation=Vnd(70))
    assert _inventoried("H1=5+70") == both
    assert _inventoried("H1=5 + 70") == both
    for wrong in ("H1", "H1=", "H1=5+", "H1=5+a"):
        with pytest.raises(typer.BadParameter):
            _inventoried(wrong)


@pytest.mark.parametrize(
    "text", ["Nguyễn Văn A:1:1:0", "Nguyen Van A:1", "H1:Nguyễn:1:0", "H1:1:1:0:Nguyễn"]
)
def test_what_is_no_case_is_not_repeated_for_it_may_be_a_name(text: str) -> None:
    with pytest.raises(typer.BadParameter) as refused:
        _entry(text)

    assert "Ngu" not in refused.value.format_message()
