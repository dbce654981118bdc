from typing import Any

import pytest

from onrecord.cli.api import ask
from onrecord.cli.errors import CommandFailed, NotRunning
from onrecord.cli.where import Where


def test_asks_with_the_token_and_an_escaped_query(fake_api: Any) -> None:
    fake_api.answers["/v1/items http://x.example/?a=b&c=é"] = (200, {"items": []})
    assert ask(fake_api.place(api_token="s3cret"), "/v1/items", url="http://x.example/?a=b&c=é") == {"items": []}
    assert fake_api.headers[0]["Authorization"] == "Bearer s3cret"


def test_without_a_token_no_header_is_sent(fake_api: Any) -> None:
    fake_api.answers["/v1/ledger"] = (200, {})
    ask(fake_api.place(), "/v1/ledger")
    assert "Authorization" not in fake_api.headers[0]


def test_not_found_is_an_answer(fake_api: Any) -> None:
    assert ask(fake_api.place(), "/v1/items/x") is None


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (401, {"error": "unauthorized", "detail": "send a token"}, "ONRECORD_API_TOKEN"),
        (429, {"error": "too_many_requests", "detail": "try again in 3 s"}, "429: try again in 3 s"),
        (500, b"<html>oops</html>", "answers 500"),
        (200, b"<html>a router's page</html>", "is not the API of onrecord"),
        (200, ["a list"], "is not the API of onrecord"),
    ],
)
def test_refusals_are_told(fake_api: Any, status: int, body: object, said: str) -> None:
    fake_api.answers["/v1/ledger"] = (status, body)
    with pytest.raises(CommandFailed, match=said):
        ask(fake_api.place(), "/v1/ledger")


def test_a_redirect_does_not_carry_the_token_away(fake_api: Any) -> None:
    fake_api.answers["/v1/ledger"] = (302, {})
    fake_api.location = f"{fake_api.base}/elsewhere"
    with pytest.raises(CommandFailed, match="302"):
        ask(fake_api.place(api_token="s3cret"), "/v1/ledger")
    assert fake_api.asked == ["/v1/ledger"]


def test_a_proxy_of_the_shell_is_not_asked(fake_api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    fake_api.answers["/v1/ledger"] = (200, {"items_in": 0})
    assert ask(fake_api.place(), "/v1/ledger") == {"items_in": 0}


def test_nobody_there(fake_api: Any, tmp_path: Any) -> None:
    with pytest.raises(NotRunning, match=r"no API answers at http://127\.0\.0\.1:9 "):
        ask(Where(state_file=tmp_path, api="http://127.0.0.1:9"), "/v1/ledger")


def test_only_http_is_an_api(tmp_path: Any) -> None:
    with pytest.raises(CommandFailed, match="http or https"):
        ask(Where(state_file=tmp_path, api=f"file://{tmp_path}"), "/v1/ledger")
