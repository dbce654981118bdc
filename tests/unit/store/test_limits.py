from onrecord.store.api.limits import MAX_ASKERS, RateLimit


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_burst_then_the_rate() -> None:
    clock = Clock()
    limit = RateLimit(2.0, 3, clock)
    assert [limit.wait_s("a") for _ in range(3)] == [0, 0, 0]
    assert limit.wait_s("a") == 0.5
    clock.now_s = 0.5
    assert limit.wait_s("a") == 0
    assert limit.wait_s("a") > 0


def test_askers_do_not_share() -> None:
    limit = RateLimit(1.0, 1, Clock())
    assert limit.wait_s("a") == 0
    assert limit.wait_s("b") == 0
    assert limit.wait_s("a") == 1


def test_silence_fills_no_further_than_the_burst() -> None:
    clock = Clock()
    limit = RateLimit(1.0, 2, clock)
    limit.wait_s("a")
    clock.now_s = 1000
    assert [limit.wait_s("a") for _ in range(3)] == [0, 0, 1]


def test_memory_is_bounded_and_the_longest_silent_goes_first() -> None:
    limit = RateLimit(1.0, 1, Clock())
    limit.wait_s("kept")
    for number in range(MAX_ASKERS - 1):
        limit.wait_s(f"{number}")
    assert limit.wait_s("kept") == 1
    limit.wait_s("one more")
    assert limit.wait_s("kept") == 1
    assert limit.wait_s("0") == 0
