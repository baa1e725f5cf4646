"""The paper of a decision: its symbol is a whole, and where the law demands it, it is there."""

from dataclasses import replace

import pytest

from domain.approval import ApproveStep, ReturnDossier
from domain.citing import check_citation, normalised, type_of
from domain.values import Document, DossierKind
from tests.domain.story import CHAIR, PAPER, POLICY, act, refused

APPROVE = ApproveStep(dossier=DossierKind.PROJECT, step="approve")
HASH = "9f" * 32


def papered(symbol: str) -> Document:
    return replace(PAPER, symbol=symbol)


@pytest.mark.parametrize(
    ("written", "symbol"),
    [
        ("02/2023/NQ-HĐND", "02/2023/NQ-HĐND"),
        ("  02 / 2023 / NQ - HĐND ", "02/2023/NQ-HĐND"),
        ("12/QĐ-UBND", "12/QĐ-UBND"),
        # A composed letter and its parts are the same letter.
        ("05/TB-Sơ\u0309", "05/TB-Sở"),
        ("Công văn  số 5", "Công văn số 5"),
    ],
)
def test_a_symbol_has_one_form(written: str, symbol: str) -> None:
    assert normalised(written) == symbol
    assert normalised(symbol) == symbol


@pytest.mark.parametrize("other", ["254/2025/QH15", "254/2025/NĐ-CP", "254/2025/nđ-cp", "254/2025"])
def test_what_is_not_the_whole_symbol_is_another_paper(other: str) -> None:
    assert len({normalised(other), "254/2025/NQ-CP"}) == 2
    assert normalised(other) == other


@pytest.mark.parametrize("letter", ["Ð", "Ɖ", "ð", "ɖ", "Н", "Р"])
def test_a_letter_that_only_looks_like_one_is_refused_by_its_number(letter: str) -> None:
    with refused("input") as refusal:
        normalised(f"12/Q{letter}-UBND")

    assert f"character 5 is U+{ord(letter):04X}" in refusal.value.because


@pytest.mark.parametrize(
    ("symbol", "kind"),
    [
        ("02/2023/NQ-HĐND", "NQ"),
        ("12/QĐ-UBND", "QĐ"),
        ("254/2025/NĐ-CP", "NĐ"),
        ("254/2025/QH15", ""),
        ("QĐ-UBND", ""),
        ("Thông báo 5", ""),
    ],
)
def test_a_symbol_names_its_type(symbol: str, kind: str) -> None:
    assert type_of(symbol) == kind


def test_a_step_whose_paper_the_law_demands_does_not_go_without() -> None:
    with refused("basis_missing") as refusal:
        check_citation(APPROVE, act(CHAIR, "2025-02-03", None), POLICY)

    assert "ApproveStep project/approve must cite its QĐ" in refusal.value.because
    check_citation(APPROVE, act(CHAIR, "2025-02-03", papered("12/QĐ-UBND")), POLICY)


@pytest.mark.parametrize("symbol", ["12/TB-UBND", "12/2025/QH15", "Thông báo 5"])
def test_another_type_of_paper_is_not_the_one_demanded(symbol: str) -> None:
    with refused("basis_missing"):
        check_citation(APPROVE, act(CHAIR, "2025-02-03", papered(symbol)), POLICY)


def test_the_demand_is_law_of_its_time_and_of_its_step() -> None:
    check_citation(APPROVE, act(CHAIR, "2024-12-31", None), POLICY)
    appraise = ApproveStep(dossier=DossierKind.PROJECT, step="appraise")
    check_citation(appraise, act(CHAIR, "2025-02-03", None), POLICY)
    back = ReturnDossier(dossier=DossierKind.PROJECT, step="approve", reason="cost")
    check_citation(back, act(CHAIR, "2025-02-03", None), POLICY)


@pytest.mark.parametrize("symbol", ["12 / QĐ-UBND", "254/2025", "12", "12/QÐ-UBND"])
def test_only_a_whole_symbol_in_its_one_form_goes_on_record(symbol: str) -> None:
    with refused("input"):
        check_citation(APPROVE, act(CHAIR, "2024-02-03", papered(symbol)), POLICY)


@pytest.mark.parametrize("files", [("9F" * 32,), ("9f",), (HASH, HASH), ("scan.pdf",)])
def test_a_file_is_its_hash_and_counts_once(files: tuple[str, ...]) -> None:
    with refused("input"):
        check_citation(APPROVE, act(CHAIR, "2024-02-03", replace(PAPER, files=files)), POLICY)
    check_citation(APPROVE, act(CHAIR, "2024-02-03", replace(PAPER, files=(HASH,))), POLICY)
