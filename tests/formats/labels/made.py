"""Made-up labels that any format can hold, and short ways to read a text."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from labelloop.errors import UserError
from labelloop.formats.labels.session_labels import SessionLabels
from labelloop.formats.registry import by_name
from labelloop.project.labels import Label

_plain = st.characters(exclude_categories=["C", "Zl", "Zp"])
_names = st.text(_plain, min_size=1, max_size=8).map(str.strip).filter(bool)
_labels = st.builds(
    lambda start, length, name, confidence, comment: Label(start, length, name, confidence, comment),
    st.floats(0, 1e6).map(lambda x: round(x, 6)),
    st.floats(0, 100).map(lambda x: round(x, 6)),
    _names,
    st.sampled_from([0.0, 0.25, 1.0]),
    st.text(_plain, max_size=6),
)
tracks = st.lists(_labels, max_size=8).map(lambda found: sorted(found, key=Label.key))
any_bytes = st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace"))


def rows(found: Sequence[Label]) -> list[tuple[str, str, str]]:
    """What every format keeps of labels, to the microsecond."""
    return sorted((f"{x.start:.6f}", f"{x.end:.6f}", x.name) for x in found)


def there_and_back(name: str, found: Sequence[Label]) -> SessionLabels:
    """One session's labels, written in a format and read again."""
    label_format = by_name(name)
    part = SessionLabels("down/down_01", tuple(found), "label", 0.0, 1e6)
    (back,) = label_format.read(label_format.write([part]), "file")
    return back


def labels_of(name: str, text: str) -> tuple[Label, ...]:
    """The labels of a text that holds one session's."""
    (part,) = by_name(name).read(text.encode(), "f")
    return part.labels


def refusal(name: str, text: str) -> str:
    """The sentence that refuses a text."""
    try:
        by_name(name).read(text.encode(), "f")
    except UserError as error:
        said = str(error)
        assert said.isprintable()
        return said
    raise AssertionError(f"{text[:60]!r} was read")
