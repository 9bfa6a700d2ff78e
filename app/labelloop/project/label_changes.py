"""Changes of labels and of the tracks that hold them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from labelloop.errors import Refused, printable
from labelloop.project.changes import Touched, count_of, labels_doc, session_doc, session_name
from labelloop.project.labels import Label, problem_of
from labelloop.project.project import Project
from labelloop.project.session import TrackRef


@dataclass(frozen=True, slots=True)
class EditLabels:
    """Take labels out of a track and put others in."""

    kind: ClassVar[str] = "labels"
    session: str
    track: str
    removed: tuple[Label, ...] = ()
    added: tuple[Label, ...] = ()

    def check(self, project: Project) -> None:
        """Each removed label is there, each added one is sound."""
        track = project.track(self.session, self.track)
        for label, times in Counter(self.removed).items():
            if track.count(label) < times:
                where = f"{label.name} at {label.start:g} s in {session_name(project, self.session)}"
                raise Refused(f"The label {printable(where)} is not there any more; nothing was changed.")
        for label in self.added:
            if why := problem_of(label):
                raise Refused(f"The label can't be made: {why}.")

    def apply(self, project: Project) -> None:
        """Remove, then add."""
        project.track(self.session, self.track).change(self.removed, self.added)

    def inverse(self) -> EditLabels:
        """Added and removed change places."""
        return EditLabels(self.session, self.track, self.added, self.removed)

    def touched(self) -> Touched:
        """One track of one session."""
        return Touched(frozenset({labels_doc(self.session, self.track)}), frozenset({self.session}))

    def describe(self, project: Project) -> str:
        """What became of which labels."""
        where = f" in {session_name(project, self.session)}"
        if len(self.added) == 1 and len(self.removed) <= 1:
            label = self.added[0]
            what = f"{printable(label.name)} {label.start:.2f}–{label.end:.2f} s"
            return ("changed " if self.removed else "labelled ") + what + where
        if len(self.removed) == 1 and not self.added:
            label = self.removed[0]
            return f"deleted {printable(label.name)} {label.start:.2f}–{label.end:.2f} s" + where
        return f"{count_of(len(self.added), 'label')} added, {len(self.removed)} removed" + where


@dataclass(frozen=True, slots=True)
class AttachTrack:
    """Name a track in a session file, or take its name out; the track's own file is left alone."""

    kind: ClassVar[str] = "track"
    session: str
    ref: TrackRef
    attached: bool = True

    def check(self, project: Project) -> None:
        """A track to attach is new, one to detach is there and not the active one."""
        session = project.session(self.session)
        present = self.ref.name in {ref.name for ref in project.tracks_of(self.session)}
        name, where = printable(self.ref.name), session_name(project, self.session)
        if self.attached and not session.session_file:
            raise Refused(f"{where} has no session file, so it can't get another track.")
        if self.attached and present:
            raise Refused(f"{where} has a track '{name}' already; choose another name.")
        if not self.attached and not present:
            raise Refused(f"{where} has no track '{name}' any more.")
        if not self.attached and self.ref.name == session.label_track:
            raise Refused(f"'{name}' is the active label track of {where}: make another one active first.")

    def apply(self, project: Project) -> None:
        """Change the session's list of tracks."""
        refs = tuple(ref for ref in project.tracks_of(self.session) if ref.name != self.ref.name)
        project.set_refs(self.session, (*refs, self.ref) if self.attached else refs)
        if self.attached:
            project.bring_back_track(self.session, self.ref.name, self.ref.file)
        else:
            project.put_track_away(self.session, self.ref.name, self.ref.file)

    def inverse(self) -> AttachTrack:
        """The opposite."""
        return AttachTrack(self.session, self.ref, not self.attached)

    def touched(self) -> Touched:
        """The session file and the track's label file."""
        docs = {session_doc(self.session)}
        if self.ref.is_label:
            docs.add(labels_doc(self.session, self.ref.name))
        return Touched(frozenset(docs), frozenset({self.session}))

    def describe(self, project: Project) -> str:
        """Which track of which session."""
        verb = "added to" if self.attached else "taken from"
        return f"track {printable(self.ref.name)} {verb} {session_name(project, self.session)}"
