"""A rule that said no."""

from typing import Literal

Rule = Literal[
    "already_exists",
    "authority",
    "basis_missing",
    "capital_ceiling",
    "capital_expired",
    "capital_guard",
    "contract_ceiling",
    "empty_group",
    "guarantee_missing",
    "input",
    "in_the_future",
    "investment_ceiling",
    "minutes_missing",
    "no_authority_rule",
    "nothing_to_do",
    "not_chosen",
    "not_cleared",
    "not_found",
    "out_of_rank",
    "out_of_turn",
    "quorum_impossible",
    "separation_of_duties",
    "advance_ceiling",
    "advance_recovery",
    "volume_ceiling",
    "other_body",
    "restored",
    "coercion_blackout",
    "personal_data",
    "remainder_too_small",
    "too_early",
    "unproved",
    "proof_expired",
    "vacant_post",
    "not_delegated",
]
"""Machine names of refusals; the sentence beside each is for people."""


class Refused(Exception):
    """A rule said no. Nothing happened, so nothing is recorded.

    `rule` is for machines, `because` for people; together they make the message.
    """

    def __init__(self, rule: Rule, because: str) -> None:
        super().__init__(f"{because} [{rule}]")
        self.rule: Rule = rule
        self.because = because
