"""What every test relies on: signals as a terminal gives them, nobody's settings, who runs beside whom."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import tempfile

import pytest
from hypothesis import HealthCheck, settings

from tests.left_out import left_out, reason_of

signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)

# Each process of the suite has a home and a queue for trainings of its own, so that none waits for another.
_HOME = tempfile.mkdtemp(prefix="labelloop-tests-")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
for _name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "LABELLOOP_SLOTS"):
    os.environ[_name] = os.path.join(_HOME, _name.lower())

# Drawn examples take the time that they take, on a busy machine or while coverage is measured.
if settings().deadline is not None:
    settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")

# These load TensorFlow, which takes long, and train.
_LEARNING = ("learning/", "formats/model/test_model_file.py")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Under ``-n 2 --dist loadgroup`` one process learns while the other does all else."""
    tests = config.rootpath / "tests"
    for item in items:
        if item.path.is_relative_to(tests) and item.path.relative_to(tests).as_posix().startswith(_LEARNING):
            item.add_marker(pytest.mark.xdist_group("learning"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line that says what was left out and why; the process that started the others prints it."""
    stats = terminalreporter.stats
    reasons = [reason_of(report.longrepr) for report in stats.get("skipped", [])]
    terminalreporter.write_line(left_out(reasons, len(stats.get("deselected", []))))
