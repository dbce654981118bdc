"""What Prometheus sees: a service's own exporter, run over the whole catalogue."""

from collections import defaultdict
from dataclasses import dataclass, field

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from prometheus_client import REGISTRY, CollectorRegistry, Metric

from onrecord.runtime.catalogue import METRICS
from onrecord.runtime.metrics import Metrics, MetricsExport

# By the scrape configuration in deploy/alerts/prometheus.yml.
TARGET_LABELS = frozenset({"job", "instance", "service"})
# Series of other exporters that the rules may use, with their labels.
ELSEWHERE = {
    "up": frozenset[str](),
    "node_filesystem_avail_bytes": frozenset({"device", "fstype", "mountpoint"}),
    "node_filesystem_size_bytes": frozenset({"device", "fstype", "mountpoint"}),
    "probe_ssl_earliest_cert_expiry": frozenset[str](),
}


@dataclass
class Exposition:
    """Labels by series name; the upper bounds of each histogram's buckets, seconds."""

    labels: dict[str, frozenset[str]]
    buckets: dict[str, set[float]] = field(default_factory=lambda: defaultdict(set))


def exposed() -> Exposition:
    registry = CollectorRegistry()
    metrics = Metrics()
    export = MetricsExport(metrics, "feed", [PrometheusMetricReader(registry=registry)])
    for metric in METRICS:
        labels = tuple("any" for _ in metric.labels)
        match metric.kind:
            case "counter":
                metrics.count(metric, *labels)
            case "histogram":
                metrics.measure(metric, 1.0, *labels)
            case "gauge":
                metrics.observe(metric, lambda labels=labels: [(labels, 1.0)])  # type: ignore[misc]
    export.flush()
    found = Exposition(dict(ELSEWHERE))
    for family in (*registry.collect(), *REGISTRY.collect()):
        _note(family, found)
    export.shutdown()
    return found


def _note(family: Metric, found: Exposition) -> None:
    for sample in family.samples:
        found.labels[sample.name] = found.labels.get(sample.name, frozenset()) | frozenset(sample.labels)
        if sample.name.endswith("_bucket"):
            found.buckets[sample.name].add(float(sample.labels["le"]))
