"""The methods of generating labels, by name, and what is done with whichever a request names."""

from __future__ import annotations

from labelloop.errors import UserError, printable
from labelloop.jobs.run import RunFolder
from labelloop.project.session import Session
from labelloop.services.generating.merging import Run
from labelloop.services.generating.method import Method, Preview
from labelloop.services.generating.model import ByModel
from labelloop.services.generating.request import GenerateRequest
from labelloop.services.generating.scorer import Scorer
from labelloop.services.generating.similar import BySimilarity
from labelloop.services.generating.threshold import ByThreshold
from labelloop.services.generating.track import FromTrack
from labelloop.services.generating.whole import WholeSession
from labelloop.storage.store import ProjectStore

_ALL: tuple[Method, ...] = (ByModel(), FromTrack(), BySimilarity(), ByThreshold(), WholeSession())
METHODS: dict[str, Method] = {method.id: method for method in _ALL}


def method_of(request: GenerateRequest) -> Method:
    """The method that a request names. Raises UserError when there is none of this name."""
    method = METHODS.get(request.method)
    if method is None:
        known = ", ".join(METHODS)
        raise UserError(f"There is no method '{printable(request.method)}': use {known}.")
    return method


def start(
    store: ProjectStore, request: GenerateRequest, dry: bool = False, into: RunFolder | None = None
) -> Run:
    """Start what is asked; from a track and whole sessions are done when this returns.

    With ``into`` a run without a model that ended early goes on.

    Raises:
        UserError: something of the request does not fit; nothing was changed.
    """
    return method_of(request).start(store, request, dry, into)


def preview(store: ProjectStore, request: GenerateRequest, session: Session, scorer: Scorer) -> Preview | None:
    """What a request would do to a session; None while that is being found out.

    Raises:
        UserError: something of the request does not fit.
    """
    return method_of(request).preview(store, request, session, scorer)
