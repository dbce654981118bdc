import pytest

from observability.promql import grouped_by, selectors

CASES = [
    ("up", [("up", [])]),
    ('sum by (service) (up{job="onrecord"}) == 0', [("up", ["job"])]),
    ('absent(up{job="onrecord", service="feed"})', [("up", ["job", "service"])]),
    ("rate(a_total[5m]) / on (x) group_left (y) b", [("a_total", []), ("b", [])]),
    ("deriv(sum(a)[20m:1m]) > 0 and a offset 1h", [("a", []), ("a", [])]),
    ('a{b=~"c{d} or e",f!="\\"g"} > 1e3', [("a", ["b", "f"])]),
    ("histogram_quantile(0.9, sum by (le) (rate(h_bucket[30m]))) > 600", [("h_bucket", [])]),
    ("x - time() < 14 * 86400", [("x", [])]),
    ("a unless b or vector(0)", [("a", []), ("b", [])]),
    ("a == bool 1", [("a", [])]),
]


@pytest.mark.parametrize(("expression", "found"), CASES)
def test_series_and_their_labels(expression: str, found: list[tuple[str, list[str]]]) -> None:
    assert [(selector.metric, sorted(selector.labels)) for selector in selectors(expression)] == found


def test_labels_of_groupings() -> None:
    assert grouped_by('sum by (le, service) (a{b="by (c)"}) / on(x) group_left() b') == {"le", "service", "x"}
