"""Runbooks say what they promise, and their commands are ones that exist."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from observability.exposition import Exposition
from onrecord.cli.main import parser

ROOT = Path(__file__).resolve().parents[2]
BOOKS = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
OPERATE = ROOT / "docs" / "operate.md"
SECTIONS = ["What it means", "First three commands", "How it ends"]
CONSOLE = re.compile(r"```console\n\$ (.+?)\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)?(?:#([^)]+))?\)")
SERIES = re.compile(r"\b((?:onrecord|messaging)_[a-z_]+)")

every_book = pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.stem)
every_page = pytest.mark.parametrize("page", [*BOOKS, OPERATE], ids=lambda path: path.stem)


def sections(text: str) -> dict[str, str]:
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def urls_of_alerts() -> set[str]:
    files = (ROOT / "deploy" / "alerts").glob("*.rules.yml")
    groups = (group for path in files for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"])
    return {rule["annotations"]["runbook_url"] for group in groups for rule in group["rules"]}


def test_every_runbook_belongs_to_an_alert() -> None:
    assert {book.relative_to(ROOT).as_posix() for book in BOOKS} == urls_of_alerts()


def test_the_table_of_alerts_is_complete() -> None:
    rows = re.findall(r"^\| \[(\w+)\]\((runbooks/\w+\.md)\) \| (page|ticket) \|", OPERATE.read_text("utf-8"), flags=re.MULTILINE)
    files = (ROOT / "deploy" / "alerts").glob("*.rules.yml")
    rules = [rule for path in files for group in yaml.safe_load(path.read_text("utf-8"))["groups"] for rule in group["rules"]]
    wanted = {(r["alert"], r["annotations"]["runbook_url"].removeprefix("docs/"), r["labels"]["severity"]) for r in rules}
    assert set(rows) == wanted
    assert len(rows) == len(wanted)


@every_book
def test_a_runbook_tells_what_where_and_how_it_ends(book: Path) -> None:
    text = book.read_text(encoding="utf-8")
    assert text.startswith(f"# {book.stem}\n")
    found = sections(text)
    assert list(found) == SECTIONS
    assert all(body.strip() for body in found.values())
    commands = CONSOLE.findall(found["First three commands"])
    assert len(commands) == 3
    assert all(output.strip() for _, output in commands)


@every_page
def test_commands_of_ours_exist(page: Path) -> None:
    for line in re.findall(r"^(?:\$ )?(onrecord .+?)(?:\s+#.*)?$", fenced(page), flags=re.MULTILINE):
        asked = shlex.split(line)[1:]
        if asked and asked[0][0].isalpha() and not line.startswith("onrecord:"):
            parser(asked).parse_args(asked)


@every_page
def test_series_in_outputs_exist(page: Path, exposition: Exposition) -> None:
    known = set(exposition.labels)
    stems = {name.removesuffix("_sum").removesuffix("_count") for name in known}
    assert {name for name in SERIES.findall(fenced(page)) if name.rstrip("_") not in known | stems} == set()


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        path = (page.parent / target).resolve() if target else page
        assert path.is_file(), target
        assert not anchor or anchor in anchors(path), anchor


def fenced(page: Path) -> str:
    return "\n".join(re.findall(r"```\w*\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL))
