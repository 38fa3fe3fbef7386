"""`python -m tests.fault`: every fault of line, server, browser and clock, with what was lost and how long it took."""

from __future__ import annotations

import sys
import time

import pytest

# Robots and browsers at once; browsers one after another, for two at once pull at one mouse.
TOGETHER = ("--numprocesses=2", "--dist=loadgroup")
FILES = ("tests/fault", "tests/e2e/test_faults.py", "tests/e2e/test_weather.py")


class Figures:
    """What the tests measured, told at the end."""

    def __init__(self) -> None:
        self.told: dict[str, object] = {}
        self.passed = self.failed = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One test more."""
        self.told |= dict(report.user_properties)
        self.passed += report.when == "call" and report.passed
        self.failed += report.failed


def main() -> int:
    """The command; exit code 1 if anything was lost, counted twice or late."""
    began, figures = time.monotonic(), Figures()
    code = pytest.main(["-q", *(sys.argv[1:] or (*TOGETHER, *FILES))], plugins=[figures])
    for name, value in figures.told.items():
        print(f"{name}: {value}")
    print(f"{figures.passed} faults weathered, {figures.failed} failed, {time.monotonic() - began:.0f} s")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
