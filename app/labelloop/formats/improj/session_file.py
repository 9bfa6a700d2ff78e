"""Session files: the tracks of one recording."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from labelloop.errors import UserError, printable
from labelloop.formats.dotnet import to_text
from labelloop.formats.improj.new import DECLARATION
from labelloop.formats.improj.reading import number
from labelloop.formats.xml.patch import Entry, Patch
from labelloop.formats.xml.scanner import BOM, Element, Node, Style, attributes, content, decode_xml, scan

ROOT = "ImagimobStudio"
DATA_TYPES = {"csv": "datacsv", "data": "datacsv", "wav": "audiowav", "mp4": "videomp4", "jpg": "imagejpg"}


@dataclass(frozen=True, slots=True)
class TrackInfo:
    """One track of a session: its name, Studio's type, and its file as the session file writes it.

    ``prediction`` marks what a model wrote; ``timecoded`` is Studio's word for rows with begin and duration.
    """

    name: str
    type: str = "labelcsv"
    payload: str = ""
    offset_s: float = 0.0
    is_label: bool = True
    prediction: bool = False
    timecoded: str = ""

    @classmethod
    def label(cls, name: str, payload: str) -> TrackInfo:
        """A track of labels."""
        return cls(name, "labelcsv", payload)

    @classmethod
    def data(cls, name: str, payload: str) -> TrackInfo:
        """A track of signals, of the type that the file's ending tells."""
        ending = payload.rpartition(".")[2].lower()
        return cls(name, DATA_TYPES.get(ending, "datacsv"), payload, is_label=False)


def parse_imsession(data: bytes, where: str) -> SessionDocument:
    """The session file with this content; ``where`` names it in messages.

    Raises:
        UserError: it is no session file, or no safe and well-formed XML.
    """
    text = decode_xml(data, where)
    root = scan(text)
    if root.name != ROOT or root.first("Timeline") is None:
        raise UserError(f"{printable(where)} is no session file: it has no timeline.")
    return SessionDocument(text, root, data.startswith(BOM), where)


def _read_track(text: str, element: Element) -> TrackInfo:
    own = attributes(text, element)
    payload, kind = element.first("PayloadFile"), own.get("type", "")
    path = content(text, payload)
    flag = own.get("isLabelTrack", "").lower()
    timecoded = own.get("timecoded", "")
    marked = payload is not None and attributes(text, payload).get("TrackType") == "Prediction"
    return TrackInfo(
        name=own.get("name", ""),
        type=kind,
        payload=path,
        offset_s=number(content(text, element.first("Offset")) or "0"),
        is_label=flag == "true" if flag else kind.startswith("label"),
        prediction=marked or bool(timecoded) or "/Predictions/" in path.replace("\\", "/"),
        timecoded=timecoded,
    )


def _track_node(track: TrackInfo) -> Node:
    own = [("name", track.name), ("type", track.type)]
    if track.timecoded:
        own.append(("timecoded", track.timecoded))
    if track.is_label != track.type.startswith("label") or not track.is_label:
        own.append(("isLabelTrack", str(track.is_label)))
    parts = [Node("PayloadFile", (), track.payload)]
    if track.offset_s:
        parts.append(Node("Offset", [("unit", "seconds")], to_text(track.offset_s)))
    return Node("Track", own, children=parts)


class SessionDocument:
    """A session file as it stands. It never changes; each edit gives a new one."""

    def __init__(self, text: str, root: Element, bom: bool, where: str) -> None:
        self._text = text
        self._root = root
        self._bom = bom
        self._where = where
        timeline = root.first("Timeline")
        if timeline is None:
            raise UserError(f"{printable(where)} is no session file: it has no timeline.")
        self._timeline = timeline
        self._list = timeline.first("Tracks")
        self._elements = self._list.all("Track") if self._list else []
        self.tracks: tuple[TrackInfo, ...] = tuple(_read_track(text, e) for e in self._elements)

    @property
    def timeline_id(self) -> str:
        """The id that Studio gave the session."""
        return attributes(self._text, self._timeline).get("id", "")

    def track(self, name: str) -> TrackInfo | None:
        """The first track of that name."""
        return next((track for track in self.tracks if track.name == name), None)

    def _index(self, name: str) -> int:
        for i, track in enumerate(self.tracks):
            if track.name == name:
                return i
        raise UserError(f"{printable(self._where)} has no track {printable(name)}.")

    def _patch(self) -> Patch:
        return Patch(self._text, Style.of(self._text, self._root))

    def _patched(self, patch: Patch) -> SessionDocument:
        text = patch.apply()
        return SessionDocument(text, scan(text), self._bom, self._where)

    def with_track(self, track: TrackInfo) -> SessionDocument:
        """The document with one more track at the end.

        Raises:
            UserError: a track of that name exists.
        """
        if self.track(track.name):
            raise UserError(f"{printable(self._where)} has a track {printable(track.name)} already.")
        patch = self._patch()
        if self._list is None:
            patch.insert(self._timeline, [Node("Tracks", children=[_track_node(track)])], ("Tracks",))
            return self._patched(patch)
        known = [Entry(e, self._text[e.start : e.end]) for e in self._elements]
        new = Entry(None, patch.node(self._list, _track_node(track)))
        patch.entries(self._list, self._elements, [*known, new])
        return self._patched(patch)

    def without_track(self, name: str) -> SessionDocument:
        """The document without the first track of that name.

        Raises:
            UserError: there is none.
        """
        gone = self._elements[self._index(name)]
        kept = [Entry(e, self._text[e.start : e.end]) for e in self._elements if e is not gone]
        patch = self._patch()
        if self._list is not None:
            patch.entries(self._list, self._elements, kept)
        return self._patched(patch)

    def renamed(self, name: str, new_name: str, payload: str | None = None) -> SessionDocument:
        """The document with a track's name changed, and its file when ``payload`` is given.

        Raises:
            UserError: there is no such track, or the new name is taken.
        """
        index = self._index(name)
        if name != new_name and self.track(new_name):
            raise UserError(f"{printable(self._where)} has a track {printable(new_name)} already.")
        element, patch = self._elements[index], self._patch()
        if name != new_name:
            patch.attribute(element, "name", new_name)
        if payload is not None and payload != self.tracks[index].payload:
            file = element.first("PayloadFile")
            if file:
                patch.value(file, payload)
            else:
                patch.insert(element, [Node("PayloadFile", (), payload)], ("PayloadFile", "Offset"))
        return self._patched(patch)

    def render(self) -> bytes:
        """The file's bytes."""
        return (BOM if self._bom else b"") + self._text.encode("utf-8")


def new_imsession(timeline_id: str, tracks: Iterable[TrackInfo]) -> bytes:
    """A session file in Studio's form."""
    body = Node("Tracks", children=[_track_node(track) for track in tracks])
    timeline = Node("Timeline", [("id", timeline_id)], children=[body])
    root = Node(ROOT, [("version", "0.9")], children=[timeline])
    return BOM + (DECLARATION + root.render(Style(), "")).encode("utf-8")
