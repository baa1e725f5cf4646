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

from console.helping import placeholder
from domain.refusal import Refused
from language.catalogue import mark, tr

REFUSED: Final = 1
USAGE: Final = 2
UNREACHABLE: Final = 3
IN_PART: Final = 4
BROKEN_OFF: Final = 130

_SEE_STATUS = mark("see `ntm status`; run `ntm up`")


class Failure(Exception):
    """One clear line, what to do next, and the exit status."""

    def __init__(self, line: str, advice: str, status: int) -> None:
        super().__init__(line)
        self.line = line
        self.advice = advice
        self.status = status


# By name, so that nothing heavy is imported only to explain an error.
KNOWN: dict[str, tuple[int, str]] = {
    "activities.contacts.ContactsError": (USAGE, mark("correct contacts.toml")),
    "domain.refusal.Refused": (REFUSED, mark("nothing was recorded")),
    "office.door.Contradicted": (
        REFUSED,
        mark("nothing was recorded; run `ntm doctor`, and call the operator"),
    ),
    "office.door.NoCase": (REFUSED, mark("run `ntm resume`, then try again")),
    "office.door.Unattended": (UNREACHABLE, mark("run `ntm up`, then repeat this")),
    "office.door.Unreachable": (UNREACHABLE, _SEE_STATUS),
    "office.tracing.NoPlace": (USAGE, mark("correct the variable")),
    "stack.processes.DidNotStart": (UNREACHABLE, mark("see the logs in its home")),
    "stack.payload_keys.NoKeys": (USAGE, mark("run `ntm up`, or correct NTM_PAYLOAD_KEYS")),
    "stack.endpoints.NotRunning": (UNREACHABLE, _SEE_STATUS),
    "storage.log.Overdrawn": (REFUSED, mark("run `ntm store verify`, and call the operator")),
    "storage.log.Unavailable": (UNREACHABLE, _SEE_STATUS),
    "storage.log.Unreadable": (UNREACHABLE, mark("did a newer version of NTM write it?")),
    "storage.queries.OtherForm": (
        UNREACHABLE,
        mark("run `ntm down`, `ntm up`; or `ntm store rebuild`"),
    ),
    "storage.failpoints.NoSuchPoint": (USAGE, mark("unset NTM_FAILPOINT")),
    "storage.pinned.Unpinned": (UNREACHABLE, mark("restore it from a backup")),
    "storage.checkpoints.Broken": (
        REFUSED,
        mark("leave all as it is; run `ntm audit verify`, `ntm reconcile`"),
    ),
    "storage.rebuild.Hole": (UNREACHABLE, mark("restore it from a backup")),
    "storage.policy_checks.PolicyError": (USAGE, mark("correct the policy file")),
    # What `temporalio.envconfig` raises, by the name that its compiled half gives it.
    "temporal_sdk_bridge.ConfigError": (USAGE, mark("see the variables TEMPORAL_*")),
    "temporalio.client._exceptions.WorkflowUpdateFailedError": (
        UNREACHABLE,
        mark("is the worker of another version? run `ntm down`, `ntm up`"),
    ),
    "temporalio.service.RPCError": (UNREACHABLE, _SEE_STATUS),
}


def wrong(field: str, given: object, accepted: str) -> Failure:
    """A bad value: which field, what was given, and what would be accepted."""
    return Failure(
        tr(
            "{field}: {given} is not valid; {accepted}",
            field=field,
            given=repr(given),
            accepted=accepted,
        ),
        tr("correct it and run again"),
        USAGE,
    )


def absent(what: str, name: str, advice: str, known: Iterable[str] = ()) -> Failure:
    """Something that the record does not hold; of what it does, whatever is written alike."""
    spelt = {one.casefold(): one for one in known}
    meant = ", ".join(spelt[near] for near in get_close_matches(name.casefold(), spelt))
    return Failure(
        tr("{what}: there is no {name}", what=placeholder(what), name=repr(name)) + " [not_found]",
        tr("did you mean {meant}? {advice}", meant=meant, advice=advice) if meant else advice,
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
    told = tr(advice)
    if line.startswith("document: "):
        told = tr("write --document 'SYMBOL;DATE;ISSUER'; {advice}", advice=told)
    return Failure(_in_their_language(error, line), told, status)


def _in_their_language(error: BaseException, line: str) -> str:
    """What others said in English; a rule's name stays beside its sentence."""
    from language.sentences import in_their_language

    if isinstance(error, Refused):
        return f"{in_their_language(error.because)} [{error.rule}]"
    return in_their_language(line)
