"""What the project's own files say of each other holds."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).parents[1]


class BuildSystem(msgspec.Struct):
    requires: list[str]


class Project(msgspec.Struct, rename="kebab"):
    dependencies: list[str]
    optional_dependencies: dict[str, list[str]]


class PyProject(msgspec.Struct, rename="kebab"):
    build_system: BuildSystem
    project: Project


def requirements() -> list[str]:
    """Return all that pyproject.toml asks for, the tools of the build and of development too."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    said = msgspec.convert(tomllib.loads(text), PyProject)
    extras = chain.from_iterable(said.project.optional_dependencies.values())
    return [*said.build_system.requires, *said.project.dependencies, *extras]


def constraints() -> list[str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def normal(requirement: str) -> str:
    """Return the name of the package as the registry compares it."""
    name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_constraint_is_one_exact_version() -> None:
    pins = constraints()

    assert not [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9][\w.-]*==[0-9][\w.]*", pin)]
    assert len(pins) == len({normal(pin) for pin in pins})


def test_the_constraints_name_no_address() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")

    assert not re.search(r"://|\s@\s|^\s*-", text, re.MULTILINE)


def hashed() -> dict[str, list[str]]:
    """Return what the image installs, each pin with its hashes."""
    text = (ROOT / "requirements-image.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return {pin: hashes for pin, *hashes in lines}


def test_the_image_installs_what_is_pinned_and_every_file_by_its_hash() -> None:
    pins = {normal(pin): pin.partition("==")[2] for pin in constraints()}
    image = hashed()

    assert {normal(pin): pin.partition("==")[2] for pin in image}.items() <= pins.items()
    assert all(
        re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for all_of in image.values() for each in all_of
    )
    assert all(image.values())
    assert "://" not in (ROOT / "requirements-image.txt").read_text(encoding="utf-8")


def test_the_image_has_all_that_the_bot_needs() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    said = msgspec.convert(tomllib.loads(text), PyProject)
    wanted = [
        *said.project.dependencies,
        *said.project.optional_dependencies["export"],
        *said.build_system.requires,
    ]

    assert {normal(requirement) for requirement in wanted} <= {normal(pin) for pin in hashed()}


def test_the_dockerfile_copies_what_its_context_has() -> None:
    copied = set(
        re.findall(r"^COPY (.+) \S+$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    let_in = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE))

    assert {name for line in copied for name in line.split()} == let_in


def test_every_package_that_pyproject_names_is_pinned() -> None:
    pinned = {normal(pin) for pin in constraints()}

    assert not {normal(requirement) for requirement in requirements()} - pinned


@pytest.mark.parametrize("readme", ["README.md", "docs/README.ja.md"])
def test_the_readme_gives_the_commands_that_ci_runs(readme: str) -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    commands = script[script.index("python3.11 ") :].replace('"$venv"', ".venv").splitlines()

    text = (ROOT / readme).read_text(encoding="utf-8")

    assert " && ".join(commands) in text
