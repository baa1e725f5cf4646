"""The policy files read, checked and pinned: law as rows becomes one `Policy` with a version.

PolicyError     a file says something the rules cannot use; the message names the place
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, get_args

from pydantic import TypeAdapter, ValidationError

from domain.law import (
    Article,
    Authority,
    Citation,
    Cutoff,
    Dated,
    Figure,
    Limit,
    MinimumArea,
    Ownership,
    QuestionStage,
    QuestionStep,
    Quiet,
    Rung,
    Step,
    Succession,
    Tet,
    Weight,
)
from domain.policy import Policy
from domain.values import Cause, Seat
from storage.calendar_file import working_calendar
from storage.policy_chains import check_chains
from storage.policy_chains import seats as seats_of
from storage.policy_checks import (
    PolicyError,
    check_amounts,
    check_citations,
    check_commands,
    check_complete,
    check_cutoffs,
    check_dates,
    check_groups,
    check_land,
    check_limit,
    check_single,
    check_weights,
)
from storage.policy_form import canonical, explain, plain, table, valid, version_of
from storage.policy_ladder import check_ladder, check_snooze, check_successions

POLICIES = Path(__file__).resolve().parent.parent / "policies"

_Row = TypeVar("_Row", bound=Dated)


def load(directory: Path = POLICIES) -> Policy:
    """Read every policy file of a directory, or raise `PolicyError` at the first thing wrong."""
    limits = _rows(
        directory / "limits.toml",
        "limit",
        Limit,
        _of_limit,
    )
    figures = _rows(directory / "figures.toml", "figure", Figure, lambda row: (row.rule,))
    cutoffs = _rows(directory / "cutoffs.toml", "cutoff", Cutoff, lambda row: (row.rule,))
    articles = _rows(directory / "articles.toml", "article", Article, lambda row: (row.rule,))
    # Amounts and projects tell rows apart, too; `check_chains` compares them.
    chains = _rows(directory / "chains.toml", "step", Step)
    authorities = _rows(
        directory / "authority.toml",
        "authority",
        Authority,
        lambda row: (row.command, row.role, row.level),
    )
    citations = _rows(
        directory / "basis.toml", "citation", Citation, lambda row: (row.command, row.step)
    )
    owners = _rows(directory / "obstacles.toml", "owner", Ownership, lambda row: (row.cause,))
    ladder = _rows(
        directory / "ladder.toml",
        "rung",
        Rung,
        lambda row: (row.trigger, row.unit or "every unit", row.level),
    )
    successions = _rows(
        directory / "units.toml",
        "succession",
        Succession,
        lambda row: (row.unit, row.role or "every role"),
    )
    questions = _rows(directory / "questions.toml", "step", QuestionStep, lambda row: (row.key,))
    minimums = _rows(
        directory / "land.toml", "minimum", MinimumArea, lambda row: (row.land, row.unit or "")
    )
    quiets = _rows(directory / "coercion.toml", "quiet", Quiet, lambda _: ("quiet",))
    tets = _rows(directory / "tet.toml", "tet", Tet, lambda _: ("tet",))
    weights = _rows(directory / "selection.toml", "criterion", Weight, lambda row: (row.criterion,))
    seat, calendar = working_calendar(directory / "calendar.toml")

    check_amounts(directory, limits, figures)
    check_cutoffs(directory / "cutoffs.toml", cutoffs)
    check_groups(directory / "limits.toml", limits)
    check_land(directory, minimums, quiets)
    check_weights(directory / "selection.toml", weights)
    check_commands(directory / "authority.toml", authorities)
    check_complete(directory / "obstacles.toml", "cause", Cause, [row.cause for row in owners])
    seats = {
        *(Seat(role=row.role, level=row.level) for row in authorities),
        *seats_of(chains),
        *(Seat(role=row.role, level=row.level) for row in owners),
    }
    check_ladder(directory / "ladder.toml", ladder, seats)
    check_snooze(directory / "limits.toml", limits)
    check_successions(directory / "units.toml", successions)
    known = sorted({row.rule for row in limits})
    check_chains(directory / "chains.toml", chains, known)
    check_citations(directory / "basis.toml", citations, chains)
    for nth, rung in enumerate(ladder, 1):
        check_limit(
            directory / "ladder.toml", f"rung {nth}", "answer_within", rung.answer_within, known
        )
    for nth, owner in enumerate(owners, 1):
        if owner.limit is not None:
            check_limit(directory / "obstacles.toml", f"owner {nth}", "limit", owner.limit, known)
    check_complete(
        directory / "questions.toml",
        "key",
        get_args(QuestionStage),
        [row.key for row in questions],
    )
    for nth, asked in enumerate(questions, 1):
        check_limit(directory / "questions.toml", f"step {nth}", "limit", asked.limit, known)
    unnamed = Policy(
        version="",
        seat=seat,
        limits=limits,
        figures=figures,
        chains=chains,
        authorities=authorities,
        owners=owners,
        ladder=ladder,
        calendar=calendar,
        cutoffs=cutoffs,
        questions=questions,
        minimums=minimums,
        quiets=quiets,
        tets=tets,
        successions=successions,
        weights=weights,
        articles=articles,
        citations=citations,
    )
    content = plain(Policy, unnamed)
    return parse(canonical({**content, "version": version_of(content)}))


def dump(policy: Policy) -> str:
    """A policy as canonical JSON: the same policy is always the same text."""
    return canonical(plain(Policy, policy))


def parse(text: str) -> Policy:
    """A policy from its JSON. Refuses a text whose content is not what its version says.

    Only form and version are checked: a pinned version stays readable when commands are added.
    """
    try:
        content = json.loads(text)
        policy = TypeAdapter(Policy).validate_json(text)
    except ValidationError as wrong:
        raise PolicyError(explain("stored policy", wrong, Policy)) from wrong
    except json.JSONDecodeError as wrong:
        raise PolicyError(f"stored policy: is not JSON: {wrong}") from wrong
    if policy.version != version_of(content):
        raise PolicyError(
            f'stored policy: version = "{policy.version}", but its content is {version_of(content)}'
        )
    return policy


def _of_limit(row: Limit) -> tuple[str, ...]:
    return (row.rule, row.group) if row.group else (row.rule,)


def _rows(
    path: Path,
    name: str,
    row_type: type[_Row],
    *identities: Callable[[_Row], tuple[str | int, ...]],
) -> tuple[_Row, ...]:
    """The rows of a file. On any day, no two in force may share one of their identities."""
    written = table(path)
    if set(written) != {name} or not isinstance(written[name], list):
        raise PolicyError(
            f"{path}: holds {sorted(written)}; it may hold [[{name}]] rows and nothing else"
        )
    rows = tuple(
        valid(f"{path}, {name} {nth}", row_type, raw) for nth, raw in enumerate(written[name], 1)
    )
    for nth, row in enumerate(rows, 1):
        check_dates(f"{path}, {name} {nth}", row)
    for identity in identities:
        check_single(path, name, rows, identity)
    return rows
