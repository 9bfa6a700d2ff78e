"""The verb convert."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.support import Call


def test_recordings_are_written_below_a_folder(call: Call, tmp_path: Path) -> None:
    source = tmp_path / "a.tsv"
    source.write_text("t\tx\n" + "".join(f"{n / 50}\t{n % 7}\n" for n in range(60)))
    ran = call("convert", source, tmp_path / "out", "--json")
    assert (ran.code, ran.json["written"][0]["rows"]) == (0, 60)
    ran = call("convert", source, tmp_path / "other")
    assert ran.out.strip() == str(tmp_path / "other" / "a" / "data.csv")
    assert "Understood a.tsv: tabs" in ran.err
    assert call("convert", tmp_path / "gone.csv", tmp_path / "out2").code == 1
