"""Numbers of changes are found in the notes on files, whatever else lies there."""

from __future__ import annotations

from pathlib import Path

from labelloop.storage.numbering import greatest_number


def test_the_greatest_of_all_notes(tmp_path: Path) -> None:
    assert greatest_number(tmp_path / "state") == 0
    texts = ['{"versions": [{"seq": 3}, {"seq": 12}]}', '{"versions": [{"seq": 5}]}']
    odd = ["", "{", "[]", '{"versions": 3}', '{"versions": [{"seq": "99"}]}', '{"versions": [3]}', "{}"]
    for number, text in enumerate([*texts, *odd]):
        folder = tmp_path / "state" / f"{number:02d}"
        folder.mkdir(parents=True)
        (folder / "0.json").write_text(text)
    assert greatest_number(tmp_path / "state") == 12
