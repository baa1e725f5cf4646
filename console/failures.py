"""What went wrong, as one line, what to do next, and the exit status.

1   a rule said no, or nothing is waited for
2   wrong usage: the command line names something that is not accepted
3   a server is not reachable or has not answered yet, or its record cannot be read
4   of many decisions some were recorded and some were not
130 broken off by Ctrl-C, as Typer has it

`docs/command-line.md` says the same to users.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

REFUSED: Final = 1
USAGE: Final = 2
UNREACHABLE: Final = 3
IN_PART: Final = 4

_SEE_STATUS = "xem · see `ntm status`; chạy · run `ntm up`"


class Failure(Exception):
    """One clear line, what to do next, and the exit status."""

    def __init__(self, line: str, advice: str, status: int) -> None:
        super().__init__(line)
        self.line = line
        self.advice = advice
        self.status = status


# By name, so that nothing heavy is imported only to explain an error.
KNOWN: dict[str, tuple[int, str]] = {
    "activities.contacts.ContactsError": (USAGE, "sửa danh bạ · correct contacts.toml"),
    "domain.refusal.Refused": (REFUSED, "không có gì được ghi · nothing was recorded"),
    "office.door.Contradicted": (
        REFUSED,
        "không có gì được ghi · nothing was recorded; ntm doctor, báo quản trị · call the operator",
    ),
    "office.door.NoCase": (REFUSED, "chạy · run `ntm resume`, rồi thử lại · then try again"),
    "office.door.Unattended": (UNREACHABLE, "chạy · run `ntm up`, rồi lặp lại · then repeat this"),
    "office.door.Unreachable": (UNREACHABLE, _SEE_STATUS),
    "office.tracing.NoPlace": (USAGE, "sửa biến · correct the variable"),
    "stack.processes.DidNotStart": (UNREACHABLE, "xem nhật ký · see the logs in its home"),
    "stack.payload_keys.NoKeys": (
        USAGE,
        "chạy · run `ntm up`; hoặc sửa · or correct NTM_PAYLOAD_KEYS",
    ),
    "stack.endpoints.NotRunning": (UNREACHABLE, _SEE_STATUS),
    "storage.log.Overdrawn": (REFUSED, "báo người quản trị · tell the operator; ntm store verify"),
    "storage.log.Unavailable": (UNREACHABLE, _SEE_STATUS),
    "storage.log.Unreadable": (
        UNREACHABLE,
        "chạy phiên bản mới hơn? · a newer version of NTM wrote it?",
    ),
    "storage.queries.OtherForm": (
        UNREACHABLE,
        "khởi động lại worker · run `ntm down`, `ntm up`; or `ntm store rebuild`",
    ),
    "storage.failpoints.NoSuchPoint": (USAGE, "bỏ biến · unset NTM_FAILPOINT"),
    "storage.pinned.Unpinned": (UNREACHABLE, "khôi phục từ bản sao · restore it from a backup"),
    "storage.checkpoints.Broken": (
        REFUSED,
        "giữ nguyên hiện trạng · leave all as it is; ntm audit verify, ntm reconcile",
    ),
    "storage.rebuild.Hole": (UNREACHABLE, "khôi phục từ bản sao · restore it from a backup"),
    "storage.policy_checks.PolicyError": (USAGE, "sửa tệp chính sách · correct the policy file"),
    # What `temporalio.envconfig` raises, by the name that its compiled half gives it.
    "temporal_sdk_bridge.ConfigError": (USAGE, "xem các biến · see the variables TEMPORAL_*"),
    "temporalio.client._exceptions.WorkflowUpdateFailedError": (
        UNREACHABLE,
        "worker khác phiên bản? · of another version? `ntm down`, `ntm up`",
    ),
    "temporalio.service.RPCError": (UNREACHABLE, _SEE_STATUS),
}


def wrong(field: str, given: object, accepted: str) -> Failure:
    """A bad value: which field, what was given, and what would be accepted."""
    return Failure(
        f"{field}: {given!r} không hợp lệ · is not valid; {accepted}",
        "sửa rồi chạy lại · correct it and run again",
        USAGE,
    )


def absent(what: str, name: str, advice: str, known: Iterable[str] = ()) -> Failure:
    """Something that the record does not hold; of what it does, whatever is written alike."""
    spelt = {one.casefold(): one for one in known}
    meant = ", ".join(spelt[near] for near in get_close_matches(name.casefold(), spelt))
    return Failure(
        f"{what}: không có · there is no {name!r} [not_found]",
        f"có phải · did you mean {meant}? {advice}" if meant else advice,
        REFUSED,
    )


def explain(error: BaseException) -> Failure | None:
    """The failure to tell a person; None for what nobody expected."""
    if isinstance(error, Failure):
        return error
    kind = type(error)
    known = KNOWN.get(f"{kind.__module__}.{kind.__qualname__}")
    if known is None:
        return None
    status, advice = known
    # The driver's text goes on with the statement and its parameters.
    line = str(error).splitlines()[0] if str(error) else kind.__name__
    if line.startswith("document: "):
        advice = f"viết · write --document 'SYMBOL;DATE;ISSUER'; {advice}"
    return Failure(line, advice, status)
