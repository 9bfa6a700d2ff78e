"""The methods of generating labels, by name, and what is done with whichever a request names."""

from __future__ import annotations

from contextlib import suppress

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
from labelloop.services.sessions.names import check_known
from labelloop.services.training.models import find_model, model_info
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
    method = method_of(request)
    if not method.names_classes:
        _check_names(store, request)
    return method.start(store, request, dry, into)


def _check_names(store: ProjectStore, request: GenerateRequest) -> None:
    """Refuse settings of classes that neither the project nor the model has. Raises UserError."""
    known = list(store.project.class_names)
    if request.method == ByModel.id:
        with suppress(UserError):
            info = model_info(find_model(store, request.one_source))
            known += [name for name in info.classes if name not in known]
    for option, words in request.settings.items():
        named = [word.rpartition(":")[0] for word in words if ":" in word]
        check_known(named, known, "--" + option.replace("_", "-"))
    check_known([word.partition("=")[0].strip() for word in request.rename], known, "--rename")


def preview(
    store: ProjectStore, request: GenerateRequest, session: Session, scorer: Scorer
) -> Preview | None:
    """What a request would do to a session; None while that is being found out.

    Raises:
        UserError: something of the request does not fit.
    """
    return method_of(request).preview(store, request, session, scorer)
