import pytest

from onrecord.store.api.app import ApiSettings
from onrecord.store.api.trace_links import BadTraceUrl, check_trace_url


@pytest.mark.parametrize(
    "template",
    [
        "http://127.0.0.1:16686/trace/{trace_id}",
        "https://traces.example/explore?id={trace_id}&org=1",
        "https://traces.example/#/trace/{trace_id}",
        'https://traces.example/explore?left={"query":"{trace_id}"}',
    ],
)
def test_a_web_address_with_its_place_is_taken_as_it_is(template: str) -> None:
    assert check_trace_url(template) == template


@pytest.mark.parametrize(
    "template",
    [
        "",
        "javascript:alert('{trace_id}')",
        "data:text/html,{trace_id}",
        "//traces.example/{trace_id}",
        "/trace/{trace_id}",
        "https:///{trace_id}",
        "https://{trace_id}.example/",
        "https://user:secret@traces.example/{trace_id}",
        "https://traces.example/",
        "https://traces.example/{trace_id}/{trace_id}",
        "https://[::1/{trace_id}",
    ],
)
def test_anything_else_is_refused(template: str) -> None:
    with pytest.raises(BadTraceUrl):
        check_trace_url(template)
    with pytest.raises(ValueError, match="trace_url"):
        ApiSettings(trace_url=template)
