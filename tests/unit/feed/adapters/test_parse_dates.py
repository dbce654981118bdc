from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.feed.adapters.parse_dates import EARLIEST, FUTURE_TOLERANCE, parse_date

NOW = datetime(2026, 11, 10, tzinfo=UTC)
TEN = datetime(2026, 11, 2, 10, tzinfo=UTC)
DAY = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("Mon, 02 Nov 2026 10:00:00 GMT", TEN),
        ("Mon, 02 Nov 2026 05:00:00 EST", TEN),
        ("Mon, 2 Nov 2026 11:00 +0100", TEN),
        ("02 Nov 26 10:00:00 Z", TEN),
        ("Monday, 02-Nov-26 10:00:00 GMT", TEN),
        ("Mon Nov  2 10:00:00 2026", TEN),
        ("Mon Nov  2 10:00:00 UTC 2026", TEN),
        ("Mon, 02 Nov 2026 12:00:00 +02:00 (EET)", TEN),
        ("Lun, 02 nov 2026 11:00:00 CET", TEN),
        ("lundi 2 novembre 2026", DAY),
        ("2. November 2026", DAY),
        ("2 de noviembre de 2026", DAY),
        ("November 2, 2026 10:00", TEN),
        ("Nov 2nd, 2026", DAY),
        ("2026-11-02T10:00:00Z", TEN),
        ("2026-11-02T10:00:00.123456789123Z", TEN),
        ("2026-11-02 15:30:00 +05:30", TEN),
        ("2026-11-02T10:00", TEN),
        ("20261102T100000Z", TEN),
        ("2026-11-02", DAY),
        ("1793613600", TEN),
        ("1793613600000", TEN),
        ("Fri, 30 Jun 2017 23:59:60 GMT", datetime(2017, 6, 30, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_right(raw: str, moment: datetime) -> None:
    assert parse_date(raw, now=NOW) == moment


@pytest.mark.parametrize(
    "raw",
    [
        "", "  ", "tomorrow", "02/11/2026", "11/02/2026 10:00", "-1", "1e308", "99999999999999999999", "9" * 100_000, "177207760",
        "Mon, 05 Jan 9999 10:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "0000-00-00T00:00:00Z",
        "2026-13-45T99:99:99Z", "2026-02-29", "31 Feb 2026 10:00:00 GMT", "Mon, 02 Nov 2026 10:00:00 +9999",
        "Mon, 02 Nov 2026 10:00:00 XYZ", "Mon, 02 Nov 2026 10:00:00 IST", "Mon, 02 Foo 2026 10:00:00 GMT",
        "\u0662\u0660\u0662\u0666-01-05", "Thu, 12 Nov 2026 10:00:00 GMT", "Mon, 02 Nov 2026 25:00:00 GMT", "2026-11",
        "3 hours ago",
    ],
)  # fmt: skip
def test_absent(raw: str) -> None:
    assert parse_date(raw, now=NOW) is None


@given(st.text(st.sampled_from("0123456789-:+TZ .,/novNovGMT"), max_size=40) | st.text(max_size=120))
def test_never_outside_the_window(raw: str) -> None:
    moment = parse_date(raw, now=NOW)
    assert moment is None or EARLIEST <= moment <= NOW + FUTURE_TOLERANCE


@given(st.datetimes(datetime(2000, 1, 2), datetime(2026, 11, 9), timezones=st.just(UTC)))
def test_what_is_written_is_read(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert parse_date(whole.isoformat(), now=NOW) == whole
    assert parse_date(whole.strftime("%a, %d %b %Y %H:%M:%S +0000"), now=NOW) == whole
    assert parse_date(str(int(whole.timestamp())), now=NOW) in (whole, None)
