"""One broker and one database for the session, and which broker that is said at its start and its end."""

import os

import pytest

from onrecord.cli.embedded import EmbeddedSettings, JavaMissing
from onrecord.cli.embedded.fetch import choose_fetch
from onrecord.cli.embedded.jars import are_cached, pinned_jars
from onrecord.cli.embedded.java import find_java

pytest_plugins = ["integration.embedded.fixtures"]

LACKING = "Apache Kafka cannot be had"  # how the fixtures' skip begins


def pytest_report_header() -> str:
    return f"broker of these tests: {_broker()}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report for report in terminalreporter.getreports("skipped") if LACKING in str(report.longrepr)]
    if not skipped:
        return
    terminalreporter.section("not run: these tests need Apache Kafka, which needs Java 17 and its jars", yellow=True)
    for report in skipped:
        terminalreporter.write_line(report.nodeid)


def _broker() -> str:
    settings = EmbeddedSettings.from_env(os.environ)
    try:
        java = find_java(settings.java_home)
    except JavaMissing as lacking:
        return f"none, tests of it are skipped ({lacking})"
    if are_cached(settings.cache, pinned_jars()):
        return f"Apache Kafka on Java {java.major}, embedded"
    if choose_fetch(settings) is None:
        return "none, tests of it are skipped (its jars are not cached and there is no way to fetch them)"
    return f"Apache Kafka on Java {java.major}, embedded; its jars are fetched first"
