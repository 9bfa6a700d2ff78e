"""The ways from a screen to the others: by name, each loaded when it is first opened."""

from __future__ import annotations

from importlib import import_module
from typing import Any

# Names instead of imports: a screen is loaded when it is opened, and none knows those that lie above it.
ROUTES = {
    "sessions": "labelloop.screens.sessions.screen:SessionsScreen",
    "viewer": "labelloop.screens.viewer.screen:ViewerScreen",
    "review": "labelloop.screens.review.screen:ReviewScreen",
    "training": "labelloop.screens.training.screen:TrainingScreen",
    "generate": "labelloop.screens.generate.wizard:WizardScreen",
    "runs": "labelloop.screens.generate.runs:RunsScreen",
    "classes": "labelloop.screens.sessions.classes:ClassesScreen",
    "compare": "labelloop.screens.training.jobs_compare:CompareScreen",
    "events": "labelloop.screens.training.events:EventsScreen",
    "model_list": "labelloop.screens.training.model_list:ModelListScreen",
    "model_wizard": "labelloop.screens.training.model_wizard:wizard_screen",
    "windows": "labelloop.screens.training.windows:WindowsScreen",
    "palette": "labelloop.screens.shared.palette:PaletteScreen",
    "glyph_card": "labelloop.screens.shared.glyph_card:GlyphCard",
}


def screen(name: str, *args: object, **options: object) -> Any:
    """A new screen by its name in ``ROUTES``, made with what its class takes."""
    module, _, kind = ROUTES[name].partition(":")
    return getattr(import_module(module), kind)(*args, **options)


def load(name: str) -> None:
    """Load a screen's module ahead, so that opening it does not wait for that."""
    import_module(ROUTES[name].partition(":")[0])
