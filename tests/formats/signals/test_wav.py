"""The header of an audio file is read, and what it claims is checked."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.errors import UserError
from labelloop.formats.signals.wav import WavHead, read_wav_head


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def form(
    code: int = 1, channels: int = 2, rate: int = 8000, bits: int = 16, block: int | None = None
) -> bytes:
    size = channels * bits // 8 if block is None else block
    return chunk(b"fmt ", struct.pack("<HHIIHH", code, channels, rate, rate * size, size, bits))


def wav(*chunks: bytes) -> bytes:
    return b"RIFF\0\0\0\0WAVE" + b"".join(chunks)


def head(tmp_path: Path, data: bytes) -> WavHead:
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    with path.open("rb") as file:
        return read_wav_head(file, path)


SAMPLES = chunk(b"data", bytes(40))


def test_where_and_how_the_samples_lie(tmp_path: Path) -> None:
    assert head(tmp_path, wav(form(), SAMPLES)) == WavHead(2, 8000, "pcm", 16, 10, 44)


def test_other_chunks_are_passed_over_with_their_filling(tmp_path: Path) -> None:
    assert head(tmp_path, wav(chunk(b"LIST", b"abc"), form(), SAMPLES)).data_at == 44 + 12


def test_channels_are_numbered_from_one(tmp_path: Path) -> None:
    assert head(tmp_path, wav(form(), SAMPLES)).names == ("channel 1", "channel 2")


@pytest.mark.parametrize("claimed", [0, 0xFFFFFFFF, 0x7FFFFFFF])
def test_a_recorder_that_never_learnt_the_length(tmp_path: Path, claimed: int) -> None:
    data = wav(form(), b"data" + struct.pack("<I", claimed) + bytes(40))
    assert head(tmp_path, data).frames == 10


def test_numbers_with_a_point(tmp_path: Path) -> None:
    assert head(tmp_path, wav(form(3, bits=32), SAMPLES)).kind == "float"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "the file is empty"),
        (b"Time,x\n0,1\n2,3\n", "this is not a WAV file"),
        (wav(form()), "it holds no samples"),
        (wav(SAMPLES, form()), "its samples come before their format"),
        (wav(form(code=2), SAMPLES), "compressed (ADPCM)"),
        (wav(form(code=99), SAMPLES), "compressed (format 99)"),
        (wav(form(bits=12), SAMPLES), "samples of 12 bits can't be read"),
        (wav(form(channels=0), SAMPLES), "it claims 0 channels"),
        (wav(form(block=3), SAMPLES), "don't make frames of 3 bytes"),
        (wav(form(), b"data" + struct.pack("<I", 400) + bytes(40)), "it was cut short"),
        (wav(form(), chunk(b"data", b"\0\0")), "a header but no samples"),
        (wav(chunk(b"fmt ", bytes(8)), SAMPLES), "its format chunk is cut short"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, data: bytes, why: str) -> None:
    with pytest.raises(UserError) as caught:
        head(tmp_path, data)
    assert why in str(caught.value)


@given(cut=st.integers(0, 84), at=st.integers(0, 43), byte=st.integers(0, 255))
def test_a_damaged_header_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, cut: int, at: int, byte: int
) -> None:
    data = bytearray(wav(form(), SAMPLES))
    data[at] = byte
    said = "read"
    try:
        found = head(tmp_path_factory.getbasetemp(), bytes(data[:cut]))
        assert found.data_at + found.frames * found.frame_bytes <= cut
    except UserError as error:
        said = str(error)
    assert said.isprintable()
