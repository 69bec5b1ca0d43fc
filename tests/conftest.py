"""What holds for every test."""

import gettext
import sys
from collections.abc import Iterator

import pytest
import torch
from babel.messages.pofile import read_po
from hypothesis import settings
from playwright.sync_api import Playwright, sync_playwright

from scripts.words import TEMPLATE

# A loaded machine is slow, not wrong; `make fuzz` looks for new examples, the others repeat.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="session", autouse=True)
def words() -> Iterator[None]:
    """Let nothing be said to a visitor that the list of all words does not hold."""
    with TEMPLATE.open("rb") as file:
        entries = {message.id for message in read_po(file)}
    plain = gettext.NullTranslations.gettext

    def said(translations: gettext.NullTranslations, message: str) -> str:
        spoken = any(letter.isalpha() for letter in message)
        assert not spoken or message in entries, f"no entry in the catalogue: {message!r}"
        return plain(translations, message)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gettext.NullTranslations, "gettext", said)
        yield


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """Put back what was run: a tested page takes its place, and a new process begins with it."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Add in the order in which the app adds: more threads do it in another."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


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
