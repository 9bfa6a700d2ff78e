"""Jobs beside each other."""

from __future__ import annotations

from labelloop.screens.training.jobs_compare import CompareScreen
from labelloop.screens.training.screen import TrainingScreen
from tests.screens.conftest import Driven, until
from tests.screens.made_jobs import made_job


async def test_compare_goes_to_a_job(driven: Driven) -> None:
    async with driven() as (app, press):
        first = made_job(app.store, {"m-1": 0.9}, "m-1", name="first")
        made_job(app.store, {"m-1": 0.8}, "m-1", name="second")
        await press("t", "c")
        assert isinstance(app.screen, CompareScreen)
        third = made_job(app.store, {"m-1": 0.8}, "m-1")
        third.delete()
        await press("up", "enter")
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        assert screen.looked.run.id == first.id
        fourth = made_job(app.store, {"m-1": 0.8}, "m-1")
        await until(lambda: screen.context().jobs == 3)
        await press("c", "end")
        first.delete()
        await press("enter")
        assert screen.looked.run.id == fourth.id


async def test_compared_jobs_come_and_go_under_the_cursor(driven: Driven) -> None:
    async with driven() as (app, press):
        first, second = (made_job(app.store, {"m-1": 0.9}, "m-1") for _ in range(2))
        await press("t", "c")
        compared = app.screen
        assert isinstance(compared, CompareScreen)
        first.delete()
        made_job(app.store, {"m-1": 0.9}, "m-1")
        await until(lambda: "t3" in compared.table.text and "t1" not in compared.table.text)
        await press("enter")
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        assert screen.looked.run.id == second.id
