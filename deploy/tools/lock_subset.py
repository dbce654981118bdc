"""The part of `requirements.lock` that one member needs, hashes kept.

    python deploy/tools/lock_subset.py services/feed             lines of the lock, for pip --require-hashes --no-deps
    python deploy/tools/lock_subset.py --members services/feed   the member's folder and those of our own that it needs

Our own members are read from their pyproject.toml, everything else from what is installed beside this interpreter:
the lock has no graph, an installed distribution tells its own needs.
"""

import argparse
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==")
USAGE_ERROR = 2


class SubsetError(Exception):
    """One line for a person: what the lock or the tree lacks."""


@dataclass(frozen=True, slots=True)
class Member:
    folder: Path
    dependencies: tuple[str, ...]
    extras: Mapping[str, tuple[str, ...]]

    def requirements(self, wanted: Iterable[str]) -> Iterator[str]:
        yield from self.dependencies
        for extra in wanted:
            yield from self.extras.get(extra, ())


@dataclass(slots=True)
class Needs:
    members: dict[str, Member] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)


def read_members(root: Path) -> dict[str, Member]:
    """Every member of the workspace by its distribution's name."""
    found: dict[str, Member] = {}
    for path in sorted([*root.glob("libs/*/pyproject.toml"), *root.glob("services/*/pyproject.toml")]):
        project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
        extras = {name: tuple(lines) for name, lines in project.get("optional-dependencies", {}).items()}
        found[canonicalize_name(project["name"])] = Member(path.parent, tuple(project.get("dependencies", ())), extras)
    return found


def read_lock(text: str) -> dict[str, list[str]]:
    """Blocks of the lock by name: the pin and its hashes. A name has two blocks where its pin depends on the Python."""
    blocks: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        if match := PIN.match(line):
            name = canonicalize_name(match[1])
            blocks.setdefault(name, []).append("")
        elif not line.startswith(" "):
            continue
        if not name:
            raise SubsetError("the lock begins with a hash that belongs to nothing")
        blocks[name][-1] += line + "\n"
    return blocks


def walk(start: str, members: Mapping[str, Member], without: frozenset[str] = frozenset()) -> Needs:
    """Everything that `start` needs on this interpreter. `without` is left out with what only it needs."""
    needs, todo, seen = Needs(), [Requirement(start)], set()
    while todo:
        wanted = todo.pop()
        name, extras = canonicalize_name(wanted.name), frozenset(wanted.extras)
        if (name, extras) in seen or name in without:
            continue
        seen.add((name, extras))
        if name in members:
            needs.members[name] = members[name]
            lines = list(members[name].requirements(extras))
        else:
            needs.outside.add(name)
            lines = _installed_requirements(name)
        todo += [line for line in map(Requirement, lines) if _applies(line, extras)]
    return needs


def _installed_requirements(name: str) -> list[str]:
    try:
        return requires(name) or []
    except PackageNotFoundError as error:
        raise SubsetError(f"{name} is not installed here: install requirements.lock first") from error


def _applies(line: Requirement, extras: frozenset[str]) -> bool:
    return line.marker is None or any(line.marker.evaluate({"extra": extra}) for extra in ("", *extras))


def subset(lock: Mapping[str, list[str]], names: Iterable[str]) -> str:
    """Raises SubsetError for a name without a pin and for a pin without a hash."""
    lines = []
    for name in sorted(names):
        if name not in lock:
            raise SubsetError(f"{name} is needed and not in the lock")
        for block in lock[name]:
            if "--hash=" not in block:
                raise SubsetError(f"{name} has no hash in the lock")
            lines.append(block)
    return "".join(lines)


def name_of(folder: Path, members: Mapping[str, Member]) -> str:
    for name, member in members.items():
        if member.folder.resolve() == folder.resolve():
            return name
    raise SubsetError(f"{folder} is no member of the workspace")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("member", type=Path, help="folder of a member, e.g. services/feed")
    parser.add_argument("--members", action="store_true", help="print the folders of our own members instead")
    parser.add_argument("--without", action="append", default=[], metavar="NAME", help="leave a distribution out")
    args = parser.parse_args()
    root = Path(__file__).parents[2]
    try:
        members = read_members(root)
        needs = walk(name_of(args.member, members), members, frozenset(canonicalize_name(name) for name in args.without))
        if args.members:
            print("\n".join(sorted(str(member.folder) for member in needs.members.values())))
        else:
            lock = read_lock((root / "requirements.lock").read_text(encoding="utf-8"))
            sys.stdout.write(subset(lock, needs.outside))
    except SubsetError as error:
        print(f"lock_subset: {error}", file=sys.stderr)
        return USAGE_ERROR
    return 0


if __name__ == "__main__":
    sys.exit(main())
