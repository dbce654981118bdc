"""docker-compose.yml as data: anchors merged, variables filled with their defaults, layers laid over it where asked."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
BASE = ROOT / "docker-compose.yml"
LAYERS = ROOT / "deploy" / "compose"
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
OWN_SERVICES = ("feed", "scraper", "extractor", "store")


class _Loader(yaml.SafeLoader):
    """Knows compose's own tags: what they mark is taken away."""


_Loader.add_constructor("!reset", lambda loader, node: None)


def filled(value: Any, environ: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: filled(inner, environ) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, environ) for inner in value]
    return VARIABLE.sub(lambda match: _value(match, environ), value) if isinstance(value, str) else value


def _value(match: re.Match[str], environ: Mapping[str, str]) -> str:
    name, how, word = match.groups()
    if name in environ:
        return environ[name]
    assert how == "-", f"{match[0]} has no default"
    return str(word)


def raw(path: Path) -> dict[str, Any]:
    return dict(yaml.load(path.read_text(encoding="utf-8"), _Loader))


@cache
def base() -> dict[str, Any]:
    return dict(filled(raw(BASE), {}))


def environment(service: str, *layers: str) -> dict[str, str]:
    """What a container is given, as text."""
    found = dict(base()["services"][service].get("environment", {}))
    for layer in layers:
        laid = filled(raw(LAYERS / f"{layer}.yml"), {})["services"].get(service) or {}
        found |= laid.get("environment", {})
    return {name: str(value) for name, value in found.items()}


def secrets(service: str, *layers: str) -> dict[str, str]:
    """File's name under the secrets' folder, by where the container sees it."""
    files = dict(base()["secrets"])
    wanted = list(base()["services"][service].get("secrets", []))
    for layer in layers:
        laid = raw(LAYERS / f"{layer}.yml")
        files |= laid.get("secrets", {})
        wanted += (laid["services"].get(service) or {}).get("secrets", [])
    found = {}
    for secret in wanted:
        name, target = (secret, secret) if isinstance(secret, str) else (secret["source"], secret["target"])
        found[target if target.startswith("/") else f"/run/secrets/{target}"] = Path(files[name]["file"]).name
    return found
