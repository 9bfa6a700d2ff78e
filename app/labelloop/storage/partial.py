"""Rows of a recording that can be used while another process still reads it."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path

from labelloop.contract.values import parsed
from labelloop.storage.cache import Entry
from labelloop.storage.layout import parse_layout
from labelloop.storage.own_files import open_own, read_own
from labelloop.storage.samples import SampleFile
from labelloop.storage.sink import Sink

_REPORT_S = 0.1


class Reporter:
    """Says in a small file how many rows of which temporary file are valid."""

    def __init__(self, path: Path, part: Path) -> None:
        self._path, self._part, self._last = path, part, 0.0

    def __call__(self, sink: Sink) -> None:
        """Tell how far the sink is, at most ten times a second."""
        now = time.monotonic()
        if now - self._last < _REPORT_S or sink.rows == sink.layout.rows:
            return
        self._last = now
        if not sink.layout.rate_hz:
            sink.layout = replace(sink.layout, rate_hz=sink.rate_so_far())
        state = {"file": self._part.name, "layout": sink.layout.valid(sink.rows).to_json()}
        temp = self._part.with_suffix(".progress")
        temp.write_text(json.dumps(state))
        os.replace(temp, self._path)


def partial_samples(entry: Entry) -> SampleFile | None:
    """The rows that a process has read so far which reads this recording now."""
    try:
        state = parsed(read_own(entry.progress))
        name = str(state["file"])
        layout = parse_layout(json.dumps(state["layout"]).encode())
        if layout is None or not name.startswith(entry.data.stem) or os.sep in name:
            return None
        return SampleFile(open_own(entry.folder / name), layout)
    except (OSError, ValueError, KeyError, TypeError):
        return None
