"""All sessions' labels as JSON, with all that is known of each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NotRequired, TypedDict

from labelloop.contract.values import parsed
from labelloop.errors import UserError, printable
from labelloop.formats.labels.plain import fail, label_of, number, text_of
from labelloop.formats.labels.session_labels import SessionLabels
from labelloop.project.labels import Label

_SHAPE = 'an object with "sessions", each with "session" and "labels"'


_LabelValue = TypedDict(
    "_LabelValue",
    {
        "start": float,
        "end": float,
        "class": str,
        "confidence": float,
        "comment": str,
        "confirmed": bool,
        "origin": NotRequired[str],
    },
)


class _SessionValue(TypedDict):
    session: str
    track: str
    start: float
    end: float
    labels: list[_LabelValue]


def read(data: bytes, where: str) -> list[SessionLabels]:
    """The labels of each session that the file names; whether they are confirmed is not taken over.

    Raises:
        UserError: it is no JSON of that shape, or a label can't be one.
    """
    text = text_of(data, where)
    try:
        whole = parsed(text)
    except json.JSONDecodeError as error:
        fail(where, error.lineno, f"this is no JSON ({error.msg})")
    except (RecursionError, ValueError):
        raise UserError(f"{printable(where)} is no JSON of labels: it is nested too deep.") from None
    sessions = whole.get("sessions") if isinstance(whole, dict) else None
    if not isinstance(sessions, list):
        raise UserError(f"{printable(where)} is no JSON of labels: {_SHAPE} is needed.")
    return [_session(value, f"{where}, session {at}") for at, value in enumerate(sessions, 1)]


def _session(value: object, where: str) -> SessionLabels:
    name = value.get("session") if isinstance(value, dict) else None
    labels = value.get("labels") if isinstance(value, dict) else None
    if not isinstance(name, str) or not isinstance(labels, list):
        raise UserError(f"{printable(where)}: {_SHAPE} is needed.")
    return SessionLabels(name, tuple(_label(x, f"{where}, label {at}") for at, x in enumerate(labels, 1)))


def _label(value: object, where: str) -> Label:
    if not isinstance(value, dict) or not isinstance(value.get("class"), str):
        raise UserError(f'{printable(where)}: a label needs "start", "end" and "class".')
    start, end, sure = (
        number(str(value.get(key, usual)), where, 1, key)
        for key, usual in (("start", ""), ("end", ""), ("confidence", 1.0))
    )
    comment = str(value.get("comment") or "")
    return label_of(start, end, value["class"], where, 1, confidence=sure, comment=comment)


def write(sessions: Sequence[SessionLabels]) -> bytes:
    """The file of all sessions, a line a label."""
    whole = {"sessions": [_session_value(session) for session in sessions]}
    return (json.dumps(whole, indent=1, ensure_ascii=True) + "\n").encode()


def _session_value(session: SessionLabels) -> _SessionValue:
    return {
        "session": session.session,
        "track": session.track,
        "start": session.start,
        "end": session.end,
        "labels": [*map(_value, session.labels)],
    }


def _value(x: Label) -> _LabelValue:
    value: _LabelValue = {
        "start": round(x.start, 9),
        "end": round(x.end, 9),
        "class": x.name,
        "confidence": x.confidence,
        "comment": x.comment,
        "confirmed": x.confirmed,
    }
    if x.origin:
        value["origin"] = x.origin
    return value
