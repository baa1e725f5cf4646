"""Why something does not move, said in one paragraph."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal, TypeAlias, assert_never

from console import money_words, show, words
from domain.holdup import ClockGoesOn, Coming, LimitEnds, RungComes
from domain.obstacles import Obstacle
from domain.phase import Phase
from domain.stall import Escalation, PauseCause
from domain.values import ObstacleId, Post, QuestionId, StreamId, value
from domain.waits import Wait
from language.catalogue import mark, pick, plural, tr

Worker: TypeAlias = Literal["runs", "none", "unreachable", "not-asked"]
"""Whether somebody is there to do what is due; of other times than now nobody can ask."""

_TOLD = 3


@value
class Holder:
    """A wait that holds the case up; its limit in working days from now, negative once over."""

    wait: Wait
    working_days: int | None
    working_days_left: int | None
    overdue: bool


@value
class Stuck:
    """A section that is stalled or has obstacles, and the gravest letter about it.

    `asked` are the questions that its obstacles wait for, and who has them now.
    """

    stream: StreamId
    level: int
    quiet_working_days: int | None
    letter: Escalation | None
    paused: PauseCause | None
    obstacles: Mapping[ObstacleId, Obstacle]
    asked: Mapping[QuestionId, Post]


@value
class Why:
    """Why a project or a section does not move.

    `holders` are the oldest waits that hold it up, `others` how many more do, `coming` what
    happens first if nobody acts, `worker` whether somebody is there to do it.
    """

    stream: StreamId
    name: str
    now: datetime
    phase: Phase
    phase_since: datetime
    phase_working_days: int | None
    is_open: bool
    holders: tuple[Holder, ...]
    others: int
    sections: tuple[Stuck, ...]
    coming: Coming | None
    worker: Worker


_BY_ITSELF: dict[Worker, str] = {
    "runs": mark("A worker runs, so that will happen by itself."),
    "none": mark("But no worker runs, so nothing will happen by itself: ntm up"),
    "unreachable": mark("But Temporal does not answer, so nothing will happen by itself: ntm up"),
    "not-asked": "",
}


def paragraph(why: Why) -> str:
    """All of it in the reader's language."""
    return " ".join(sentence for sentence in _sentences(why) if sentence)


def _sentences(why: Why) -> Iterator[str]:
    phase = words.said(words.PHASES, why.phase)
    since = _since(why.phase_since, why.phase_working_days)
    yield tr("{name}: the project's phase is {phase}, {since}.", name=why.name, phase=phase,
             since=since)  # fmt: skip
    if not why.is_open and not why.holders:
        yield tr("It is done, and waits for nobody.")
        return
    if not why.holders:
        yield tr("It waits for nobody.")
    for nth, holder in enumerate(why.holders):
        yield _held_by(holder, oldest=nth == 0)
    if why.others:
        yield plural("{n} more thing is waited for.", "{n} more things are waited for.", why.others)
    for stuck in why.sections[:_TOLD]:
        yield _stuck(stuck)
    if (more := len(why.sections) - _TOLD) > 0:
        yield plural("And {n} more section is held up.", "And {n} more sections are held up.", more)
    if why.coming is None:
        yield tr("If nobody acts, nothing happens by itself.")
    else:
        yield _coming(why.coming, why.now)
        yield tr(_BY_ITSELF[why.worker]) if _BY_ITSELF[why.worker] else ""


def _since(moment: datetime, working_days: int | None) -> str:
    """A day, and how long ago it is, as far as the calendar reaches."""
    day = show.day(moment)
    if working_days is None:
        return tr("since {day}", day=day)
    return plural(
        "since {day}, for {n} working day", "since {day}, for {n} working days", working_days,
        day=day,
    )  # fmt: skip


def _held_by(holder: Holder, *, oldest: bool) -> str:
    wait = holder.wait
    facts = {
        "post": wait.post,
        "role": words.said(words.ROLES, wait.post.role),
        "task": _task(wait),
        "since": _since(wait.since, holder.working_days),
        "limit": _limit(holder),
    }
    if oldest:
        return tr("It has waited longest for {post} ({role}) to {task}: {since}; {limit}.", **facts)
    return tr("It also waits for {post} ({role}) to {task}: {since}; {limit}.", **facts)


