"""The parser against the examples of the standard, and against every way to cut a stream."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backends.http.sse import ServerSentEvent, SSEOverflow, SSEParser

_FRAGMENTS = (
    b"data: a",
    b"data:b",
    b"data",
    b"event: add",
    b"id: 7",
    b"id",
    b": note",
    b"retry: 10",
    b"\xef\xbb\xbf",
    "data: 日本🗾".encode(),
    b"\n",
    b"\r",
    b"\r\n",
)


def _parse(*chunks: bytes, max_event_bytes: int = 10_000) -> list[ServerSentEvent]:
    parser = SSEParser(max_event_bytes)
    return [event for chunk in chunks for event in parser.feed(chunk)]


def _data(*chunks: bytes) -> list[str]:
    return [event.data for event in _parse(*chunks)]


def test_lines_of_data_are_joined_with_newlines() -> None:
    events = _parse(b"data: YHOO\ndata: +2\ndata: 10\n\n")

    assert events == [ServerSentEvent("YHOO\n+2\n10")]


def test_the_standards_example_of_four_blocks_gives_three_events() -> None:
    stream = b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n"

    events = _parse(stream)

    assert events == [
        ServerSentEvent("first event", id="1"),
        ServerSentEvent("second event"),
        ServerSentEvent(" third event"),
    ]


def test_empty_data_is_an_event_and_an_unfinished_block_is_none() -> None:
    assert _data(b"data\n\ndata\ndata\n\ndata:") == ["", "\n"]


def test_one_space_after_the_colon_is_left_out() -> None:
    assert _data(b"data:test\n\ndata: test\n\n") == ["test", "test"]


def test_event_names_last_for_one_event_and_ids_until_changed() -> None:
    events = _parse(b"event: add\nid: 5\ndata: 1\n\nid: bad\0\ndata: 2\n\nevent: gone\n\ndata: 3\n\n")

    assert events == [
        ServerSentEvent("1", "add", "5"),
        ServerSentEvent("2", "message", "5"),
        ServerSentEvent("3", "message", "5"),
    ]


@pytest.mark.parametrize("newline", [b"\n", b"\r", b"\r\n"])
def test_all_three_line_ends_are_understood(newline: bytes) -> None:
    stream = newline.join([b"data: a", b"data: b", b"", b"data: c", b"", b""])

    assert _data(stream) == ["a\nb", "c"]


def test_a_newline_cut_between_cr_and_lf_is_one() -> None:
    assert _data(b"data: a\r", b"\ndata: b\r", b"\n", b"\r", b"\n") == ["a\nb"]


def test_only_a_byte_order_mark_at_the_start_is_left_out() -> None:
    stream = b"\xef\xbb\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\n"

    assert _data(stream[:2], stream[2:]) == ["a"]


def test_a_retry_time_is_kept_only_if_it_is_digits() -> None:
    parser = SSEParser(10_000)

    parser.feed(b"retry: 1500\nretry: soon\nretry: -1\nretry: " + b"9" * 5000 + b"\n")

    assert parser.retry_ms == 1500


def test_unknown_fields_are_ignored() -> None:
    assert _data(b"datas: x\nfoo: y\n\xff: z\ndata: a\n\n") == ["a"]


def test_bytes_that_are_not_utf8_are_refused() -> None:
    with pytest.raises(UnicodeDecodeError):
        _parse(b"data: \xe3\x81\n\n")


@pytest.mark.parametrize("stream", [b"data: " + b"x" * 100, b"data: xxxxxxxxxx\n" * 10, b"data\n" * 200])
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_a_line_or_an_event_beyond_the_bound_overflows(stream: bytes, step: int) -> None:
    chunks = [stream[at : at + step] for at in range(0, len(stream), step)]

    with pytest.raises(SSEOverflow):
        _parse(*chunks, max_event_bytes=99)


def test_the_bound_is_for_each_event_alone() -> None:
    assert len(_parse(b"data: 12345\n\n" * 100, max_event_bytes=20)) == 100


@given(st.lists(st.sampled_from(_FRAGMENTS)).map(b"".join), st.data())
def test_how_a_stream_is_cut_makes_no_difference(stream: bytes, draw: st.DataObject) -> None:
    places = draw.draw(st.lists(st.integers(0, len(stream))))
    cuts = [0, *sorted(places), len(stream)]

    events = _parse(*(stream[start:end] for start, end in pairwise(cuts)))

    assert events == _parse(stream)


def test_a_long_line_in_single_bytes_costs_linear_time() -> None:
    parser = SSEParser(1 << 20)
    started = time.process_time()

    for _ in range(1 << 19):
        parser.feed(b"x")

    # Copying the line for every byte would move 137 GB.
    assert time.process_time() - started < 5
