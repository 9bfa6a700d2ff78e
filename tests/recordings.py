"""Small recordings made from a seed, for tests that must not depend on recordings from elsewhere."""

from __future__ import annotations

import random
import struct
from pathlib import Path

SETS = {"train": 9, "validation": 3, "test": 4}
CLASSES = ("indoor", "outdoor")
_ZERO = "00000000-0000-0000-0000-000000000000"
_COLUMN = "5c0ffee5-0000-0000-0000-000000000001"
_HEADERS = (
    "Time(Seconds),Length(Seconds),Label(string),Confidence(double),Comment(string)\n",
    "Time(seconds), Length(seconds), Label(string), Confidence(double), Comment(string) \n",
    "#Time(Seconds),Length(Seconds),Label(string),Confidence(double),Comment(string)\r\n",
)
# How recorders write the same samples: header, separator of values, line end, first bytes.
CSV_DIALECTS = {
    "plain": ("Time (seconds),x,y", ",", "\n", b""),
    "remark": ("# Time (seconds),x,y", ",", "\n", b""),
    "spaced": ("#Time(Seconds), x, y", ", ", "\n", b""),
    "windows": ("Time,x,y", ",", "\r\n", b"\xef\xbb\xbf"),
}


def write_recordings(folder: Path, seed: int = 1) -> Path:
    """A project ``studio`` in Studio's form and the dialects' files below ``folder``; its project file."""
    chance = random.Random(seed)
    write_dialects(folder / "dialects", chance)
    return write_studio_project(folder / "studio", chance)


def write_dialects(folder: Path, chance: random.Random) -> None:
    """One recording of 60 samples at 20 Hz in every dialect, and one as audio."""
    folder.mkdir(parents=True)
    values = [(round(chance.uniform(-1, 1), 4), round(chance.uniform(-1, 1), 4)) for _ in range(60)]
    for name, (header, comma, end, first) in CSV_DIALECTS.items():
        rows = [header, *(comma.join(f"{v:g}" for v in (k / 20, *pair)) for k, pair in enumerate(values))]
        (folder / f"{name}.csv").write_bytes(first + (end.join(rows) + end).encode())
    samples = b"".join(struct.pack("<hh", *(round(v * 32767) for v in pair)) for pair in values)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, 20, 80, 4, 16)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(samples)) + samples
    (folder / "audio.wav").write_bytes(struct.pack("<4sI", b"RIFF", len(body)) + body)


def write_studio_project(folder: Path, chance: random.Random) -> Path:
    """Sessions of two classes with label files of several makes, and the project file; its path."""
    sets = []
    number = 0
    for name, count in SETS.items():
        sessions = ""
        for _ in range(count):
            sessions += _session(folder, chance, number)
            number += 1
        sets.append(f'    <DataSet id="{name}" targetSize="0" labels="Complete">\n{sessions}    </DataSet>\n')
    symbols = "".join(f'      <Symbol name="{c}" id="{k}" weight="1" />\n' for k, c in enumerate(CLASSES, 1))
    text = (
        '\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<ImagimobStudio version="1.1.0">\n  <Job id="job" />\n'
        "  <ProjectType>Classification</ProjectType>\n"
        '  <Database balance="AnnotatedLength" redistributionScope="Everything">\n'
        f"    <SymbolMap>\n{symbols}    </SymbolMap>\n"
        '    <DataSet id="unassigned" targetSize="0" labels="Unassigned" />\n'
        f"{''.join(sets)}  </Database>\n  <CustomColumns>\n"
        f'    <CustomColumn id="{_COLUMN}" name="Category 1" internalName="Category 1" />\n'
        "  </CustomColumns>\n</ImagimobStudio>"
    )
    file = folder / "Made.improj"
    file.write_bytes(text.encode())
    return file


def _session(folder: Path, chance: random.Random, number: int) -> str:
    """Write one session's files; what the project file says of it."""
    group = CLASSES[number % 2]
    name = f"{group}-{1591796649103 + number}"
    place = folder / "Data" / group / name
    place.mkdir(parents=True)
    rows = "".join(f"{k / 20:g},{chance.uniform(-1, 1):.4f}\n" for k in range(200))
    (place / "data.csv").write_text("Time (seconds),x\n" + rows)
    labels = [(round(3 * k + chance.random(), 3), round(chance.uniform(0.2, 1.5), 3)) for k in range(3)]
    header = _HEADERS[number % len(_HEADERS)]
    comma, end = (", " if ", " in header else ","), ("\r\n" if "\r" in header else "\n")
    lines = [comma.join((f"{a:.16g}", f"{b:.16g}", group, "0", "")) + end for a, b in labels]
    (place / "label.label").write_bytes((header + "".join(lines)).encode())
    (place / f"{name}.imsession").write_bytes(_session_file(number, "\r\n" if number % 2 else "\n"))
    where = f"/Data/{group}/{name}"
    total = sum(length for _, length in labels)
    return (
        f'      <Session name="{name}" sessionId="made-{number}" originalSessionId="{_ZERO}" '
        'ownerLocked="False" labelTrack="label" dataTrack="data" tags="None">\n'
        '        <DataFile shape="[1]" samplerate="20" modified="5249982133989226809" start="0" '
        f'length="9.95">{where}/data.csv</DataFile>\n'
        f"        <SessionFile>{where}/{name}.imsession</SessionFile>\n"
        f'        <LabelFile modified="5249982133989226809">{where}/label.label</LabelFile>\n'
        f'        <Labels>\n          <Label count="{len(labels)}" length="{total:.16g}">{group}</Label>\n'
        "        </Labels>\n        <CustomColumnValues>\n"
        f'          <CustomColumnValue columnId="{_COLUMN}">{group}</CustomColumnValue>\n'
        "        </CustomColumnValues>\n      </Session>\n"
    )


def _session_file(number: int, end: str) -> bytes:
    lines = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<ImagimobStudio version="0.9">',
        f'  <Timeline id="made-{number}">',
        "    <Tracks>",
        '      <Track name="data" type="datacsv" isLabelTrack="False">',
        "        <PayloadFile>data.csv</PayloadFile>",
        "      </Track>",
        '      <Track name="label" type="labelcsv">',
        "        <PayloadFile>label.label</PayloadFile>",
        "      </Track>",
        "    </Tracks>",
        "  </Timeline>",
        "</ImagimobStudio>",
    )
    return ("\ufeff" + end.join(lines)).encode()
