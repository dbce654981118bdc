import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from onrecord.runtime.catalogue import CONSUMED, ITEMS, LAG, METRICS, PROCESS_DURATION
from onrecord.runtime.metrics import Metrics, MetricsExport

Points = dict[tuple[str, tuple[tuple[str, str], ...]], float]


class Export:
    def __init__(self) -> None:
        self.metrics = Metrics()
        self._reader = InMemoryMetricReader()
        self.export = MetricsExport(self.metrics, "scraper", [self._reader])

    def read(self) -> Points:
        """Values by name and labels; of a histogram the count."""
        found: Points = {}
        data = self._reader.get_metrics_data()
        if data is None:
            return found
        for metric in (m for r in data.resource_metrics for s in r.scope_metrics for m in s.metrics):
            for point in metric.data.data_points:
                labels = tuple(sorted((name, str(value)) for name, value in (point.attributes or {}).items()))
                found[metric.name, labels] = getattr(point, "value", None) or getattr(point, "count", 0)
        return found


def test_counts_reach_the_reader_once_each_flush() -> None:
    export = Export()
    export.metrics.count(ITEMS, "stored")
    export.metrics.count(ITEMS, "stored", amount=4)
    export.metrics.count(ITEMS, "gone")
    assert export.read() == {}
    export.export.flush()
    export.export.flush()
    assert export.read() == {
        (ITEMS.name, (("outcome", "stored"),)): 5,
        (ITEMS.name, (("outcome", "gone"),)): 1,
    }


def test_durations_reach_the_reader() -> None:
    export = Export()
    for took in (0.1, 0.2, 0.3):
        export.metrics.measure(PROCESS_DURATION, took, "Item")
    export.export.flush()
    assert export.read() == {(PROCESS_DURATION.name, (("type", "Item"),)): 3}


def test_a_gauge_is_asked_when_it_is_read() -> None:
    export = Export()
    lag = [7.0]
    export.metrics.observe(LAG, lambda: [(("onrecord.item.v1", "3"), lag[0])])
    labels = (("partition", "3"), ("topic", "onrecord.item.v1"))
    assert export.read() == {(LAG.name, labels): 7}
    lag[0] = 9
    assert export.read() == {(LAG.name, labels): 9}


def test_totals_stay_after_a_flush() -> None:
    export = Export()
    export.metrics.count(CONSUMED, "onrecord.item.v1")
    export.export.flush()
    assert export.metrics.totals[CONSUMED.name, ("onrecord.item.v1",)] == 1


def test_labels_that_the_catalogue_does_not_know_are_refused() -> None:
    export = Export()
    export.metrics.count(ITEMS, "stored", "and more")
    with pytest.raises(ValueError, match="zip"):
        export.export.flush()


def test_shutdown_sends_what_is_left() -> None:
    export = Export()
    export.metrics.count(ITEMS, "stored")
    export.export.shutdown()
    assert export.metrics.drain() == ({}, [])


def test_metrics_have_a_unit_a_text_and_a_name_of_their_own() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS)
    assert all(metric.unit and metric.help and metric.kind in ("counter", "histogram", "gauge") for metric in METRICS)


def test_every_histogram_has_buckets_of_its_own_that_rise() -> None:
    for metric in METRICS:
        assert bool(metric.buckets) == (metric.kind == "histogram"), metric.name
        assert list(metric.buckets) == sorted(set(metric.buckets)), metric.name


def test_units_are_none_that_the_exporter_makes_a_ratio_of() -> None:
    assert [metric.name for metric in METRICS if metric.unit == "1"] == []
