"""Why a goal is not reached, in one sentence each; shown only where it is not."""

from bench.rounds import Comparison

_LIBRARY = (
    "the library holds its lock over the disk's flush; this disk answers within a third of a"
    " millisecond, so that the lock costs it less than chain and documents cost us in Python."
)
_REASONS = {
    "writer, event": _LIBRARY,
    "writers, event": _LIBRARY,
    "16 writers, raw": (
        "sixteen threads share one interpreter, and an append that is chained, encoded and decoded"
        " in Python takes it for longer than an INSERT of ready values."
    ),
    "writer": (
        "an append also takes the log's order, chains its event and awaits the disk in a second"
        " step, after the commit: one journey, but more work at both of its ends."
    ),
    "at once, raw": (
        "each event is dumped, hashed and parsed again out of one JSON document; the baseline's"
        " arrays are made before the clock starts."
    ),
    "at once, eventsourcing": (
        "the library sends bytes that were encoded before the clock starts, and has no chain."
    ),
    "hash chain": "the canonical JSON of each event is written by the standard library.",
    "report is open": "nothing in an append waits for a reader; the figure scatters by as much.",
    "taken version": "a conflict is an error of the server, and is rolled back by a journey more.",
    "decide in a project": (
        "the state of all sections is written for the read models with every decision."
    ),
    "decide on": (
        "a decision also takes its stream, reads what is new, looks its id up, asks the registry"
        " whose hand it is, and decides: two journeys before the one that writes, and its rules and"
        " documents in Python."
    ),
    "decode and fold": (
        "decoding both documents, strictly, takes no longer than `json.loads` of them; the rest is"
        " the fold, which makes new frozen values where the baseline changes one in place."
    ),
    "decision p50": (
        "the record's activities have a task queue of their own, so that the right to append can be"
        " one process's alone: the server hands the baseline its activity along with the answer to"
        " the workflow task, and ours one poll later; the rest is the record, and the validator."
    ),
    "load a case": (
        "each event is two documents, checked strictly and folded by the rules of a whole project;"
        " the library's aggregate only keeps what it is told."
    ),
    "read the log": (
        "each event is two documents, both checked strictly, with who, when and in which form."
    ),
    "rebuild": (
        "the baseline reads bytes and does nothing with them; a rebuild decodes and folds each"
        " event with the code of the live path, and writes every row anew."
    ),
    "--as-of": (
        "every date in the log is looked at to see which projects have moved since; an index on"
        " them would be paid for by each append."
    ),
}


def reason(one: Comparison) -> str:
    """The first of them that is about this figure."""
    about = f"{one.what}, {one.baseline_is}"
    return next(why for part, why in _REASONS.items() if part in about)
