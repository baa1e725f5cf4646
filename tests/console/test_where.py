"""`--where`: conditions on known keys, and nothing else that anybody may write."""

from datetime import date

import pytest
import typer

from console.where import Told, parser

KEYS = ("kind", "dossier", "payment", "project", "commune", "step", "amount", "due", "overdue")
TOLD: Told = {
    "kind": "payment",
    "payment": "volume",
    "project": "AD01-GT",
    "commune": "AD01",
    "amount": 50_000_000,
    "due": date(2024, 3, 8),
    "overdue": "no",
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("kind=payment", True),
        ("kind=dossier", False),
        ("kind=dossier|payment", True),
        ("kind=payment commune=AD01", True),
        ("kind=payment, commune=AD01", True),
        ("kind=payment commune=AD02", False),
        ("commune!=AD02", True),
        ("commune!=AD01|AD02", False),
        ("amount<=50000000", True),
        ("amount<=50triệu", True),
        ("amount<50000000", False),
        ("amount>=50.000.001", False),
        ("amount>49999999 amount<=50000000", True),
        ("due<=2024-03-08", True),
        ("due<2024-03-08", False),
        ("overdue=no", True),
        # What is not told of it does not hold, whichever way it is asked.
        ("dossier=project", False),
        ("dossier!=project", False),
    ],
)
def test_of_this_item_it_holds_that(text: str, holds: bool) -> None:  # noqa: FBT001
    assert parser(*KEYS)(text).holds(TOLD) is holds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "write KEY=VALUE"),
        ("kind", "write KEY=VALUE"),
        ("kind=payment or amount<5", "write KEY=VALUE"),
        ("kind=payment;drop", "kind: dossier, payment"),
        ("kind=payment__import__", "kind: dossier, payment"),
        ("knd=payment", "did you mean kind?"),
        ("cohort=2024", "the keys: kind, dossier"),
        ("kind=pay", "kind: dossier, payment"),
        ("dossier=projekt", "dossier: investment-policy, project, settlement"),
        ("kind<payment", "kind takes = or !="),
        ("amount<=1,5", "write KEY=VALUE"),
        ("amount<=abc", "115 million"),
        ("due<=30/04/2024", "YYYY-MM-DD"),
        ("commune=AD 01", "write KEY=VALUE"),
        ("commune=../x", "letters without accents, digits"),
        ("overdue=maybe", "overdue: yes, no"),
    ],
)
def test_whatever_else_is_written_is_refused_with_what_is_accepted(text: str, said: str) -> None:
    with pytest.raises(typer.BadParameter) as wrong:
        parser(*KEYS)(text)

    assert said in str(wrong.value)
