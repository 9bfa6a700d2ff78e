"""What the viewer shows of channels, tracks and other sessions."""

from __future__ import annotations

from typing import ClassVar

from labelloop.errors import UserError, printable
from labelloop.labeling.walk import Difference, differences
from labelloop.rendering.format import plural
from labelloop.screens.shared.parts import Commands, Part
from labelloop.screens.viewer.opener import Opener
from labelloop.screens.viewer.pane import EVERYTHING, Paint, SessionPane
from labelloop.screens.viewer.typed import channel_words, channels_named
from labelloop.services.labels import track_edits
from labelloop.services.sessions.marks import activate_track
from labelloop.widgets.lanes import ChannelLanes


class Tracks(Part):
    """Commands about lanes and tracks."""

    def __init__(self, pane: SessionPane, opener: Opener) -> None:
        self.pane = pane
        self.opener = opener

    # Lanes

    def _scroll_lanes(self, way: int) -> None:
        capacity = self.pane.screen.query_one(ChannelLanes).capacity
        most = max(0, len(self.pane.shown_channels()) - capacity)
        wanted = min(max(0, self.pane.top_lane + way * max(1, capacity // 2)), most)
        if wanted == self.pane.top_lane:
            self.pane.report("No channel is further " + ("down." if way > 0 else "up."))
        else:
            self.pane.top_lane = wanted
            self.pane.paint(Paint.VIEW)

    def lane_up(self, _: str) -> None:
        """Channels further up."""
        self._scroll_lanes(-1)

    def lane_down(self, _: str) -> None:
        """Channels further down."""
        self._scroll_lanes(1)

    def overlay(self, _: str) -> None:
        """All channels over each other, or a lane each."""
        view = self.pane.host.view
        view.overlay = not view.overlay
        self.pane.report("All channels in one lane." if view.overlay else "A lane for each channel.")
        self.pane.paint(Paint.VIEW)

    def scale(self, _: str) -> None:
        """One scale for all lanes, or each its own."""
        view = self.pane.host.view
        view.shared_scale = not view.shared_scale
        self.pane.report(
            "One scale for all channels." if view.shared_scale else "Each channel has its own scale."
        )
        self.pane.paint(Paint.VIEW)

    def channels(self, _: str) -> None:
        """Ask which channels to show, in which order."""
        if self.pane.signal is None:
            self.pane.report("The recording is not read yet.", "warn")
            return
        names = list(self.pane.signal.names)
        shown = [names[k] for k in self.pane.shown_channels()]
        words = channel_words(names)

        def show(text: str) -> None:
            chosen = [names[k] for k in channels_named(text or "*", words, self.pane.shown_channels())]
            if not chosen:
                raise UserError("At least one channel stays on the screen.")
            view = self.pane.host.view
            hidden = [n for n in names if n not in chosen]
            view.hidden_channels = [n for n in view.hidden_channels if n not in names] + hidden
            view.channel_order = [n for n in view.channel_order if n not in names] + chosen
            self.pane.top_lane = 0
            left_out = f", {len(hidden)} hidden" if hidden else ""
            self.pane.report(f"{plural(len(chosen), 'channel')} shown{left_out}.")
            self.pane.paint(EVERYTHING)

        now = " ".join(words[names.index(n)] for n in shown[:20])
        hint = f"-x hides, +x shows, or all in their order (acc_* too); empty: every one; now {now}"
        self.pane.screen.ask(
            "channels", " channels", show, "", hint, None, ["*", *words, *(f"-{w}" for w in words)]
        )

    # Tracks

    def next_track(self, _: str) -> None:
        """The next label track is the active one."""
        names = self.pane.track_names
        self._activate(names[(names.index(self.pane.track_name) + 1) % len(names)])

    def _activate(self, name: str) -> None:
        store = self.pane.host.store
        if store.read_only:
            raise UserError("It is open for reading only: the active track stays.")
        activate_track(store, [self.pane.session], name, "label track")
        self.pane.pick(None)
        self.opener.read_labels()
        count = (
            "its labels are being read" if self.pane.labels_coming else plural(len(self.pane.track), "label")
        )
        self.pane.report(f"Track {printable(name)} is the active one ({count}).")

    def tracks(self, _: str) -> None:
        """Ask what to do with the tracks."""
        names, active = self.pane.track_names, self.pane.track_name

        def act(text: str) -> None:
            word, _, rest = text.strip().partition(" ")
            rest = rest.strip()
            if not word:
                return
            if word in names and not rest:
                self._activate(word)
                return
            said = track_edits.change(self.pane.host.store, self.pane.session, word, rest)
            self.pane.pick(None)
            self.pane.report(said, right=[("z undo ", "dim")])

        choices = [
            *(n for n in names if n != active),
            *("new ", f"rename {active}=", f"duplicate {active}=", *(f"delete {n}" for n in names)),
        ]
        shown = ", ".join(f"▸{printable(n)}" if n == active else printable(n) for n in names)
        hint = f"{shown}; a name, new, rename A=B, duplicate A=B, delete"
        self.pane.screen.ask("tracks", " tracks", act, "", hint, None, choices)

    # Comparing

    def compare(self, _: str) -> None:
        """Compare the active track with another one, or stop comparing."""
        if self.pane.compared:
            self.pane.compared = ""
            self.pane.report("No longer compared.")
            self.pane.paint(Paint.LABELS)
            return
        others = [n for n in self.pane.track_names if n != self.pane.track_name]
        if len(others) == 1:
            self._compare(others[0])
            return

        def check(name: str) -> str | None:
            return None if name in others else f"one of {', '.join(map(printable, others))}"

        shown = ", ".join(map(printable, others))
        self.pane.screen.ask(
            "compare", " compare with", self._compare, others[0], f"tab: {shown}", check, others
        )

    def _compare(self, name: str) -> None:
        self.pane.compared = name
        count = len(self._differences())
        what = plural(count, "difference") if count else "No difference"
        self.pane.report(
            f"{what} between {printable(self.pane.track_name)} and {printable(name)}; d goes to the next."
        )
        self.pane.paint(Paint.LABELS)

    def _differences(self) -> list[Difference]:
        if self.pane.compared not in self.pane.track_names or self.pane.compared == self.pane.track_name:
            return []
        return differences(
            self.pane.track, self.pane.host.project.track(self.pane.session_id, self.pane.compared)
        )

    def next_difference(self, key: str) -> None:
        """To the next difference."""
        if not self.pane.compared:
            self.compare(key)
            if not self.pane.compared:
                return
        found = self._differences()
        cursor = self.pane.view.cursor
        following = next((i for i, d in enumerate(found) if d.start > cursor), None)
        if following is None:
            earlier = f"; the first of {len(found)} is before" if found else ""
            self.pane.report(f"No difference after this one{earlier}.")
            return
        difference = found[following]
        self.pane.show_view(self.pane.view.at(difference.start))
        self.pane.report(f"{following + 1} of {len(found)}: {self._told(difference)}", "accent")

    def _told(self, difference: Difference) -> str:
        one, two = difference.first, difference.second
        here, there = printable(self.pane.track_name), printable(self.pane.compared)
        if one is None:
            assert two is not None
            return f"{printable(two.name)} only in {there}"
        if two is None:
            return f"{printable(one.name)} only in {here}"
        if difference.classes:
            return f"{printable(one.name)} in {here}, {printable(two.name)} in {there}"
        start, end = two.start - one.start, two.end - one.end
        return f"edges of {printable(one.name)} differ by {start:+.3f} s and {end:+.3f} s"

    COMMANDS: ClassVar[Commands] = {
        "viewer.lane_up": lane_up,
        "viewer.lane_down": lane_down,
        "viewer.overlay": overlay,
        "viewer.scale": scale,
        "viewer.channels": channels,
        "viewer.next_track": next_track,
        "viewer.tracks": tracks,
        "viewer.compare": compare,
        "viewer.next_difference": next_difference,
    }
