"""Google's 142 robots.txt checks, each through the rules that decide for the product."""

import json
import re
from pathlib import Path

import pytest

from onrecord.web import RobotsRules

CASES = [json.loads(line) for line in (Path(__file__).parent / "robots_cases.jsonl").read_text(encoding="utf-8").splitlines()]


def target_of(url: str) -> str:
    """Path and query as the checks write them: unescaped letters stay, a URL may have no path or none at all."""
    found = re.search(r"[/?;].*", url.partition("://")[2].partition("#")[0])
    target = found[0] if found else "/"
    return target if target.startswith("/") else "/" + target


def test_list_is_whole() -> None:
    assert len(CASES) == 142


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['group']}-{case['user_agent']}-{case['url']}")
def test_case(case: dict[str, str]) -> None:
    rules = RobotsRules.parse(case["robots_txt"].encode(), case["user_agent"])
    assert rules.allows_target(target_of(case["url"])) is case["allowed"]
