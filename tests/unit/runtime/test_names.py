"""Names and doors that stand in one place: span and metric names, the environment, HTTP clients."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from onrecord.runtime.catalogue import METRICS, Attribute

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted(
    path for folder in ("libs", "services") for path in (ROOT / folder).glob("*/src/onrecord/**/*.py")
)  # fmt: skip
CATALOGUE = "libs/runtime/src/onrecord/runtime/catalogue.py"
NAMES = {str(name) for name in Attribute if "." in name} | {metric.name for metric in METRICS}
HTTP_CLIENTS = ("aiohttp", "requests", "urllib.request", "http.client", "httpx", "urllib3")
READS_ENVIRONMENT = ("os.environ", "os.getenv", "os.environb", "os.putenv")


def where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def docstrings(tree: ast.AST) -> set[int]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found


def names_in(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    texts = docstrings(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in texts:
            continue
        if node.value in NAMES or node.value.startswith("messaging."):
            yield node.value


def doors_in(source: str) -> Iterator[str]:
    """Modules imported, and dotted names used, as written."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                yield from (f"{module}.{alias.name}" for alias in names)
            case ast.Attribute(value=ast.Name(id=owner), attr=attribute):
                yield f"{owner}.{attribute}"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('x = "messaging.system"', ["messaging.system"]),
        ('"""messaging.system is explained here"""', []),
        ('count("onrecord.items")', ["onrecord.items"]),
        ('topic = "onrecord.item.v1"', []),
    ],
)
def test_the_check_sees_names(source: str, found: list[str]) -> None:
    assert list(names_in(source)) == found


def test_the_check_sees_doors() -> None:
    source = "import urllib.request\nfrom os import environ\nimport os\nos.getenv('X')"
    assert {"urllib.request", "os.environ", "os.getenv"} <= set(doors_in(source))


def test_all_members_are_looked_at() -> None:
    assert {where(path).split("/")[1] for path in SOURCES} >= {
        "runtime",
        "web",
        "contracts",
        "feed",
        "scraper",
        "extractor",
        "store",
    }
    assert CATALOGUE in {where(path) for path in SOURCES}


def test_span_and_metric_names_stand_in_the_catalogue_alone() -> None:
    strays = {where(path): names for path in SOURCES if (names := list(names_in(path.read_text("utf-8"))))}
    strays.pop(CATALOGUE)
    assert strays == {}


def test_only_settings_and_the_command_line_read_the_environment() -> None:
    free = [path for path in SOURCES if path.name != "settings.py" and "/cli/" not in where(path)]
    strays = [where(path) for path in free if set(doors_in(path.read_text("utf-8"))) & set(READS_ENVIRONMENT)]
    assert strays == []


def test_services_reach_the_web_through_the_guarded_client_alone() -> None:
    strays = [
        (where(path), door)
        for path in SOURCES
        if where(path).startswith("services/")
        for door in doors_in(path.read_text("utf-8"))
        if door.startswith(HTTP_CLIENTS) and not door.startswith("onrecord.")
    ]
    assert strays == []
