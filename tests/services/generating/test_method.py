"""What every method's preview amounts to."""

from __future__ import annotations

from labelloop.project.labels import Label
from labelloop.services.generating.merging import Target
from labelloop.services.generating.method import merged, preview_by_search
from labelloop.services.generating.request import GenerateRequest
from labelloop.services.generating.scorer import Scorer
from labelloop.services.generating.threshold import Threshold
from labelloop.storage.store import ProjectStore
from tests.services.conftest import Named

REQUEST = GenerateRequest("threshold", ("all",), Target.parse("existing:label"), ("x > 0",), classes=("up",))


def test_a_preview_says_what_comes_and_goes(made: ProjectStore, named: Named) -> None:
    session = named("up_00")
    from dataclasses import replace

    event = Label.spanning(6, 7, "up", confirmed=False)
    request = replace(REQUEST, existing="replace-all")
    seen = merged(made, request, session, [event], ["up"])
    assert seen.added == (event,)
    assert list(seen.removed) == list(made.project.track(session.id))
    assert (seen.outcome.added, seen.outcome.removed) == (1, 3)
    assert len(made.project.track(session.id)) == 3


def test_rims_that_are_too_short_do_not_come(made: ProjectStore, named: Named) -> None:
    rim = Label.spanning(1.9, 2.2, "up", confirmed=False)
    assert merged(made, REQUEST, named("up_00"), [rim], ["up"]).added != ()
    assert merged(made, REQUEST, named("up_00"), [rim], ["up"], {"up": 1.0}).added == ()


def test_a_search_gives_its_preview_when_it_is_done(made: ProjectStore, named: Named) -> None:
    scorer, session = Scorer(made), named("up_00")
    seen = preview_by_search(made, REQUEST, session, scorer, Threshold)
    while seen is None:
        seen = preview_by_search(made, REQUEST, session, scorer, Threshold)
    assert seen.outcome.session == session
    assert {x.name for x in seen.added} == {"up"}
    scorer.stop()