def _task(wait: Wait) -> str:
    """What has to be done, and about what: `decide question (KN1: medium-voltage poles)`."""
    names = {**words.DOSSIERS, **words.CAUSES, **money_words.PAYMENT_KINDS, **words.PAUSE_CAUSES}
    key, _, _ = wait.about.partition(",")
    about = pick(names[key]) if key in names else wait.about
    room, _, name = wait.stream.partition("/")
    where = "" if room == "project" else name
    told = ": ".join(part for part in (where, about) if part)
    times = f" ×{wait.count}" if wait.count > 1 else ""
    task = words.said(words.TASKS, wait.task)
    return f"{task}{times} ({told})" if told else f"{task}{times}"


def _limit(holder: Holder) -> str:
    if holder.wait.due is None:
        return tr("it has no limit")
    day, left = show.last_day(holder.wait.due), holder.working_days_left
    if holder.overdue:
        if left is None:
            return tr("the limit was {day}", day=day)
        return plural(
            "the limit was {day}, {n} working day ago",
            "the limit was {day}, {n} working days ago",
            -left,
            day=day,
        )
    if left is None:
        return tr("the limit is {day}", day=day)
    return plural(
        "the limit is {day}, {n} working day from now",
        "the limit is {day}, {n} working days from now",
        left,
        day=day,
    )


def _stuck(stuck: Stuck) -> str:
    section, facts = stuck.stream.partition("/")[2], "; ".join(_of_section(stuck))
    if not stuck.quiet_working_days:
        return tr("Section {section}: {facts}.", section=section, facts=facts)
    return plural(
        "Section {section} has not moved for {n} working day: {facts}.",
        "Section {section} has not moved for {n} working days: {facts}.",
        stuck.quiet_working_days,
        section=section,
        facts=facts,
    )


def _of_section(stuck: Stuck) -> Iterator[str]:
    if stuck.level and stuck.letter:
        letter = _letter(stuck.letter)
        yield tr("it is on rung {level} of the ladder ({letter})", level=stuck.level, letter=letter)
    elif stuck.level:
        yield tr("it is on rung {level} of the ladder", level=stuck.level)
    if stuck.paused:
        cause = words.said(words.PAUSE_CAUSES, stuck.paused)
        yield tr("its clock is paused ({cause})", cause=cause)
    if stuck.obstacles:
        held = [_obstacle(stuck, name, one) for name, one in stuck.obstacles.items()]
        yield tr("it is held up by {obstacles}", obstacles=_listed(held))


def _letter(letter: Escalation) -> str:
    facts = {"document": letter.document, "addressee": letter.addressee}
    if letter.answered_at is None:
        return tr("{document} to {addressee}, not answered", **facts)
    return tr(
        "{document} to {addressee}, answered {day}", day=show.day(letter.answered_at), **facts
    )


def _obstacle(stuck: Stuck, name: ObstacleId, obstacle: Obstacle) -> str:
    """What it is, and who must remove it or which question it waits for, on whose desk."""
    facts: dict[str, object] = {"cause": words.said(words.CAUSES, obstacle.cause), "name": name}
    if obstacle.referral is None:
        return tr("{cause} ({name}, {owner})", owner=obstacle.owner, **facts)
    question = obstacle.referral.question
    holder = stuck.asked.get(question)
    if holder is None:
        return tr("{cause} ({name}, waits for question {question})", question=question, **facts)
    return tr(
        "{cause} ({name}, waits for question {question} with {holder})",
        question=question,
        holder=holder,
        **facts,
    )


def _listed(parts: list[str]) -> str:
    if len(parts) > _TOLD:
        listed = ", ".join(parts[:_TOLD])
        return tr("{listed} and {n} more", listed=listed, n=len(parts) - _TOLD)
    if len(parts) == 1:
        return parts[0]
    return tr("{listed} and {last}", listed=", ".join(parts[:-1]), last=parts[-1])


def _coming(coming: Coming, now: datetime) -> str:
    day = show.last_day(coming.at)
    match coming:
        case RungComes() as rung:
            what = tr(
                "rung {level} ({name}) is sent to {addressee}",
                level=rung.level,
                name=pick((rung.name_vi, rung.name)),
                addressee=rung.addressee,
            )
        case LimitEnds(wait=wait):
            what = tr(
                "the time to {task} is over: {effect}",
                task=_task(wait),
                effect=words.said(words.IF_IGNORED, wait.if_ignored),
            )
        case ClockGoesOn(cause=cause):
            what = tr(
                "the days count again (paused: {cause})",
                cause=words.said(words.PAUSE_CAUSES, cause),
            )
        case _:
            assert_never(coming)
    if coming.at <= now:
        return tr("If nobody acts, {what}; that was due by the end of {day}.", what=what, day=day)
    return tr("If nobody acts, at the end of {day} {what}.", what=what, day=day)
