"""Policy files: what is wrong is said with its place, and nothing of it is loaded."""

import json
import shutil
import subprocess
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from domain.policy import Policy
from storage.day_names import day_names
from storage.policies import POLICIES, dump, load, parse
from storage.policy_checks import PolicyError


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The real policy files, to be spoilt."""
    return Path(shutil.copytree(POLICIES, tmp_path / "policies"))


def spoil(directory: Path, file: str, old: str, new: str) -> None:
    """Change the first occurrence of a text in a file."""
    path = directory / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def add(directory: Path, file: str, text: str) -> None:
    path = directory / file
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load()


def test_the_real_files_load(policy: Policy) -> None:
    assert policy.seat == "hai-phong"
    assert (policy.calendar.first, policy.calendar.last) == (date(2020, 1, 1), date(2030, 12, 31))


def test_days_are_sorted_and_named_once(policy: Policy) -> None:
    for days in (policy.calendar.days_off, policy.calendar.working_weekend_days):
        assert list(days) == sorted(set(days))
    assert not set(policy.calendar.days_off) & set(policy.calendar.working_weekend_days)


# Versions


def test_the_same_files_have_the_same_version_wherever_they_lie(
    policy: Policy, copied: Path
) -> None:
    assert load(copied) == policy
    assert len(policy.version) == 12
    assert int(policy.version, 16)


def test_a_comment_is_no_new_law(policy: Policy, copied: Path) -> None:
    add(copied, "limits.toml", "\n# read again by a lawyer\n")

    assert load(copied).version == policy.version


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("limits.toml", "count = 20", "count = 21"),
        ("figures.toml", "amount = 3000", "amount = 2999"),
        ("limits.toml", "verified = false", "verified = true"),
        ("calendar.toml", 'seat = "hai-phong"', 'seat = "hai-duong"'),
        ("calendar.toml", "last_year = 2030", "last_year = 2031"),
        ("calendar.toml", "day = 2024-04-29", "day = 2024-04-26"),
    ],
)
def test_new_content_is_a_new_version(
    policy: Policy, copied: Path, file: str, old: str, new: str
) -> None:
    spoil(copied, file, old, new)

    assert load(copied).version != policy.version


def test_the_calendar_has_a_version_of_its_own(policy: Policy, copied: Path) -> None:
    spoil(copied, "limits.toml", "count = 20", "count = 21")
    assert load(copied).calendar.version == policy.calendar.version

    spoil(copied, "calendar.toml", "day = 2024-04-29", "day = 2024-04-26")
    assert load(copied).calendar.version != policy.calendar.version


def test_a_stored_version_reads_back_as_it_was(policy: Policy) -> None:
    text = dump(policy)

    assert parse(text) == policy
    assert dump(parse(text)) == text
    assert "tổ công tác" in text


def test_a_stored_version_that_was_changed_is_refused(policy: Policy) -> None:
    content = json.loads(dump(policy))
    content["limits"][0]["count"] += 1

    with pytest.raises(PolicyError, match=f'version = "{policy.version}", but its content is'):
        parse(json.dumps(content))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("{}", "version: is missing"),
        ('{"version": 1}', "version = 1: Input should be a valid string"),
    ],
)
def test_what_is_no_policy_does_not_read_as_one(text: str, said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        parse(text)


def test_a_stored_version_needs_no_holiday_tables() -> None:
    program = "import sys, storage.policies; sys.exit('holidays' in sys.modules)"

    subprocess.run([sys.executable, "-c", program], check=True, cwd=POLICIES.parent)


# Overrides


def test_an_override_takes_a_day_off(copied: Path) -> None:
    add(
        copied,
        "calendar.toml",
        '\n[[override]]\nday = 2024-03-01\nworking = false\ndecision = "storm"\n',
    )

    assert not load(copied).calendar.is_working_day(date(2024, 3, 1))


def test_an_override_makes_a_holiday_or_a_saturday_a_working_day(copied: Path) -> None:
    for day in ("2024-01-01", "2024-03-02"):
        add(
            copied,
            "calendar.toml",
            f'\n[[override]]\nday = {day}\nworking = true\ndecision = "1/QĐ"\n',
        )

    calendar = load(copied).calendar

    assert calendar.is_working_day(date(2024, 1, 1))
    assert calendar.is_working_day(date(2024, 3, 2))


def test_another_decision_is_another_calendar(copied: Path, policy: Policy) -> None:
    text = (copied / "calendar.toml").read_text("utf-8")
    (copied / "calendar.toml").write_text(text.replace("5015/TB-LĐTBXH", "5016/TB-LĐTBXH"), "utf-8")

    changed = load(copied).calendar

    assert changed.days_off == policy.calendar.days_off
    assert changed.version != policy.calendar.version


def test_a_run_of_days_is_one_override(copied: Path) -> None:
    add(
        copied,
        "calendar.toml",
        "\n[[override]]\nday = 2027-02-04\nuntil = 2027-02-10\nworking = false\n"
        'about = "Tết"\ndecision = "1/TB"\n',
    )

    calendar = load(copied).calendar

    assert not any(calendar.is_working_day(date(2027, 2, day)) for day in range(4, 11))
    name = day_names(date(2027, 2, 4), date(2027, 2, 4), copied)[date(2027, 2, 4)]
    assert (name.vi, name.source) == ("Tết", "1/TB")


def test_the_swap_of_2024_holds_by_its_decision_alone(policy: Policy) -> None:
    assert not policy.calendar.is_working_day(date(2024, 4, 29))
    assert policy.calendar.is_working_day(date(2024, 5, 4))


# Files that cannot be used

LIMIT = """
[[limit]]
rule = "{rule}"
count = {count}
unit = "days"
source = "test"
verified = false
valid_from = {valid_from}
"""


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "limits.toml",
            'unit = "days"',
            'unit = "weeks"',
            "limits.toml, limit 1: unit = 'weeks': Input should be 'days', 'working-days'",
        ),
        (
            "limits.toml",
            "count = 20",
            'count = "20"',
            "limit 1: count = '20': Input should be a valid integer",
        ),
        ("limits.toml", "count = 20", "count = 0", "limit 1: count = 0; 1 or more"),
        (
            "limits.toml",
            "count = 20",
            "cuont = 20",
            r"limit 1: count: is missing; cuont = 20: is no field; fields are rule, count, unit",
        ),
        (
            "limits.toml",
            "valid_to = 2025-04-07",
            "valid_to = 2025-04-08",
            "limit 4: project.appraise from 2025-04-08 is in force together with limit 3, from",
        ),
        (
            "limits.toml",
            "valid_to = 2025-04-07",
            "valid_to = 2019-12-31",
            "limit 3: valid_to = 2019-12-31 comes before valid_from = 2020-01-01",
        ),
        (
            "limits.toml",
            "valid_from = 2020-01-01",
            "valid_from = 2020-13-01",
            "limits.toml: is not TOML",
        ),
        ("limits.toml", "[[limit]]", "[[limits]]", r"limits.toml: holds \['limit', 'limits'\]"),
        (
            "figures.toml",
            "amount = 3000",
            "amount = 30000",
            "figure 1: amount = 30000 basis-points; 0 or more, up to 10000",
        ),
        (
            "figures.toml",
            'unit = "basis-points"',
            'unit = "percent"',
            "figure 1: unit = 'percent': Input should be 'vnd' or 'basis-points'",
        ),
        (
            "chains.toml",
            'limit = "policy.appraise"',
            'limit = "policy.apraise"',
            r'chains.toml, step 1: limit = "policy.apraise" is no limit; limits are accounts',
        ),
        (
            "chains.toml",
            "valid_to = 2024-12-31",
            "valid_to = 2025-12-31",
            "chains.toml, step 3: investment-policy/1 from 2025-01-01 is in force together",
        ),
        (
            "chains.toml",
            'key = "appraise"',
            'key = "decide"',
            "chains.toml, step 5: investment-policy/decide from 2020-01-01 is in force together",
        ),
        (
            "authority.toml",
            'role = "agriculture"',
            'role = "minister"',
            "authority 1: role = 'minister': Input should be 'officer', 'chair'",
        ),
        (
            "authority.toml",
            'command = "RegisterProgramme"',
            'command = "RegisterCohort"',
            "authority 2: RegisterCohort/agriculture/city from 2020-01-01 is in force together",
        ),
        (
            "selection.toml",
            "points = 40",
            "points = 0",
            "criterion 2: tier = 2, points = 0; 1 or more",
        ),
        (
            "selection.toml",
            'criterion = "advanced"',
            'criterion = "waited"',
            "criterion 5: waited from 2020-01-01 is in force together with criterion 2",
        ),
        (
            "authority.toml",
            'command = "RegisterProgramme"',
            'command = "StartWar"',
            'authority 1: command = "StartWar" is not given by a row; these are: AcceptRestore,',
        ),
        (
            "authority.toml",
            'command = "RegisterProgramme"',
            'command = "Escalate"',
            'authority 1: command = "Escalate" is not given by a row',
        ),
        (
            "authority.toml",
            'command = "RegisterProgramme"\nrole = "agriculture"',
            'command = "RegisterCohort"\nrole = "chair"',
            "authority.toml: no row says who may give RegisterProgramme$",
        ),
        (
            "obstacles.toml",
            'cause = "land-value-high"',
            'cause = "ghosts"',
            "owner 1: cause = 'ghosts': Input should be 'land-value-high',",
        ),
        (
            "ladder.toml",
            "after_working_days = 20",
            "after_working_days = 15",
            "rung of level 2: after_working_days = 15; more than the 15 of level 1",
        ),
        (
            "ladder.toml",
            "level = 2",
            "level = 1",
            "rung 2: no-progress/every unit/1 from 2020-01-01 is in force together with rung 1",
        ),
        (
            "ladder.toml",
            "level = 2",
            "level = 9",
            r"the ladder of no-progress has levels \[1, 3, 4, 5, 9\] on 2020-01-01; every level",
        ),
        (
            "ladder.toml",
            "Please report",
            "{household} will report",
            "ladder.toml, rung 1: text_en names household; a letter knows about, addressee,",
        ),
        (
            "ladder.toml",
            "Please report",
            "{ Please report",
            "ladder.toml, rung 1: text_en: ",
        ),
        (
            "ladder.toml",
            'addressee_role = "investor"\naddressee_level = "district"',
            'addressee_role = "investor"\naddressee_level = "commune"',
            "ladder.toml, rung 2: addressee = investor at commune; no row of authority,",
        ),
        (
            "ladder.toml",
            'copies = [{ role = "agriculture", level = "city" }]',
            'copies = [{ role = "agriculture", level = "commune" }]',
            "ladder.toml, rung 2: copies = agriculture at commune; no row of",
        ),
        (
            "ladder.toml",
            "after_working_days = -30",
            "after_working_days = 30",
            "after_working_days = 30; below 0, ahead of the expiry, for notice-expiring",
        ),
        (
            "ladder.toml",
            "after_working_days = 15",
            "after_working_days = 0",
            "rung 1: after_working_days = 0; 1 or more, for no-progress",
        ),
        (
            "units.toml",
            'to_unit = "hai-phong"',
            'to_unit = "an-duong"',
            'units.toml, succession 1: to_unit = "an-duong" leads back to an-duong on 2025-07-01',
        ),
        (
            "calendar.toml",
            "until = 2024-02-14",
            "until = 2024-02-01",
            "override 3: until = 2024-02-01 comes before day = 2024-02-08",
        ),
        (
            "ladder.toml",
            'answer_within = "escalation.answer"',
            'answer_within = "soon"',
            'ladder.toml, rung 1: answer_within = "soon" is no limit',
        ),
        (
            "calendar.toml",
            'country = "VN"',
            'country = "LA"',
            'calendar.toml: country = "LA"; only "VN"',
        ),
        (
            "calendar.toml",
            "last_year = 2030",
            "last_year = 2019",
            "first_year = 2020, last_year = 2019; the first must not come after the last",
        ),
        (
            "calendar.toml",
            "day = 2024-05-04",
            "day = 2031-05-03",
            "override 2: day = 2031-05-03; days from 2020-01-01 to 2030-12-31 count",
        ),
        (
            "calendar.toml",
            "day = 2024-05-04",
            "day = 2024-04-29",
            "override 2: day = 2024-04-29 was overridden above",
        ),
        (
            "calendar.toml",
            'decision = "2450/VPCP-KGVX, 12 April 2024"',
            'decision = ""',
            "override 1: decision is empty",
        ),
        (
            "calendar.toml",
            "working = false",
            'working = "no"',
            "override.0.working = 'no': Input should be a valid boolean",
        ),
        (
            "calendar.toml",
            "country = ",
            "county = ",
            "country: is missing; county = 'VN': is no field",
        ),
    ],
)
def test_a_spoilt_file_is_refused(copied: Path, file: str, old: str, new: str, said: str) -> None:
    spoil(copied, file, old, new)

    with pytest.raises(PolicyError, match=said) as refusal:
        load(copied)

    assert str(refusal.value).startswith(str(copied / file))


def test_every_cause_of_an_obstacle_needs_an_owner(copied: Path) -> None:
    path = copied / "obstacles.toml"
    rows = path.read_text(encoding="utf-8").split("[[owner]]")
    path.write_text("[[owner]]".join(rows[:-1]), encoding="utf-8")

    with pytest.raises(PolicyError, match=r"no row for cause contractor-capacity$"):
        load(copied)


def test_every_dossier_needs_a_chain(copied: Path) -> None:
    path = copied / "chains.toml"
    rows = path.read_text(encoding="utf-8").split("[[step]]")
    left = [row for row in rows if 'dossier = "settlement"' not in row]
    path.write_text("[[step]]".join(left), encoding="utf-8")

    with pytest.raises(PolicyError, match=r"no row for dossier settlement that every project"):
        load(copied)


def test_a_row_may_follow_another_but_not_overlap_it(copied: Path) -> None:
    spoil(
        copied,
        "limits.toml",
        "valid_from = 2020-01-01",
        "valid_from = 2020-01-01\nvalid_to = 2026-12-31",
    )
    add(
        copied,
        "limits.toml",
        LIMIT.format(rule="policy.appraise", count=9, valid_from="2027-01-01"),
    )

    assert len(load(copied).limits) == len(load().limits) + 1


@pytest.mark.parametrize("file", sorted(path.name for path in POLICIES.glob("*.toml")))
def test_a_missing_or_empty_file_is_named(copied: Path, file: str) -> None:
    (copied / file).write_text("", encoding="utf-8")
    with pytest.raises(PolicyError) as empty:
        load(copied)
    (copied / file).unlink()
    with pytest.raises(PolicyError, match="is missing") as missing:
        load(copied)

    assert file in str(empty.value)
    assert file in str(missing.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "because"),
    [
        ("land.toml", "area_m2 = 60", "area_m2 = 0", "minimum 1: area_m2 = 0; 1 or more"),
        ("land.toml", '"residential"', '"agricultural"', "agricultural/ from 2020-01-01"),
        ("land.toml", '"residential"', '"forest"', "minimum 1: land = 'forest'"),
        ("coercion.toml", "night_to = 6", "night_to = 23", "the night's end before its beginning"),
        ("tet.toml", "valid_to = 2020-01-29", "valid_to = 2020-01-20", "tet 1: valid_to"),
    ],
)
def test_what_is_wrong_about_land_is_said(
    copied: Path, file: str, old: str, new: str, because: str
) -> None:
    spoil(copied, file, old, new)

    with pytest.raises(PolicyError) as wrong:
        load(copied)
    assert because in str(wrong.value)


def test_a_policy_pinned_before_land_had_rows_is_still_read(policy: Policy) -> None:
    old = json.loads(dump(policy))
    for name in ("minimums", "quiets", "tets"):
        del old[name]
    old["version"] = _named(old)

    assert parse(json.dumps(old)).minimums == ()


def _named(content: dict[str, object]) -> str:
    bare = {name: part for name, part in content.items() if name != "version"}
    text = json.dumps(bare, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return sha256(text.encode()).hexdigest()[:12]
