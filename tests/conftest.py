"""What holds for every test."""

from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Playwright, sync_playwright

# A loaded machine is slow, not wrong; `make fuzz` looks for new examples, the others repeat.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What starts browsers: a process can have one only."""
    with sync_playwright() as running:
        yield running


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the tests that passed only at a second attempt, each with what failed at the first."""
    stats = terminalreporter.stats
    failed = {report.nodeid for end in ("failed", "error") for report in stats.get(end, [])}
    flaky = [report for report in stats.get("rerun", []) if report.nodeid not in failed]
    if not flaky:
        return
    terminalreporter.section("flaky: passed at the second attempt only", yellow=True)
    for report in flaky:
        terminalreporter.write_line(report.longreprtext)
    for report in flaky:
        terminalreporter.write_line(f"FLAKY {report.nodeid}", yellow=True)
