"""Files damaged at random: bytes turned, cut, doubled, and tokens put in that readers stumble over."""

from __future__ import annotations

import random

TOKENS = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\r", b"\n", b"\r\n", b",", b";", b"\t", b'"', b"'",
    b"\\",
    b"NaN", b"inf", b"-inf", b"1e999", b"-1", b"0", b"1e-320", b"9" * 20, b"9" * 5000, b"1_000", b"0x10",
    b"[" * 100_000, b'{"a":' * 60_000, b"]", b"}", b"null", b"true", b'""', b"[]", b"{}", b"\\ud800",
    b"<a>" * 20_000, b"</a>", b"<!DOCTYPE x>", b"&amp;", b"&x;", b"]]>", b"<!--", b"<?xml?>",
    b"../../x", b"/dev/zero", b"..\\x", b"\xe2\x80\xae", b"\x1b[31m", b"[bold]", "é".encode(), "日".encode(),
)  # fmt: skip


def mutated(data: bytes, rng: random.Random, most: int = 4) -> bytes:
    """The data with one to ``most`` damages."""
    for _ in range(rng.randint(1, most)):
        data = _damaged(data, rng)
    return data


def _damaged(data: bytes, rng: random.Random) -> bytes:
    kind = rng.randrange(8)
    start = rng.randrange(len(data) + 1)
    end = min(len(data), start + rng.choice((1, 2, 4, 16, 64, 512)))
    if kind == 0:  # a byte turned
        return data[:start] + bytes(rng.randrange(256) for _ in data[start : start + 1]) + data[start + 1 :]
    if kind == 1:  # cut out
        return data[:start] + data[end:]
    if kind == 2:  # cut off
        return data[:start]
    if kind == 3:  # doubled
        return data[:end] + data[start:]
    if kind == 4:  # zeroed
        return data[:start] + bytes(end - start) + data[end:]
    if kind == 5:  # a piece from elsewhere
        other = rng.randrange(len(data) + 1)
        return data[:start] + data[other : other + end - start] + data[end:]
    if kind == 6:  # a line moved
        lines = data.split(b"\n")
        lines.insert(rng.randrange(len(lines)), lines.pop(rng.randrange(len(lines))))
        return b"\n".join(lines)
    token = rng.choice(TOKENS)
    return data[:start] + token + data[start if rng.random() < 0.5 else end :]
