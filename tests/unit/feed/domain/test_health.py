from datetime import UTC, datetime, timedelta

import pytest

from onrecord.feed.domain.health import (
    DAY_S,
    Fault,
    Health,
    after_fault,
    after_redirect,
    after_success,
    fault_of_status,
    is_churn,
)

NOW = datetime(2026, 11, 10, tzinfo=UTC)
HOUR_S = 3_600.0
NEW = "https://new.example/feed"


def delays(fault: Fault, times: int, base_s: float = HOUR_S) -> list[float]:
    health, found = Health(), []
    for _ in range(times):
        health, delay_s = after_fault(health, fault, base_s=base_s)
        found.append(delay_s)
    return found


def test_backoff_is_linear_to_a_day_and_then_lingers() -> None:
    found = delays(Fault.refused, 100)
    assert found[:3] == [HOUR_S, 2 * HOUR_S, 3 * HOUR_S]
    assert found[28] == DAY_S
    assert found[29] == 7 * DAY_S
    assert found[99] == 30 * DAY_S
    assert found == sorted(found)


def test_weights() -> None:
    assert delays(Fault.soft, 6)[-1] == 3 * HOUR_S
    assert delays(Fault.dns, 8)[-1] == 2 * HOUR_S
    assert set(delays(Fault.limited, 50)) == {HOUR_S}


def test_backoff_starts_from_a_lowered_floor() -> None:
    assert delays(Fault.refused, 3, base_s=5) == [5, 10, 15]


def test_gone_stops_and_success_starts_again() -> None:
    stopped = after_fault(Health(), Fault.gone, base_s=HOUR_S).health
    assert stopped.stopped
    assert after_success(stopped) == Health()
    assert after_fault(stopped, Fault.soft, base_s=HOUR_S).health.stopped


@pytest.mark.parametrize(
    ("status", "retry_after", "fault"),
    [
        (410, False, Fault.gone),
        (404, False, Fault.refused),
        (429, False, Fault.limited),
        (503, True, Fault.limited),
        (503, False, Fault.refused),
        (500, True, Fault.refused),
    ],
)
def test_fault_of_status(status: int, retry_after: bool, fault: Fault) -> None:
    assert fault_of_status(status, has_retry_after=retry_after) is fault


def adopted(*answers: tuple[float, str | None, bool]) -> list[str | None]:
    """Answers as hours from now, permanent target, whether it was a feed."""
    health, found = Health(), []
    for hours, target, parsed in answers:
        health, adopt = after_redirect(health, permanent_target=target, parsed=parsed, now=NOW + timedelta(hours=hours))
        found.append(adopt)
    return found


def test_permanent_redirect_is_adopted_after_three_answers_over_a_day() -> None:
    assert adopted((0, NEW, True), (12, NEW, True), (24, NEW, True)) == [None, None, NEW]
    assert adopted((0, NEW, True), (30, NEW, True)) == [None, None]
    assert adopted((0, NEW, True), (1, NEW, True), (2, NEW, True), (23, NEW, True))[-1] is None


@pytest.mark.parametrize("interruption", [(12, None, True), (12, "https://else.example/", True), (12, NEW, False)])
def test_anything_else_in_between_starts_the_count_again(interruption: tuple[float, str | None, bool]) -> None:
    assert adopted((0, NEW, True), interruption, (13, NEW, True), (25, NEW, True))[-1] is None


def test_health_survives_json() -> None:
    health = after_redirect(Health(failures=1.5), permanent_target=NEW, parsed=True, now=NOW).health
    assert Health.model_validate_json(health.model_dump_json()) == health


def test_churn_is_more_than_half_of_at_least_three() -> None:
    assert is_churn(new=4, with_known_link=3)
    assert not is_churn(new=4, with_known_link=2)
    assert not is_churn(new=2, with_known_link=2)
