"""XML that is damaged, unsafe or something else is refused in a sentence."""

from __future__ import annotations

import pytest

from labelloop.errors import UserError
from labelloop.formats.improj.project_file import parse_improj
from tests.formats.projects import PROJECT

REFUSED = {
    "empty": (b"", "empty"),
    "blank": (b"\xef\xbb\xbf \n", "empty"),
    "no xml": (b"Time,x\n0,1\n", "line 1"),
    "cut off": (PROJECT[:2000], "well-formed"),
    "latin-1": (PROJECT.replace(b"down_01", b"down_\xfc1"), "UTF-8"),
    "utf-16": (PROJECT.decode().encode("utf-16"), "UTF-8"),
    "binary": (b"\x89HDF\r\n\x1a\n\x00\x00", "UTF-8"),
    "null": (PROJECT.replace(b"kept", b"ke\x00pt"), "line 6"),
    "undefined entity": (PROJECT.replace(b"kept", b"&kept;"), "line 6"),
    "document type": (b"<!DOCTYPE x>\n" + PROJECT[PROJECT.index(b"<Imag") :], "safety"),
    "entities": (
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><ImagimobStudio>&b;</ImagimobStudio>',
        "safety",
    ),
    "outside entity": (
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><ImagimobStudio>&a;</ImagimobStudio>',
        "safety",
    ),
    "other xml": (b"<svg />", "svg"),
    "a session file": (b'<ImagimobStudio version="0.9"><Timeline id="x" /></ImagimobStudio>', "session file"),
    "two roots": (b"<ImagimobStudio /><ImagimobStudio />", "well-formed"),
}


@pytest.mark.parametrize(("data", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_project_is_refused_in_a_sentence(data: bytes, why: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_improj(data, "x.improj")
    assert str(caught.value).startswith("x.improj")
    assert why in str(caught.value)
    assert str(caught.value).endswith(".")
