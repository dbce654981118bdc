from onrecord.cli.topics import drift
from onrecord.contracts.topics import plans


def test_a_cluster_as_planned_has_no_drift() -> None:
    wanted = {plan.name: plan.partitions for plan in plans(4)}
    assert list(drift(wanted, {**wanted, "another.topic": 1})) == []


def test_drift_names_what_is_missing_and_what_differs() -> None:
    wanted = {"b": 4, "a": 4, "c": 1}
    assert list(drift(wanted, {"a": 4, "b": 6})) == ["differs b: 6 partitions, not 4", "missing c"]
