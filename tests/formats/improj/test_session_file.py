"""Session files: tracks are read, added, renamed and taken out without touching the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.errors import UserError
from labelloop.formats.improj.session_file import TrackInfo, new_imsession, parse_imsession

STUDIO = """\ufeff<?xml version="1.0" encoding="UTF-8"?>
<ImagimobStudio version="0.9">
  <Timeline id="6e6692de-f888-4f6e-823f-0bf91c186cea">
    <Tracks>
      <Track name="data" type="datacsv" isLabelTrack="False">
        <PayloadFile>data.csv</PayloadFile>
        <Shape>
          <Axis name="Channel" size="1">
            <Label index="0">x</Label>
          </Axis>
        </Shape>
      </Track>
      <Track name="label" type="labelcsv">
        <PayloadFile>label.label</PayloadFile>
      </Track>
      <Track name="m" type="datacsv" timecoded="TimestampBeginDuration" isLabelTrack="False">
        <PayloadFile>..\\..\\Models\\m\\Predictions\\s\\m.data</PayloadFile>
        <Offset unit="seconds">5.2193690000E-001</Offset>
      </Track>
    </Tracks>
  </Timeline>
</ImagimobStudio>""".encode()

CLOUD = b"""<?xml version='1.0' encoding='utf-8'?>
<ImagimobStudio>
  <Timeline id='t'>
    <Tracks>
      <Track name='pre' type='datacsv'>
        <PayloadFile TrackType='Prediction'>pre.data</PayloadFile>
        <Offset unit='seconds'>5</Offset>
      </Track>
    </Tracks>
  </Timeline>
