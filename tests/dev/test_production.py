"""The production form of the app against the code, as far as that can be told without a container engine."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from dev.paths import ROOT
from dev.processes import ENVIRONMENT, PROCESSES

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
APP = {name: service for name, service in SERVICES.items() if service["image"] == "multi-store-sync"}
CONFIG = (ROOT / "backend" / "config.py").read_text()
KNOWN = set(re.findall(r'"([A-Z][A-Z_]+)"', CONFIG)) - {"INFO", "DEBUG", "WARNING", "ERROR"}
EXAMPLE = (ROOT / ".env.example").read_text()
EXPLAINED = re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", EXAMPLE, flags=re.MULTILINE)


def test_the_services_are_those_of_the_demo() -> None:
    demo = {process.name for process in PROCESSES} - {"sandbox"}
    assert set(APP) == demo | {"migrate"}
    assert set(SERVICES) - set(APP) == {"postgres", "redis"}


@pytest.mark.parametrize("name", sorted(set(APP) - {"migrate"}))
def test_each_runs_what_the_demo_runs(name: str) -> None:
    process = next(process for process in PROCESSES if process.name == name)
    wanted = [part for part in process.argv if part not in ("{python}", "-m", "python")]
    given = [part for part in APP[name]["command"] if part not in ("python", "-m", "--proxy-headers")]
    assert [re.sub(r"\{host\}|\{app_port\}", "*", part) for part in wanted] == [
        {"0.0.0.0": "*", "8000": "*"}.get(part, part) for part in given
    ]


@pytest.mark.parametrize("service", APP.values(), ids=APP.keys())
def test_every_command_names_a_module_that_exists(service: dict[str, Any]) -> None:
    modules = [part.split(":")[0] for part in service["command"] if part.startswith("backend.")]
    assert len(modules) == 1
    assert importlib.util.find_spec(modules[0]) is not None


def test_the_settings_of_the_example_are_those_the_app_reads() -> None:
    assert len(EXPLAINED) == len(set(EXPLAINED))
    assert set(EXPLAINED) == KNOWN | {"POSTGRES_PASSWORD"}


def test_the_settings_given_by_compose_and_by_the_demo_exist() -> None:
    for service in APP.values():
        assert set(service["environment"]) <= KNOWN
    assert set(ENVIRONMENT) <= KNOWN


def test_whoever_needs_the_database_waits_for_its_migrations() -> None:
    for name in set(APP) - {"migrate"}:
        assert APP[name]["depends_on"] == {
            "postgres": {"condition": "service_healthy"},
            "redis": {"condition": "service_healthy"},
            "migrate": {"condition": "service_completed_successfully"},
        }


def test_everything_but_the_migration_comes_back_after_a_crash() -> None:
    assert {name: service["restart"] for name, service in SERVICES.items()} == dict.fromkeys(
        SERVICES, "unless-stopped"
    ) | {"migrate": "no"}


def test_what_is_waited_for_has_a_health_check() -> None:
    assert {name for name, service in SERVICES.items() if "healthcheck" in service} == {
        "postgres",
        "redis",
        "api",
    }


def test_the_image_copies_what_exists_and_the_build_context_lets_it_through() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    copied = {
        part.rstrip("/")
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, flags=re.MULTILINE)
        for part in line.split()
    }
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for name in copied:
        assert (ROOT / name).exists(), name
        assert any(Path(name).is_relative_to(rule) for rule in allowed), name


def test_the_image_does_not_run_as_root() -> None:
    final = (ROOT / "Dockerfile").read_text().rsplit("\nFROM ", 1)[1]
    assert "\nUSER app\n" in final
