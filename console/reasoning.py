"""Why something does not move, said in a paragraph: once in Vietnamese and once in English."""

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

Worker: TypeAlias = Literal["runs", "none", "unreachable", "not-asked"]
Language: TypeAlias = Literal[0, 1]
"""Which half of a word in `console.words`."""

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


def in_vietnamese(why: Why) -> str:
    """One paragraph."""
    return " ".join(_vietnamese(why))


def in_english(why: Why) -> str:
    """The same paragraph."""
    return " ".join(_english(why))


def _vietnamese(why: Why) -> Iterator[str]:
    phase = words.PHASES[why.phase][0]
    yield (
        f"{why.name}: dự án ở bước {phase} từ {show.day(why.phase_since)}"
        f"{_days(why.phase_working_days, ' (', ' ngày làm việc)')}."
    )
    if not why.is_open and not why.holders:
        yield "Đã xong, không chờ ai."
        return
    if not why.holders:
        yield "Không chờ ai."
    for nth, holder in enumerate(why.holders):
        begin = "Chờ lâu nhất là" if nth == 0 else "Cùng lúc chờ"
        yield (
            f"{begin} {holder.wait.post} ({words.ROLES[holder.wait.post.role][0]})"
            f" {_task(holder.wait, 0)}, từ {show.day(holder.wait.since)}"
            f"{_days(holder.working_days, ', đã ', ' ngày làm việc')}{_limit_vi(holder)}."
        )
    if why.others:
        yield f"Còn {why.others} việc khác cũng đang chờ."
    for stuck in why.sections[:_TOLD]:
        yield _stuck_vi(stuck)
    if len(why.sections) > _TOLD:
        yield f"Và {len(why.sections) - _TOLD} đoạn vướng khác."
    yield _coming_vi(why)


def _english(why: Why) -> Iterator[str]:
    phase = words.PHASES[why.phase][1]
    yield (
        f"{why.name}: the project has been in {phase} since {show.day(why.phase_since)}"
        f"{_days(why.phase_working_days, ' (', ' working days)')}."
    )
    if not why.is_open and not why.holders:
        yield "It is done, and waits for nobody."
        return
    if not why.holders:
        yield "It waits for nobody."
    for nth, holder in enumerate(why.holders):
        begin = "It has waited longest for" if nth == 0 else "It also waits for"
        yield (
            f"{begin} {holder.wait.post} ({words.ROLES[holder.wait.post.role][1]})"
            f" to {_task(holder.wait, 1)}: since {show.day(holder.wait.since)}"
            f"{_days(holder.working_days, ', ', ' working days')}{_limit_en(holder)}."
        )
    if why.others:
        yield f"{why.others} more {'thing is' if why.others == 1 else 'things are'} waited for."
    for stuck in why.sections[:_TOLD]:
        yield _stuck_en(stuck)
    if len(why.sections) > _TOLD:
        yield f"And {len(why.sections) - _TOLD} more sections are held up."
    yield _coming_en(why)


def _task(wait: Wait, language: Language) -> str:
    """What has to be done, and about what: `trả lời kiến nghị (KN1: cột điện trung thế)`."""
    names = {**words.DOSSIERS, **words.CAUSES, **money_words.PAYMENT_KINDS, **words.PAUSE_CAUSES}
    key, _, _ = wait.about.partition(",")
    about = names[key][language] if key in names else wait.about
    room, _, name = wait.stream.partition("/")
    where = "" if room == "project" else name
    told = ": ".join(part for part in (where, about) if part)
    times = f" ×{wait.count}" if wait.count > 1 else ""
    task = words.TASKS[wait.task][language]
    return f"{task}{times} ({told})" if told else f"{task}{times}"


def _limit_vi(holder: Holder) -> str:
    if holder.wait.due is None:
        return ", không có hạn"
    due = show.last_day(holder.wait.due)
    if holder.overdue:
        return f"; hạn {due}, đã quá{_days(_past(holder), ' ', ' ngày làm việc')}"
    return f"; hạn {due}{_days(holder.working_days_left, ', còn ', ' ngày làm việc')}"


def _limit_en(holder: Holder) -> str:
    if holder.wait.due is None:
        return ", with no date"
    due = show.last_day(holder.wait.due)
    if holder.overdue:
        return f"; due {due}{_days(_past(holder), ', ', ' working days overdue')}"
    return f"; due {due}{_days(holder.working_days_left, ', ', ' working days left')}"


def _past(holder: Holder) -> int | None:
    return None if holder.working_days_left is None else -holder.working_days_left


def _stuck_vi(stuck: Stuck) -> str:
    said = [f"Đoạn {stuck.stream.partition('/')[2]}"]
    if stuck.quiet_working_days:
        said[0] += f" không tiến triển {stuck.quiet_working_days} ngày làm việc"
    if stuck.level:
        said.append(f"đã lên bậc đôn đốc {stuck.level}{_letter_vi(stuck.letter)}")
    if stuck.paused:
        said.append(f"đang tạm dừng tính vì {words.PAUSE_CAUSES[stuck.paused][0]}")
    held = [
        f"{words.CAUSES[one.cause][0]} ({name}, {_owner(stuck, one, 'chờ kiến nghị', 'ở')})"
        for name, one in stuck.obstacles.items()
    ]
    if held:
        said.append(f"vướng {_listed(held, 'và')}")
    return f"{said[0]}: {', '.join(said[1:])}."


