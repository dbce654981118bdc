"""When an alert fires and when it does not: series as promtool writes them, one value a minute."""

from dataclasses import dataclass, field

Series = dict[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """`labels` and `summary` of the alert that fires; None: it is silent."""

    alert: str
    what: str
    at: str
    series: Series
    labels: dict[str, str] | None = field(default=None)
    summary: str = ""

    @property
    def fires(self) -> bool:
        return self.labels is not None


def fires(alert: str, what: str, at: str, series: Series, summary: str, **labels: str) -> Case:
    return Case(alert, what, at, series, labels, summary)


def silent(alert: str, what: str, at: str, series: Series) -> Case:
    return Case(alert, what, at, series)


PAGE, TICKET = "page", "ticket"
