"""Counting: cheap in the hot path, exported through OpenTelemetry on the commit timer."""

from collections import Counter
from collections.abc import Callable, Iterable

from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource

from onrecord.runtime.catalogue import METRICS, Metric

Labels = tuple[str, ...]
Gauge = Callable[[], Iterable[tuple[Labels, float]]]


class Metrics:
    """Values are kept in plain counters and handed to OpenTelemetry by `flush`."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, Labels]] = Counter()
        self.totals: Counter[tuple[str, Labels]] = Counter()
        self._durations: list[tuple[str, Labels, float]] = []
        self._gauges: list[tuple[Metric, Gauge]] = []

    def count(self, metric: Metric, *labels: str, amount: int = 1) -> None:
        self._counts[metric.name, labels] += amount
        self.totals[metric.name, labels] += amount

    def measure(self, metric: Metric, value: float, *labels: str) -> None:
        self._durations.append((metric.name, labels, value))

    def observe(self, metric: Metric, gauge: Gauge) -> None:
        self._gauges.append((metric, gauge))

    def drain(self) -> tuple[dict[tuple[str, Labels], int], list[tuple[str, Labels, float]]]:
        counts, durations = dict(self._counts), self._durations
        self._counts, self._durations = Counter(), []
        return counts, durations

    @property
    def gauges(self) -> list[tuple[Metric, Gauge]]:
        return self._gauges


class MetricsExport:
    """The bridge to OpenTelemetry: a Prometheus reader always, OTLP when an endpoint is set."""

    def __init__(self, metrics: Metrics, service: str, readers: list[MetricReader]) -> None:
        self._metrics = metrics
        resource = Resource.create({"service.name": f"onrecord-{service}", "service.namespace": "onrecord"})
        self._provider = MeterProvider(metric_readers=readers, resource=resource)
        meter = self._provider.get_meter("onrecord.runtime")
        self._labels = {metric.name: metric.labels for metric in METRICS}
        self._counters = {m.name: meter.create_counter(m.name, m.unit, m.help) for m in METRICS if m.kind == "counter"}
        self._histograms = {
            m.name: meter.create_histogram(m.name, m.unit, m.help, explicit_bucket_boundaries_advisory=m.buckets)
            for m in METRICS
            if m.kind == "histogram"
        }
        for metric in (m for m in METRICS if m.kind == "gauge"):
            meter.create_observable_gauge(metric.name, [self._observer(metric)], metric.unit, metric.help)

    def flush(self) -> None:
        counts, durations = self._metrics.drain()
        for (name, labels), amount in counts.items():
            self._counters[name].add(amount, self._attributes(name, labels))
        for name, labels, value in durations:
            self._histograms[name].record(value, self._attributes(name, labels))

    def shutdown(self) -> None:
        self.flush()
        self._provider.shutdown()

    def _attributes(self, name: str, labels: Labels) -> dict[str, str]:
        return dict(zip(self._labels[name], labels, strict=True))

    def _observer(self, metric: Metric) -> Callable[[CallbackOptions], Iterable[Observation]]:
        def observe(_: CallbackOptions) -> Iterable[Observation]:
            for found, gauge in self._metrics.gauges:
                if found is metric:
                    yield from (Observation(value, self._attributes(metric.name, labels)) for labels, value in gauge())

        return observe


def metric_readers(endpoint: str | None) -> list[MetricReader]:
    from opentelemetry.exporter.prometheus import PrometheusMetricReader

    readers: list[MetricReader] = [PrometheusMetricReader()]
    if endpoint:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter

        readers.append(PeriodicExportingMetricReader(OTLPMetricExporter(endpoint=f"{endpoint.rstrip('/')}/v1/metrics")))
    return readers