def _stuck_en(stuck: Stuck) -> str:
    said = [f"Section {stuck.stream.partition('/')[2]}"]
    if stuck.quiet_working_days:
        said[0] += f" has not moved for {stuck.quiet_working_days} working days"
    if stuck.level:
        said.append(f"on rung {stuck.level} of the ladder{_letter_en(stuck.letter)}")
    if stuck.paused:
        said.append(f"its clock is paused for {words.PAUSE_CAUSES[stuck.paused][1]}")
    held = [
        f"{words.CAUSES[one.cause][1]} ({name}, {_owner(stuck, one, 'waits for question', 'with')})"
        for name, one in stuck.obstacles.items()
    ]
    if held:
        said.append(f"held up by {_listed(held, 'and')}")
    return f"{said[0]}: {', '.join(said[1:])}."


def _letter_vi(letter: Escalation | None) -> str:
    if letter is None:
        return ""
    answered = f"trả lời {show.day(letter.answered_at)}" if letter.answered_at else "chưa trả lời"
    return f" ({letter.document} gửi {letter.addressee}, {answered})"


def _letter_en(letter: Escalation | None) -> str:
    if letter is None:
        return ""
    answered = f"answered {show.day(letter.answered_at)}" if letter.answered_at else "not answered"
    return f" ({letter.document} to {letter.addressee}, {answered})"


def _owner(stuck: Stuck, obstacle: Obstacle, waits: str, at: str) -> str:
    """Who must remove an obstacle, or which question it waits for, and whose desk that is on."""
    if obstacle.referral is None:
        return str(obstacle.owner)
    question = obstacle.referral.question
    holder = stuck.asked.get(question)
    return f"{waits} {question}{f' {at} {holder}' if holder else ''}"


def _coming_vi(why: Why) -> str:
    if why.coming is None:
        return "Nếu không ai làm gì thì cũng không có gì tự xảy ra."
    day = show.last_day(why.coming.at)
    when = f"đã đến hạn ngày {day}" if why.coming.at <= why.now else f"hết ngày {day}"
    match why.coming:
        case RungComes() as rung:
            what = f"hệ thống tự gửi bậc {rung.level} ({rung.name_vi}) đến {rung.addressee}"
        case LimitEnds(wait=wait):
            what = f"hết hạn {_task(wait, 0)}: {words.IF_IGNORED[wait.if_ignored][0]}"
        case ClockGoesOn(cause=cause):
            what = f"thời gian được tính lại (tạm dừng vì {words.PAUSE_CAUSES[cause][0]})"
        case _:
            assert_never(why.coming)
    return f"Nếu không ai làm gì, {when} {what}{_WORKER_VI[why.worker]}."


def _coming_en(why: Why) -> str:
    if why.coming is None:
        return "If nobody acts, nothing happens by itself."
    day = show.last_day(why.coming.at)
    when = f"was due on {day}" if why.coming.at <= why.now else f"at the end of {day}"
    match why.coming:
        case RungComes() as rung:
            what = f"rung {rung.level} ({rung.name}) is sent to {rung.addressee}"
        case LimitEnds(wait=wait):
            what = f"the time to {_task(wait, 1)} is over: {words.IF_IGNORED[wait.if_ignored][1]}"
        case ClockGoesOn(cause=cause):
            what = f"the days count again (paused for {words.PAUSE_CAUSES[cause][1]})"
        case _:
            assert_never(why.coming)
    return f"If nobody acts, {what}, {when}{_WORKER_EN[why.worker]}."


_WORKER_VI: dict[Worker, str] = {
    "runs": "; worker đang chạy nên việc đó sẽ tự xảy ra",
    "none": " – nhưng không có worker nào chạy, nên sẽ không có gì tự xảy ra: ntm up",
    "unreachable": " – nhưng Temporal không trả lời, nên sẽ không có gì tự xảy ra: ntm up",
    "not-asked": "",
}
_WORKER_EN: dict[Worker, str] = {
    "runs": "; a worker runs, so it will",
    "none": " - but no worker runs, so nothing will happen by itself: ntm up",
    "unreachable": " - but Temporal does not answer, so nothing will happen by itself: ntm up",
    "not-asked": "",
}


def _days(count: int | None, before: str, after: str) -> str:
    """A count of days with its words; nothing where the calendar does not reach."""
    return "" if count is None else f"{before}{count}{after}"


def _listed(parts: list[str], last: str) -> str:
    some = parts[:_TOLD]
    more = f" +{len(parts) - _TOLD}" if len(parts) > _TOLD else ""
    if len(some) == 1:
        return some[0]
    return f"{', '.join(some[:-1])} {last} {some[-1]}{more}"