</ImagimobStudio>
"""

FILES = {
    "studio": STUDIO,
    "cloud": CLOUD,
    "carriage returns": STUDIO.replace(b"\n", b"\r\n"),
    "one line": b"".join(line.strip() for line in STUDIO.splitlines()),
    "no tracks": b"<ImagimobStudio>\n  <Timeline id='t' />\n</ImagimobStudio>",
    "empty tracks": b"<ImagimobStudio><Timeline><Tracks /></Timeline></ImagimobStudio>",
    "open empty tracks": (
        b"<ImagimobStudio>\n <Timeline>\n  <Tracks>\n  </Tracks>\n </Timeline>\n</ImagimobStudio>"
    ),
    "comments": STUDIO.replace(
        b'      <Track name="label"', b'      <!-- <Track> -->\n      <Track name="label"'
    ),
}


def test_what_a_session_file_says() -> None:
    document = parse_imsession(STUDIO, "x")
    assert document.timeline_id == "6e6692de-f888-4f6e-823f-0bf91c186cea"
    data, label, model = document.tracks
    assert data == TrackInfo("data", "datacsv", "data.csv", is_label=False)
    assert label == TrackInfo("label", "labelcsv", "label.label", is_label=True)
    assert model.payload == r"..\..\Models\m\Predictions\s\m.data"
    assert (model.offset_s, model.prediction, model.is_label) == (0.5219369, True, False)
    (cloud,) = parse_imsession(CLOUD, "x").tracks
    assert (cloud.name, cloud.prediction, cloud.is_label, cloud.offset_s) == ("pre", True, False, 5.0)
    assert document.track("label") is label
    assert document.track("nothing") is None


@pytest.mark.parametrize("data", FILES.values(), ids=FILES.keys())
def test_unchanged_is_identical(data: bytes) -> None:
    assert parse_imsession(data, "x").render() == data


@pytest.mark.parametrize("data", FILES.values(), ids=FILES.keys())
def test_a_track_is_added_renamed_and_taken_out(data: bytes) -> None:
    document = parse_imsession(data, "x")
    track = TrackInfo.label("Live & Labeling", "Live-Labeling.label")
    more = document.with_track(track)
    assert more.tracks == (*document.tracks, track)
    assert parse_imsession(more.render(), "x").tracks == more.tracks
    renamed = more.renamed("Live & Labeling", "other", "other.label")
    assert renamed.track("other") == TrackInfo.label("other", "other.label")
    assert renamed.renamed("other", "Live & Labeling", "Live-Labeling.label").render() == more.render()
    gone = more.without_track("Live & Labeling")
    assert gone.tracks == document.tracks
    if document.tracks:
        assert gone.render() == data
    assert document.render() == data


def test_a_new_track_looks_like_studios() -> None:
    text = parse_imsession(STUDIO, "x").with_track(TrackInfo.label("label2", "label2.label")).render()
    new = (
        b'      <Track name="label2" type="labelcsv">\n'
        b"        <PayloadFile>label2.label</PayloadFile>\n"
        b"      </Track>\n"
    )
    assert text == STUDIO.replace(b"    </Tracks>", new + b"    </Tracks>")


def test_a_new_file_looks_like_studios() -> None:
    tracks = [
        TrackInfo.data("data", "data.csv"),
        TrackInfo.label("label", "label.label"),
        TrackInfo("m", "datacsv", "m.data", 0.5, False, True, "TimestampBeginDuration"),
        TrackInfo.data("Microphone", "data.wav"),
    ]
    data = new_imsession("the-id", tracks)
    document = parse_imsession(data, "x")
    assert document.timeline_id == "the-id"
    assert document.tracks == tuple(tracks)
    assert document.track("Microphone").type == "audiowav"  # type: ignore[union-attr]
    assert data.startswith(STUDIO[:70].split(b"<Timeline")[0])
    assert data.endswith(b"\n</ImagimobStudio>")
    assert b'      <Track name="data" type="datacsv" isLabelTrack="False">\n' in data


def test_names_that_are_taken_or_missing_are_refused() -> None:
    document = parse_imsession(STUDIO, "x.imsession")
    with pytest.raises(UserError, match=r"x\.imsession has a track label already"):
        document.with_track(TrackInfo.label("label", "a.label"))
    with pytest.raises(UserError, match=r"x\.imsession has no track nothing"):
        document.without_track("nothing")
    with pytest.raises(UserError, match=r"x\.imsession has no track nothing"):
        document.renamed("nothing", "x")
    with pytest.raises(UserError, match=r"x\.imsession has a track data already"):
        document.renamed("label", "data")


REFUSED = {
    "empty": b"",
    "not xml": b"0,1,2",
    "cut off": STUDIO[:300],
    "a project": b'<ImagimobStudio version="1.1.0"><Database /></ImagimobStudio>',
    "other xml": b"<svg><Timeline /></svg>",
    "entities": b'<!DOCTYPE x [<!ENTITY a "b">]><ImagimobStudio><Timeline /></ImagimobStudio>',
    "latin-1": STUDIO.replace(b"label2", b"\xfc").replace(b"data.csv", b"\xfc.csv"),
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_session_file_is_refused(data: bytes) -> None:
    with pytest.raises(UserError, match=r"^x\.imsession.*\.$"):
        parse_imsession(data, "x.imsession")


@given(st.binary(max_size=5), st.integers(0, len(STUDIO)), st.integers(0, 8))
def test_damaged_files_are_read_or_refused(damage: bytes, at: int, cut: int) -> None:
    data = STUDIO[:at] + damage + STUDIO[at + cut :]
    try:
        document = parse_imsession(data, "x")
    except UserError as error:
        told = str(error)
    else:
        told = ""
    assert told.isprintable()
    if told:
        return
    assert document.render() == data
    assert len(document.with_track(TrackInfo.label("zzz", "z.label")).tracks) == len(document.tracks) + 1


tracks = st.builds(
    TrackInfo,
    name=st.text(st.characters(codec="utf-8"), min_size=1, max_size=5).filter(lambda t: "_x" not in t),
    type=st.sampled_from(["labelcsv", "datacsv", "audiowav", "labelxml"]),
    payload=st.text(st.characters(codec="utf-8"), max_size=5).filter(lambda t: "_x" not in t),
    offset_s=st.floats(-1e6, 1e6),
    is_label=st.booleans(),
)


@given(st.lists(tracks, max_size=4, unique_by=lambda t: t.name))
def test_what_is_written_reads_back(found: list[TrackInfo]) -> None:
    assert parse_imsession(new_imsession("id", found), "x").tracks == tuple(found)
    document = parse_imsession(CLOUD, "x")
    for track in found:
        if document.track(track.name) is None:
            document = document.with_track(track)
    assert set(found) <= {*document.tracks, *(t for t in found if t.name == "pre")}
    for track in found:
        if track.name != "pre":
            document = document.without_track(track.name)
    assert document.render() == CLOUD
