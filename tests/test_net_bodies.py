"""Bodies as servers send them: packed, broken, cut off, and made to fill the memory."""

from __future__ import annotations

import gzip
import zlib
from contextlib import suppress

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from crawler.net.bodies import BodyError, unpack

LIMIT = 1_000_000


def bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(body) + packer.flush()


PACKERS = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", bare_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
}


@pytest.mark.parametrize("name", PACKERS)
@given(body=st.binary(min_size=1, max_size=2000))
def test_a_body_comes_out_as_it_went_in(name: str, body: bytes) -> None:
    coding, pack = PACKERS[name]

    assert unpack(pack(body), coding, LIMIT) == body


@pytest.mark.parametrize("name", PACKERS)
def test_a_body_that_ends_early_is_an_error(name: str) -> None:
    coding, pack = PACKERS[name]
    packed = pack(b"".join(b"line %d of an article\n" % number for number in range(2000)))

    for end in (1, 5, len(packed) // 2, len(packed) - 1):
        with pytest.raises(BodyError) as error:
            unpack(packed[:end], coding, LIMIT)
        assert error.value.reason == "connection"


@pytest.mark.parametrize("name", [name for name in PACKERS if name != "bare deflate"])
def test_a_body_that_is_not_packed_at_all_is_an_error(name: str) -> None:
    with pytest.raises(BodyError):
        unpack(b"<html>This says that it is packed, but it is not.</html>", PACKERS[name][0], LIMIT)


@pytest.mark.parametrize("name", PACKERS)
def test_a_bomb_is_refused(name: str) -> None:
    coding, pack = PACKERS[name]
    with pytest.raises(BodyError) as error:
        unpack(pack(b"\0" * 20_000_000), coding, LIMIT)

    assert error.value.reason == "too large"


def test_a_bomb_in_a_bomb_is_refused() -> None:
    with pytest.raises(BodyError) as error:
        unpack(gzip.compress(gzip.compress(b"\0" * 20_000_000)), "gzip, gzip", LIMIT)

    assert error.value.reason == "too large"


def test_several_codings_are_undone_from_the_last() -> None:
    assert unpack(brotli.compress(gzip.compress(b"text")), "gzip, br", LIMIT) == b"text"


def test_a_gzip_body_may_have_members_and_padding() -> None:
    assert unpack(gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0\0", "gzip", LIMIT) == b"one two"


def test_what_is_not_packed_stays_as_it_is() -> None:
    assert unpack(b"text", "", LIMIT) == b"text"
    assert unpack(b"text", "identity", LIMIT) == b"text"
    assert unpack(b"", "gzip", LIMIT) == b""


def test_an_unknown_coding_is_an_error() -> None:
    with pytest.raises(BodyError):
        unpack(b"text", "compress", LIMIT)


@given(st.binary(max_size=500), st.sampled_from(["gzip", "deflate", "br", "zstd"]))
def test_any_bytes_give_a_body_or_an_error(body: bytes, coding: str) -> None:
    with suppress(BodyError):
        assert len(unpack(body, coding, LIMIT)) <= LIMIT
