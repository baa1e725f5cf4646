"""What a case waits for: each wait is a row in somebody's inbox."""

from datetime import datetime
from enum import StrEnum

from domain.values import OfficialId, Post, StreamId, Vnd, value


class Task(StrEnum):
    """What the one who is waited for has to do."""

    SUBMIT_DOSSIER = "submit-dossier"
    DECIDE_DOSSIER = "decide-dossier"
    GIVE_OPINION = "give-opinion"
    SIGN_CONTRACT = "sign-contract"
    OPEN_CLEARANCE = "open-clearance"
    REGISTER_CASES = "register-cases"
    AGREE_DONATION = "agree-donation"
    CONFIRM_ORIGIN = "confirm-origin"
    TAKE_INVENTORY = "take-inventory"
    APPROVE_SUPPORT_PLAN = "approve-support-plan"
    PAY_SUPPORT = "pay-support"
    TAKE_OVER_LAND = "take-over-land"
    DECIDE_RELOCATION_FUNDING = "decide-relocation-funding"
    RELOCATE_UTILITY = "relocate-utility"
    REMOVE_OBSTACLE = "remove-obstacle"
    HAND_OVER_SITE = "hand-over-site"
    ANSWER_ESCALATION = "answer-escalation"
    REPLY = "reply"
    RESUME_CLOCK = "resume-clock"
    START_WORKS = "start-works"
    REPORT_PROGRESS = "report-progress"
    ACCEPT_WORKS = "accept-works"
    HAND_OVER_TO_USE = "hand-over-to-use"
    CHECK_PAYMENT = "check-payment"
    CONFIRM_TREASURY = "confirm-treasury"
    CLOSE_ACCOUNTS = "close-accounts"
    RECOVER_ADVANCE = "recover-advance"
    CALL_IN_ADVANCE = "call-in-advance"
    SURRENDER_ADVANCE = "surrender-advance"
    EXTEND_GUARANTEE = "extend-guarantee"
    RETURN_OVERPAID = "return-overpaid"
    RELEASE_RETENTION = "release-retention"
    ACCEPT_RESTORE = "accept-restore"
    REPORT_QUESTION = "report-question"
    DECIDE_QUESTION = "decide-question"
    SETTLE_REMAINDER = "settle-remainder"
    POST_PLAN = "post-plan"
    HOLD_MEETING = "hold-meeting"
    ISSUE_RECOVERY_NOTICE = "issue-recovery-notice"
    HOLD_DIALOGUE = "hold-dialogue"
    DECIDE_RECOVERY = "decide-recovery"
    CARRY_OUT_COERCION = "carry-out-coercion"
    CONFIRM_ENROLMENT = "confirm-enrolment"
    CONFIRM_APPOINTMENT = "confirm-appointment"


class IfIgnored(StrEnum):
    """What happens if the one who is waited for does nothing."""

    ESCALATES = "escalates"
    CLOCK_PAUSED = "clock-paused"
    TOP_OF_LADDER = "stays-with-the-city"
    OVERDUE_NOTICE = "overdue-notice"
    DECIDED_WITHOUT = "decided-without"
    WORKS_WAIT = "works-wait"
    MONEY_WAITS = "money-waits"
    CALLED_IN = "called-in"
    TO_BUDGET = "to-budget"
    UNSECURED = "unsecured"
    MADE_PUBLIC = "made-public"
    EVERYTHING_WAITS = "everything-waits"
    POWER_WAITS = "power-waits"


@value
class Wait:
    """One open wait: who must do what, since when, until when, and what happens if ignored.

    `barred` are persons who cannot do it, because of what they have done before in the case.
    `round` is the dossier's.
    """

    stream: StreamId
    key: str
    post: Post
    task: Task
    since: datetime
    due: datetime | None
    if_ignored: IfIgnored
    count: int = 1
    amount: Vnd | None = None
    about: str = ""
    barred: tuple[OfficialId, ...] = ()
    round: int | None = None
