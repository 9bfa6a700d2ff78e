"""Made-up examples take the time they take: a busy machine is no failure."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

if settings().deadline is not None:
    settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")
