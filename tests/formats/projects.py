"""A small project file, and helpers that edit its state and compare lines."""

from __future__ import annotations

import difflib
from dataclasses import replace

from labelloop.project.project import ProjectState
from labelloop.project.session import Session

ZERO = "00000000-0000-0000-0000-000000000000"


def session_xml(number: int, labels: str = "<Labels />", custom: str = "<CustomColumnValues />") -> str:
    name = f"down_{number:02}"
    where = f"/Data/down/{name}"
    return f"""\
      <Session name="{name}" sessionId="id-{number}" originalSessionId="{ZERO}" ownerLocked="False" \
labelTrack="label" dataTrack="data" tags="LabelsMissing">
        <DataFile shape="[4]" samplerate="50.5" modified="5249982133989226809" start="-0.25" length="12.5">\
{where}/data.csv</DataFile>
        <SessionFile>{where}/{name}.imsession</SessionFile>
        <LabelFile modified="5249982133989123174">{where}/label.label</LabelFile>
        {labels}
        {custom}
      </Session>
"""


TWO_LABELS = """<Labels>
          <Label count="2" length="1.5">down</Label>
          <Label count="1" length="0.25">up</Label>
        </Labels>"""
NOTE = """<CustomColumnValues>
          <CustomColumnValue columnId="col-1">a &amp; b</CustomColumnValue>
        </CustomColumnValues>"""

PROJECT = f"""\ufeff<?xml version="1.0" encoding="UTF-8"?>
<ImagimobStudio version="1.1.0">
  <Job id="job" />
  <ProjectType>Classification</ProjectType>
  <Models>
    <Model name="m" id="1"><Weird attribute='x &gt; y'>kept</Weird></Model>
  </Models>
  <Database balance="LabelCount" redistributionScope="OnlyUnassigned">
    <SymbolMap>
      <Symbol name="(unlabelled)" id="0" weight="1" />
      <Symbol name="down" id="1" weight="1" />
      <Symbol name="up" id="2" weight="0.5" />
    </SymbolMap>
    <DataSet id="unassigned" targetSize="0" labels="Unassigned" />
    <DataSet id="train" targetSize="0.6" labels="Complete">
{session_xml(1, TWO_LABELS, NOTE)}{session_xml(2)}{session_xml(3)}    </DataSet>
    <DataSet id="validation" targetSize="0.2" labels="Complete">
{session_xml(4)}    </DataSet>
    <DataSet id="test" targetSize="0.2" labels="Complete" />
  </Database>
  <CustomColumns>
    <CustomColumn id="col-1" name="Notes" internalName="Notes" />
  </CustomColumns>
  <PredefinedLabels>
    <Label>down</Label>
  </PredefinedLabels>
</ImagimobStudio>""".encode()


def changed_lines(old: bytes, new: bytes) -> tuple[list[str], list[str]]:
    """The lines that went and the lines that came, without the space around them."""
    diff = list(difflib.ndiff(old.decode().split("\n"), new.decode().split("\n")))
    gone = [line[2:].strip() for line in diff if line.startswith("- ")]
    come = [line[2:].strip() for line in diff if line.startswith("+ ")]
    return gone, come


def edited(state: ProjectState, **changes: object) -> ProjectState:
    return replace(state, **changes)  # type: ignore[arg-type]


def with_session(state: ProjectState, session: Session) -> ProjectState:
    return replace(state, sessions={**state.sessions, session.id: session})


def moved(state: ProjectState, session_id: str, to: str, index: int = 0) -> ProjectState:
    members = {name: [s for s in ids if s != session_id] for name, ids in state.members.items()}
    members[to].insert(index, session_id)
    return replace(state, members=members)
