"""The project file of DEEPCRAFT Studio: read, and written back with only what changed."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from labelloop.errors import UserError, printable
from labelloop.formats.dotnet import from_dotnet, to_dotnet, to_text
from labelloop.formats.improj.factory import change_factory, factory_node, read_factory, read_windows
from labelloop.formats.improj.lists import (
    Renaming,
    change_columns,
    change_predefined,
    change_symbols,
    read_columns,
    same_classes,
    symbols_to_write,
)
from labelloop.formats.improj.model_list import PLACEHOLDER, change_models, models_text, read_models
from labelloop.formats.improj.new import new_improj
from labelloop.formats.improj.reading import QUICK, number, read_sessions, read_symbols, with_unlisted
from labelloop.formats.improj.writing import column_node, session_node, session_text, set_node, symbol_node
from labelloop.formats.xml.patch import Entry, Patch, leads
from labelloop.formats.xml.scanner import BOM, Element, Node, Style, attributes, content, decode_xml, scan
from labelloop.project.classes import ClassDef
from labelloop.project.entries import ModelEntry
from labelloop.project.project import CustomColumn, ProjectState
from labelloop.project.session import Session
from labelloop.project.sets import DEFAULT_SETS, UNASSIGNED, DataSet

__all__ = ["ImprojDocument", "from_dotnet", "new_improj", "parse_improj", "to_dotnet", "to_text"]

ROOT = "ImagimobStudio"
ROOT_ORDER = (
    "Job",
    "ProjectType",
    "ProjectId",
    "UnitLibrary",
    "Preprocessor",
    "ModelFactory",
    "Models",
    "Database",
    "CustomColumns",
    "PredefinedLabels",
)
DATABASE_ORDER = ("SymbolMap", "DataSet")
BALANCE, SCOPE = "AnnotatedLength", "Everything"


def parse_improj(data: bytes, where: str) -> ImprojDocument:
    """The project file with this content; ``where`` names it in messages.

    Raises:
        UserError: it is no project file, or no safe and well-formed XML.
    """
    text = decode_xml(data, where)
    root = scan(text, 0, QUICK)
    if root.name != ROOT or root.first("Timeline"):
        kind = "a session file" if root.first("Timeline") else f"XML of another kind ({printable(root.name)})"
        raise UserError(f"{printable(where)} is no Studio project file: it is {kind}.")
    return ImprojDocument(text, root, data.startswith(BOM))


class ImprojDocument:
    """A project file as it was read. It never changes; ``render`` gives the file for another state."""

    def __init__(self, text: str, root: Element, bom: bool) -> None:
        self._text = text
        self._root = root
        self._bom = bom
        self._style = Style.of(text, root)
        self._database = root.first("Database")
        self._sets = self._database.all("DataSet") if self._database else []
        found = [(e, s) for e in self._sets for s in _sessions_in(e)]
        self.data_folder, sessions, self.warnings = read_sessions(text, [s for _, s in found])
        self._sessions = {session.id: session for session in sessions}
        self._elements = {v.id: element for v, (_, element) in zip(sessions, found, strict=True)}
        self._called = found[0][1].name if found else "Session"
        self._set_ids = [attributes(text, element).get("id", "") for element in self._sets]
        self._members: dict[str, list[str]] = {set_id: [] for set_id in self._set_ids}
        names = {id(e): set_id for e, set_id in zip(self._sets, self._set_ids, strict=True)}
        for session, (element, _) in zip(sessions, found, strict=True):
            self._members[names[id(element)]].append(session.id)

    @cached_property
    def project_type(self) -> str:
        """Classification, Regression, ...; empty in old files."""
        return content(self._text, self._root.first("ProjectType"))

    @cached_property
    def _own(self) -> tuple[str, str]:
        own = attributes(self._text, self._database) if self._database else {}
        return own.get("balance", BALANCE), own.get("redistributionScope", SCOPE)

    @cached_property
    def _data_sets(self) -> tuple[DataSet, ...]:
        found: dict[str, DataSet] = {}
        for element, set_id in zip(self._sets, self._set_ids, strict=True):
            target = number(attributes(self._text, element).get("targetSize", "0"))
            found.setdefault(set_id, DataSet(set_id, target))
        for usual in DEFAULT_SETS:
            found.setdefault(usual.id, DataSet(usual.id) if self._sets else usual)
        return tuple(found.values())

    @cached_property
    def _symbol_map(self) -> Element | None:
        return self._database.first("SymbolMap") if self._database else None

    def _unlisted(self, sessions: dict[str, Session], predefined: list[str]) -> list[str]:
        """Names of classes that something but the SymbolMap names."""
        _, hidden = read_symbols(self._text, self._symbol_map)
        named = {total.name for session in sessions.values() for total in session.totals}
        return [name for name in [*predefined, *sorted(named)] if name not in hidden]

    @cached_property
    def _predefined(self) -> list[str]:
        element = self._root.first("PredefinedLabels")
        return [content(self._text, label) for label in element.all("Label")] if element else []

    @cached_property
    def _classes(self) -> tuple[ClassDef, ...]:
        rows, _ = read_symbols(self._text, self._symbol_map)
        return with_unlisted([row.value for row in rows], self._unlisted(self._sessions, self._predefined))

    @cached_property
    def _columns(self) -> tuple[CustomColumn, ...]:
        return tuple(c for _, c in read_columns(self._text, self._root.first("CustomColumns")))

    @cached_property
    def _models(self) -> tuple[ModelEntry, ...]:
        return read_models(self._text, self._root.first("Models"))

    @cached_property
    def _factory(self) -> tuple[tuple[str, str], ...]:
        return read_factory(self._text, self._root.first("ModelFactory"))

    def state(self) -> ProjectState:
        """What the file says, as values of the project; each call gives a state of its own."""
        balance, scope = self._own
        return ProjectState(
            sessions=dict(self._sessions),
            members={set_id: list(ids) for set_id, ids in self._members.items()},
            sets=self._data_sets,
            classes=self._classes,
            columns=self._columns,
            balance=balance,
            scope=scope,
            models=self._models,
            factory=self._factory,
            studio_windows=read_windows(self._text, self._root.first("Preprocessor")),
        )

    def render(self, state: ProjectState) -> bytes:
        """The file for ``state``: as it was read where nothing differs."""
        patch = Patch(self._text, self._style)
        for_root: list[Node] = []
        for_database: list[Node] = []
        self._render_classes(patch, state, for_root, for_database)
        self._render_sets(patch, state, for_database)
        self._render_database(patch, state, for_root, for_database)
        if state.columns != self._columns:
            columns = self._root.first("CustomColumns")
            if columns:
                change_columns(patch, columns, state.columns)
            else:
                for_root.append(Node("CustomColumns", children=[column_node(c) for c in state.columns]))
        if state.models != self._models:
            self._render_models(patch, state, for_root)
        if state.factory != self._factory:
            factory = self._root.first("ModelFactory")
            if factory:
                change_factory(patch, factory, state.factory)
            else:
                for_root.append(factory_node(state.factory))
        patch.insert(self._root, for_root, ROOT_ORDER)
        text = patch.apply()
        if state.models != self._models:
            text = text.replace(PLACEHOLDER, models_text(state.models, self._style), 1)
        return (BOM if self._bom else b"") + text.encode("utf-8")

    def _render_models(self, patch: Patch, state: ProjectState, for_root: list[Node]) -> None:
        models = self._root.first("Models")
        if models:
            change_models(patch, models, state.models)
        else:
            for_root.append(Node("Models", text=PLACEHOLDER))

    def _render_database(
        self, patch: Patch, state: ProjectState, for_root: list[Node], for_database: list[Node]
    ) -> None:
        balance, scope = self._own
        if self._database:
            if state.balance != balance:
                patch.attribute(self._database, "balance", state.balance)
            if state.scope != scope:
                patch.attribute(self._database, "redistributionScope", state.scope)
            patch.insert(self._database, for_database, DATABASE_ORDER)
        elif for_database or (state.balance, state.scope) != (balance, scope):
            own = [("balance", state.balance), ("redistributionScope", state.scope)]
            for_root.append(Node("Database", own, children=for_database))

    def _render_classes(
        self, patch: Patch, state: ProjectState, for_root: list[Node], for_database: list[Node]
    ) -> None:
        if same_classes(self._classes, state.classes):
            return
        names = Renaming.between(self._classes, state.classes)
        predefined = self._root.first("PredefinedLabels")
        if predefined:
            change_predefined(patch, predefined, names)
        elif names.added:
            for_root.append(Node("PredefinedLabels", children=[Node("Label", (), n) for n in names.added]))
        kept = [names.renamed.get(n, n) for n in self._predefined if n not in names.gone]
        rows, _ = read_symbols(self._text, self._symbol_map)
        unlisted = self._unlisted(state.sessions, kept + names.added)
        wanted = symbols_to_write(rows, self._classes, state.classes, unlisted)
        if self._symbol_map:
            change_symbols(patch, self._symbol_map, rows, wanted, names)
        elif wanted:
            for_database.append(Node("SymbolMap", children=[symbol_node(value) for value in wanted]))

    def _session_text(self, session: Session) -> str:
        """The session's element with what changed in it, or as a new one."""
        element, old = self._elements[session.id], self._sessions[session.id]
        if session is old or session == old:
            return self._text[element.start : element.end]
        return session_text(self._text, self._style, element, old, session)

    def _render_sets(self, patch: Patch, state: ProjectState, for_database: list[Node]) -> None:
        members = dict(state.members)
        placed = {session_id for ids in members.values() for session_id in ids}
        stray = [session_id for session_id in state.sessions if session_id not in placed]
        if stray:
            members[UNASSIGNED] = [*members.get(UNASSIGNED, []), *stray]
        self._render_targets(patch, state)
        if _filled(members) != _filled(self._members):
            self._render_moved(patch, state, members)
        else:
            for session in state.sessions.values():
                element = self._elements[session.id]
                patch.replace(element.start, element.end, self._session_text(session))
        self._add_sets(state, members, for_database)

    def _add_sets(self, state: ProjectState, members: dict[str, list[str]], for_database: list[Node]) -> None:
        """Write the sets that the file lacks, all of them when one of them holds something."""
        missing = [data_set for data_set in state.sets if data_set.id not in self._set_ids]
        known = {*self._set_ids, *(data_set.id for data_set in missing)}
        missing += [DataSet(set_id) for set_id in _filled(members) if set_id not in known]
        if any(members.get(s.id) or s not in self._data_sets for s in missing):
            for data_set in missing:
                sessions = [state.sessions[i] for i in members.get(data_set.id, [])]
                for_database.append(set_node(data_set, sessions))

    def _render_targets(self, patch: Patch, state: ProjectState) -> None:
        before = {data_set.id: data_set.target for data_set in self._data_sets}
        after = {data_set.id: data_set.target for data_set in state.sets}
        for element, set_id in zip(self._sets, self._set_ids, strict=True):
            if set_id in after and after[set_id] != before[set_id]:
                patch.attribute(element, "targetSize", to_text(after[set_id]))

    def _render_moved(self, patch: Patch, state: ProjectState, members: dict[str, list[str]]) -> None:
        lead_of: dict[int, str] = {}
        for element in self._sets:
            known = _sessions_in(element)
            before, _ = leads(self._text, element, known)
            lead_of.update((id(child), lead) for child, lead in zip(known, before, strict=True))
        kept = {id(self._elements[i]) for ids in members.values() for i in ids if i in self._elements}
        left = dict(members)
        for element, set_id in zip(self._sets, self._set_ids, strict=True):
            wanted = []
            for session in (state.sessions[i] for i in left.pop(set_id, [])):
                origin = self._elements.get(session.id)
                if origin is None:
                    node = replace(session_node(session), name=self._called)
                    wanted.append(Entry(None, patch.node(element, node)))
                else:
                    wanted.append(Entry(origin, self._session_text(session), lead_of[id(origin)]))
            patch.entries(element, _sessions_in(element), wanted, kept)


def _sessions_in(data_set: Element) -> list[Element]:
    """The sessions of a set; old versions of Studio call them segments."""
    return [child for child in data_set.children if child.name in ("Session", "Segment")]


def _filled(members: dict[str, list[str]]) -> dict[str, list[str]]:
    return {set_id: ids for set_id, ids in members.items() if ids}
