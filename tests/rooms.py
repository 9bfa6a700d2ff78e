"""The map of rooms and arrows in app/README.md, made of the source's imports.

python -m tests.rooms
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping

from tests.source import ROOT_ROOM, between, graph, inside, part_of, room_of, texts
from tests.where import SOURCE

README = SOURCE / "README.md"
MAP = re.compile(r"(<!-- rooms -->\n).*?(<!-- /rooms -->)", re.DOTALL)
LEFT_OUT = {ROOT_ROOM, "errors"}  # everybody imports them, they import nothing


def heights(rooms: Iterable[str], edges: set[tuple[str, str]]) -> dict[str, int]:
    """How far above the ground each room stands: one more than the highest that it imports.

    Raises:
        ValueError: rooms import each other in a circle.
    """
    found: dict[str, int] = {}
    left = set(rooms)
    while left:
        free = {room for room in left if not any(a == room and b in left for a, b in edges)}
        if not free:
            raise ValueError(f"a circle among {sorted(left)}")
        found |= {room: max((found[b] + 1 for a, b in edges if a == room), default=0) for room in free}
        left -= free
    return found


def picture(height: Mapping[str, int]) -> str:
    """The rooms floor by floor, the highest first."""
    floors = range(max(height.values()), -1, -1)
    return "\n".join("   ".join(sorted(room for room in height if height[room] == floor)) for floor in floors)


def purpose(sources: Mapping[str, str], *names: str) -> str:
    """The first line of a module's docstring."""
    text = ast.get_docstring(ast.parse(sources[".".join((ROOT_ROOM, *names))])) or ""
    return text.partition("\n")[0]


def room_map(sources: Mapping[str, str]) -> str:
    """The map in Markdown: floors, a table of rooms with their arrows, a table of the parts of rooms."""
    of = graph(sources)
    rooms = {room_of(module) for module in of} - LEFT_OUT
    edges = {(a, b) for a, b in between(of, room_of) if a in rooms and b in rooms}
    height = heights(rooms, edges)
    order = sorted(rooms, key=lambda room: (-height[room], room))
    rows = [
        f"| `{room}` | {purpose(sources, room)} | {_names(b for a, b in edges if a == room)} |"
        for room in order
    ]
    parts = [row for room in order for row in _parts(room, of, sources)]
    return "\n".join(
        (
            *("A room imports only rooms that stand on lower floors:", ""),
            *("```", picture(height), "```", ""),
            *("| room | what it is for | imports |", "|---|---|---|", *rows, ""),
            *("| part | what it is for | imports of its room |", "|---|---|---|", *parts),
        )
    )


def _parts(room: str, of: Mapping[str, set[str]], sources: Mapping[str, str]) -> list[str]:
    """The folders of a room as rows."""
    folders = {part_of(m) for m in of if room_of(m) == room and m.count(".") > 2}
    edges = between(inside(room, of), part_of)
    return [
        f"| `{room}/{part}` | {purpose(sources, room, part)} | {_names(b for a, b in edges if a == part)} |"
        for part in sorted(folders)
    ]


def _names(rooms: Iterable[str]) -> str:
    return ", ".join(f"`{room}`" for room in sorted(rooms))


def with_map(text: str) -> str:
    """The text with the map of the source as it is."""
    made = room_map(texts())
    return MAP.sub(lambda found: f"{found[1]}\n{made}\n\n{found[2]}", text)


def main() -> None:
    """Write the map."""
    README.write_text(with_map(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
