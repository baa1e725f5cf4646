"""What a machine without Docker can know of the production shape: that its parts fit together."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types

import worker
from stack import logins
from stack.attributes import ATTRIBUTES
from tests.conftest import NewDatabase

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = [
    (word, rest.strip())
    for word, _, rest in (
        line.partition(" ")
        for line in (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
    )
]


def script(name: str) -> str:
    return (ROOT / "deploy" / name).read_text("utf-8")


def example() -> dict[str, str]:
    """What `.env.example` sets, and to what."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def copied() -> set[str]:
    """What the image takes from the repository."""
    return {source for word, rest in DOCKERFILE if word == "COPY" for source in rest.split()[:-1]}


def mounts() -> list[tuple[str, str]]:
    return [
        (service, volume.split(":")[0])
        for service, shape in SERVICES.items()
        for volume in shape.get("volumes", [])
    ]


def test_the_file_is_what_the_compose_specification_says_a_file_is() -> None:
    schema = json.loads((ROOT / "tests/data/compose-spec.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    told = sorted(
        f"{e.json_path}: {e.message}" for e in Draft202012Validator(schema).iter_errors(COMPOSE)
    )
    assert told == []


def test_every_variable_is_documented_and_every_documented_one_is_used() -> None:
    used = re.findall(r"\$\{(\w+)(:-|:\?)([^}]*)\}", TEXT)
    assert len(used) == TEXT.count("$"), "each variable names its default, or what to do without"
    assert {name for name, _, _ in used} == example().keys()


def test_a_default_is_the_documented_one_and_what_has_none_is_left_empty() -> None:
    for name, kind, value in re.findall(r"\$\{(\w+)(:-|:\?)([^}]*)\}", TEXT):
        assert example()[name] == (value if kind == ":-" else ""), name


def test_no_secret_has_a_default() -> None:
    secret = {name for name in example() if "PASSWORD" in name}
    assert secret == {name for name, value in example().items() if not value}
    named = {
        (service, key): value
        for service, shape in SERVICES.items()
        for key, value in shape.get("environment", {}).items()
        if re.search(r"PASSWORD|PWD|DATABASE_URL", key)
    }
    assert len(named) == 10
    assert all(re.search(r"\$\{\w+_?PASSWORD:\?", value) for value in named.values())


@pytest.mark.parametrize("service", SERVICES)
def test_every_image_is_pinned_and_none_is_deprecated(service: str) -> None:
    image = SERVICES[service]["image"]
    name, _, tag = image.partition(":")
    assert re.match(r"v?\d+\.\d+|\$\{NTM_VERSION:-\d", tag), image
    assert name != "temporalio/auto-setup"


def test_the_tools_that_make_the_schema_are_the_servers_own() -> None:
    tags = {
        SERVICES[service]["image"].partition(":")[2]
        for service in ("temporal", "temporal-schema", "temporal-namespace")
    }
    assert len(tags) == 1


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_waits_for_can_happen(service: str) -> None:
    for name, awaited in SERVICES[service].get("depends_on", {}).items():
        match awaited["condition"]:
            case "service_healthy":
                assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
            case "service_completed_successfully":
                assert SERVICES[name]["restart"] == "no"
            case other:
                pytest.fail(f"{service} waits for {name} to be {other}")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reaches_those_that_it_names(service: str) -> None:
    shape = SERVICES[service]
    said = json.dumps([shape.get("environment"), shape.get("command")])
    hosts = set(re.findall(r"@(\w+):5432|\b(\w+):7233", said))
    hosts |= {(host, "") for key, host in shape.get("environment", {}).items() if "SEEDS" in key}
    for host in {name for pair in hosts for name in pair if name}:
        assert set(SERVICES[host]["networks"]) & set(shape["networks"]), f"{service} to {host}"


def test_only_two_web_uis_are_seen_from_outside_on_this_host_alone() -> None:
    published = {name: shape["ports"] for name, shape in SERVICES.items() if "ports" in shape}
    assert set(published) == {"temporal-ui", "grafana"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)
    outside = {name for name, network in COMPOSE["networks"].items() if not network.get("internal")}
    assert {name for name, shape in SERVICES.items() if outside & set(shape["networks"])} == set(
        published
    )


def test_monitoring_is_asked_for_and_reaches_figures_alone() -> None:
    for name in ("prometheus", "grafana"):
        assert SERVICES[name]["profiles"] == ["monitoring"]
        assert not {"database", "temporal"} & set(SERVICES[name]["networks"])
    port = SERVICES["worker"]["environment"]["NTM_METRICS_ADDRESS"].rpartition(":")[2]
    scraped = yaml.safe_load(script("prometheus/prometheus.yml"))["scrape_configs"]
    assert [one["targets"] for job in scraped for one in job["static_configs"]] == [
        [f"worker:{port}"]
    ]
    assert SERVICES["grafana"]["environment"]["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"


def test_operators_only_look() -> None:
    assert SERVICES["temporal-ui"]["environment"]["TEMPORAL_DISABLE_WRITE_ACTIONS"] == "true"
    assert "database" not in SERVICES["temporal-ui"]["networks"]


@pytest.mark.parametrize("service", SERVICES)
def test_nobody_gains_privileges(service: str) -> None:
    shape = SERVICES[service]
    assert shape["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in shape
    # PostgreSQL's image starts as root, to give the volume to its user.
    assert shape.get("cap_drop") == (None if service == "postgres" else ["ALL"])


@pytest.mark.parametrize("service", ["worker", "ntm-migrate"])
def test_our_image_runs_read_only_and_not_as_root(service: str) -> None:
    shape = SERVICES[service]
    assert (ROOT / shape["build"] / "Dockerfile").exists()
    assert shape["read_only"] is True
    assert "user" not in shape
    users = [rest for word, rest in DOCKERFILE if word == "USER"]
    assert users == ["10001:10001"]


def test_the_worker_is_left_the_time_to_stop_both_of_its_pollers() -> None:
    period = SERVICES["worker"]["stop_grace_period"]
    seconds = int(period[:-1]) * {"s": 1, "m": 60}[period[-1]]
    assert seconds > 2 * worker._GRACE.total_seconds()


def test_the_worker_says_that_it_is_ready_where_it_may_write() -> None:
    ready = Path(SERVICES["worker"]["environment"]["NTM_READY_FILE"])
    assert SERVICES["worker"]["healthcheck"]["test"] == ["CMD", "test", "-e", str(ready)]
    assert str(ready.parent) in SERVICES["worker"]["tmpfs"]


def test_the_search_attributes_are_those_of_the_code() -> None:
    found = re.search(r"<<'ATTRIBUTES'\n(.*?)\nATTRIBUTES\n", script("namespace.sh"), re.DOTALL)
    assert found
    assert dict(line.split() for line in found[1].splitlines()) == ATTRIBUTES


def test_what_is_mounted_exists() -> None:
    for service, source in mounts():
        if source.startswith("./"):
            assert (ROOT / source).is_file(), f"{service}: {source}"
        else:
            assert source in COMPOSE["volumes"], f"{service}: {source}"


@pytest.mark.parametrize("name", ["namespace.sh", "roles.sh", "schema.sh"])
def test_a_script_is_a_script(name: str) -> None:
    subprocess.run(["sh", "-n", ROOT / "deploy" / name], check=True)
    # PostgreSQL's image would run one that is not executable inside its own shell.
    assert os.access(ROOT / "deploy" / name, os.X_OK)


def test_the_roles_take_their_passwords_from_the_service() -> None:
    wanted = set(re.findall(r"\\getenv \w+ (\w+)", script("roles.sh")))
    assert wanted <= SERVICES["postgres"]["environment"].keys()
    assert len(wanted) == 4


def test_only_migrations_come_as_the_owner() -> None:
    users = {
        (service, key): value.partition("://")[2].partition(":")[0]
        for service, shape in SERVICES.items()
        for key, value in shape.get("environment", {}).items()
        if key.endswith("DATABASE_URL")
    }
    assert users == {
        ("ntm-migrate", "NTM_DATABASE_URL"): "ntm",
        ("worker", "NTM_DATABASE_URL"): logins.LOGINS["recorder"],
        ("worker", "NTM_READER_DATABASE_URL"): logins.LOGINS["reader"],
    }
    assert "NTM_DB_PASSWORD" not in json.dumps(SERVICES["worker"])


def test_the_notes_have_a_volume_of_their_own_where_the_worker_may_write() -> None:
    shape = SERVICES["worker"]
    place = shape["environment"]["NTM_NOTES"]
    assert f"notes:{place}" in shape["volumes"]
    made = next(
        rest for word, rest in DOCKERFILE if word == "RUN" and "install --directory" in rest
    )
    assert place in made.split()


def test_the_dynamic_configuration_is_where_the_server_looks() -> None:
    assert isinstance(yaml.safe_load(script("dynamicconfig.yaml")), dict)
    path = SERVICES["temporal"]["environment"]["DYNAMIC_CONFIG_FILE_PATH"]
    assert SERVICES["temporal"]["volumes"] == [f"./deploy/dynamicconfig.yaml:{path}:ro"]


def test_the_migration_job_runs(new_database: NewDatabase) -> None:
    job = SERVICES["ntm-migrate"]["command"]
    assert job[:2] == ["python", "-c"]
    with new_database() as engine:
        url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        subprocess.run(
            [sys.executable, *job[1:]],
            check=True,
            cwd=ROOT,
            env={**os.environ, "NTM_DATABASE_URL": url},
        )


def test_the_image_starts_the_worker_from_a_pinned_python() -> None:
    command = json.loads(next(rest for word, rest in DOCKERFILE if word == "CMD"))
    assert command == ["python", "worker.py"]
    assert "command" not in SERVICES["worker"]
    assert {"worker.py", "cli.py"} <= copied()
    start = [rest for word, rest in DOCKERFILE if word == "FROM"]
    assert len(start) == 1
    assert re.fullmatch(r"python:3\.12\.\d+-slim-\w+", start[0])


def test_the_image_installs_only_what_the_lock_has_the_hash_of() -> None:
    installs = [
        step
        for word, rest in DOCKERFILE
        if word == "RUN"
        for step in rest.split("&&")
        if "pip install" in step
    ]
    assert len(installs) == 2
    assert all("--require-hashes" in step or "--no-deps" in step for step in installs)


def test_the_image_has_every_package_that_the_rules_of_import_know() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert set(project["tool"]["importlinter"]["root_packages"]) <= copied()
    assert {"data", "policies"} <= copied()


def test_what_the_image_copies_exists_and_is_let_through() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == copied()
    assert all((ROOT / source).exists() for source in copied())
