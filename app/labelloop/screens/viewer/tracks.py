"""What the viewer shows of channels, tracks and other sessions."""

from __future__ import annotations

from labelloop.errors import UserError, printable
from labelloop.labeling.walk import Difference, differences
from labelloop.rendering.format import plural
from labelloop.screens.viewer.base import EVERYTHING, Part
from labelloop.screens.viewer.painting import ViewerPainting
from labelloop.screens.viewer.typed import channel_words, channels_named
from labelloop.services.labels import track_edits
from labelloop.services.sessions.marks import activate_track
from labelloop.widgets.lanes import ChannelLanes


class ViewerTracks(ViewerPainting):
    """Commands about lanes and tracks."""

    # Lanes

    def _scroll_lanes(self, way: int) -> None:
        capacity = self.query_one(ChannelLanes).capacity
        most = max(0, len(self.shown_channels()) - capacity)
        wanted = min(max(0, self.top_lane + way * max(1, capacity // 2)), most)
        if wanted == self.top_lane:
            self.say("No channel is further " + ("down." if way > 0 else "up."))
        else:
            self.top_lane = wanted
            self.paint(Part.VIEW)

    def do_viewer_lane_up(self, _: str) -> None:
        """Channels further up."""
        self._scroll_lanes(-1)

    def do_viewer_lane_down(self, _: str) -> None:
        """Channels further down."""
        self._scroll_lanes(1)

    def do_viewer_overlay(self, _: str) -> None:
        """All channels over each other, or a lane each."""
        view = self.host.view
        view.overlay = not view.overlay
        self.say("All channels in one lane." if view.overlay else "A lane for each channel.")
        self.paint(Part.VIEW)

    def do_viewer_scale(self, _: str) -> None:
        """One scale for all lanes, or each its own."""
        view = self.host.view
        view.shared_scale = not view.shared_scale
        self.say("One scale for all channels." if view.shared_scale else "Each channel has its own scale.")
        self.paint(Part.VIEW)

    def do_viewer_channels(self, _: str) -> None:
        """Ask which channels to show, in which order."""
        if self.signal is None:
            self.say("The recording is not read yet.", "warn")
            return
        names = list(self.signal.names)
        shown = [names[k] for k in self.shown_channels()]
        words = channel_words(names)

        def show(text: str) -> None:
            chosen = [names[k] for k in channels_named(text or "*", words, self.shown_channels())]
            if not chosen:
                raise UserError("At least one channel stays on the screen.")
            view = self.host.view
            hidden = [n for n in names if n not in chosen]
            view.hidden_channels = [n for n in view.hidden_channels if n not in names] + hidden
            view.channel_order = [n for n in view.channel_order if n not in names] + chosen
            self.top_lane = 0
            left_out = f", {len(hidden)} hidden" if hidden else ""
            self.say(f"{plural(len(chosen), 'channel')} shown{left_out}.")
            self.paint(EVERYTHING)

        now = " ".join(words[names.index(n)] for n in shown[:20])
        hint = f"-x hides, +x shows, or all in their order (acc_* too); empty: every one; now {now}"
        self.ask("channels", " channels", show, "", hint, None, ["*", *words, *(f"-{w}" for w in words)])

    # Tracks

    def do_viewer_next_track(self, _: str) -> None:
        """The next label track is the active one."""
        names = self.track_names
        self._activate(names[(names.index(self.track_name) + 1) % len(names)])

    def _activate(self, name: str) -> None:
        store = self.host.store
        if store.read_only:
            raise UserError("It is open for reading only: the active track stays.")
        activate_track(store, [self.session], name, "label track")
        self.pick(None)
        self.read_labels()
        count = "its labels are being read" if self.labels_coming else plural(len(self.track), "label")
        self.say(f"Track {printable(name)} is the active one ({count}).")

    def do_viewer_tracks(self, _: str) -> None:
        """Ask what to do with the tracks."""
        names, active = self.track_names, self.track_name

        def act(text: str) -> None:
            word, _, rest = text.strip().partition(" ")
            rest = rest.strip()
            if not word:
                return
            if word in names and not rest:
                self._activate(word)
                return
            said = track_edits.change(self.host.store, self.session, word, rest)
            self.pick(None)
            self.say(said, right=[("z undo ", "dim")])

        choices = [
            *(n for n in names if n != active),
            *("new ", f"rename {active}=", f"duplicate {active}=", *(f"delete {n}" for n in names)),
        ]
        shown = ", ".join(f"▸{printable(n)}" if n == active else printable(n) for n in names)
        hint = f"{shown}; a name, new, rename A=B, duplicate A=B, delete"
        self.ask("tracks", " tracks", act, "", hint, None, choices)

    # Comparing

    def do_viewer_compare(self, _: str) -> None:
        """Compare the active track with another one, or stop comparing."""
        if self.compared:
            self.compared = ""
            self.say("No longer compared.")
            self.paint(Part.LABELS)
            return
        others = [n for n in self.track_names if n != self.track_name]
        if len(others) == 1:
            self._compare(others[0])
            return

        def check(name: str) -> str | None:
            return None if name in others else f"one of {', '.join(map(printable, others))}"

        shown = ", ".join(map(printable, others))
        self.ask("compare", " compare with", self._compare, others[0], f"tab: {shown}", check, others)

    def _compare(self, name: str) -> None:
        self.compared = name
        count = len(self._differences())
        what = plural(count, "difference") if count else "No difference"
        self.say(f"{what} between {printable(self.track_name)} and {printable(name)}; d goes to the next.")
        self.paint(Part.LABELS)

    def _differences(self) -> list[Difference]:
        if self.compared not in self.track_names or self.compared == self.track_name:
            return []
        return differences(self.track, self.host.project.track(self.session_id, self.compared))

    def do_viewer_next_difference(self, key: str) -> None:
        """To the next difference."""
        if not self.compared:
            self.do_viewer_compare(key)
            if not self.compared:
                return
        found = self._differences()
        cursor = self.place.cursor
        following = next((i for i, d in enumerate(found) if d.start > cursor), None)
        if following is None:
            earlier = f"; the first of {len(found)} is before" if found else ""
            self.say(f"No difference after this one{earlier}.")
            return
        difference = found[following]
        self.show_view(self.place.at(difference.start))
        self.say(f"{following + 1} of {len(found)}: {self._told(difference)}", "accent")

    def _told(self, difference: Difference) -> str:
        one, two = difference.first, difference.second
        here, there = printable(self.track_name), printable(self.compared)
        if one is None:
            assert two is not None
            return f"{printable(two.name)} only in {there}"
        if two is None:
            return f"{printable(one.name)} only in {here}"
        if difference.classes:
            return f"{printable(one.name)} in {here}, {printable(two.name)} in {there}"
        start, end = two.start - one.start, two.end - one.end
        return f"edges of {printable(one.name)} differ by {start:+.3f} s and {end:+.3f} s"
