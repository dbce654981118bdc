"""Newspapers on loopback for the demo, for end-to-end tests and for throughput runs."""

from newspapers.newspapers import DEMO_PORT, Newspapers, expected
from newspapers.press import Asked
from newspapers.scale import Scale
from newspapers.story import Clock, Expected, Feed

__all__ = ["DEMO_PORT", "Asked", "Clock", "Expected", "Feed", "Newspapers", "Scale", "expected"]
