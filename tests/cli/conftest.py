"""Fixtures of the tests of the command line."""

from __future__ import annotations

from tests.end_to_end.conftest import call as call
from tests.end_to_end.conftest import quick_doctor as quick_doctor
