"""A model as it is used: from the samples of a session to its events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt

from labelloop.contract.recipes import rates_alike
from labelloop.errors import UserError, printable
from labelloop.labeling.matching import Event
from labelloop.labeling.postprocess import PostSettings, to_events
from labelloop.learning.data.channels import with_channels
from labelloop.learning.data.frames import FrontEnd, Recording, frame_times, snapped_to_samples
from labelloop.learning.data.prepared import Norm
from labelloop.learning.data.units import Chain
from labelloop.learning.data.windows import Windowing, window_scores
from labelloop.learning.networks.description import Network
from labelloop.learning.predicting.scores import Second, recording_scores

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model, ready to find events.

    front: how samples become what the network sees (frames, or windows). norms: how features are scaled; the
    network sees one copy of the features for each. second: a model whose opinion is asked, too.
    """

    name: str
    family: str
    classes: tuple[str, ...]
    channels: tuple[str, ...]
    rate_hz: float | None
    front: FrontEnd | Windowing | Chain
    norms: tuple[Norm, ...]
    network: Network
    weights: Mapping[str, Sequence[Array]]
    post: PostSettings = field(default_factory=PostSettings)
    second: Second | None = None

    def scores(self, rec: Recording) -> tuple[Array, Array | None, Array]:
        """Class scores (frames, 1 + classes), boundary scores (frames, 2) or None, edges (frames + 1,)."""
        scores, boundary, times, _ = self.look(rec)
        return scores, boundary, times

    def look(self, rec: Recording) -> tuple[Array, Array | None, Array, Array | None]:
        """What ``scores`` gives, and how far several models agree, (frames,) 0 to 1, or None for one."""
        if isinstance(self.front, Windowing | Chain):
            scores, times = window_scores(self.front, self.network, self.weights, rec)
            return scores, None, times, None
        scores, boundary, agreement = recording_scores(
            self.front, self.norms, self.network, self.weights, rec, second=self.second
        )
        return scores, boundary, frame_times(self.front, rec.times), agreement

    def events(self, rec: Recording, settings: PostSettings | None = None) -> list[Event]:
        """The events that the model finds in a recording; every edge is a time of the recording."""
        if len(rec.times) < 2:
            return []
        return self.events_of(self.scores(rec), rec, settings)

    def events_of(
        self,
        scored: tuple[Array, Array | None, Array],
        rec: Recording,
        settings: PostSettings | None = None,
        dropped: dict[str, int] | None = None,
    ) -> list[Event]:
        """The events that follow from what ``scores`` gave; ``dropped`` counts those that limits took."""
        scores, boundary, times = scored
        found = to_events(scores, times, self.classes, settings or self.post, boundary, dropped)
        return snapped_to_samples(found, rec.times)

    def fitted(self, rec: Recording, name: str, by_position: bool = False) -> Recording:
        """The recording with the model's channels in their order.

        Raises:
            UserError: it lacks one, names them otherwise, or has another rate; the message says which.
        """
        theirs = f"the model {printable(self.name)} was trained on"
        rec = with_channels(rec, self.channels, name, theirs, by_position)
        rate = float(rec.rate_hz)
        if self.rate_hz and rate > 0 and not rates_alike(rate, self.rate_hz):
            raise UserError(
                f"{printable(name)} has {rate:.4g} samples a second, the model {printable(self.name)} was "
                f"trained on {self.rate_hz:.4g}: ask for --resample or train on recordings like it."
            )
        return rec
