from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from itertools import count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract import in_order
from crawler.extract.in_order import InOrder, cut


def echo(number: int, line: bytes) -> bytes:
    return b"%d %s\n" % (number, line)


def numbers(most: int) -> Iterator[bytes]:
    return (b"%d" % number for number in range(1, most + 1))


def test_answers_come_in_the_order_of_the_lines_whichever_is_ready_first() -> None:
    last_is_done = threading.Event()

    def answer(number: int, line: bytes) -> bytes:
        if number == 5:
            last_is_done.set()
        if number == 1:
            assert last_is_done.wait(30)
        return line

    assert b"12345" == b"".join(InOrder(numbers(5), answer, 2))


def test_no_lines_give_no_answers() -> None:
    assert [] == list(InOrder(iter(()), echo, 2))


def test_a_slow_line_holds_up_no_work_on_those_after_it() -> None:
    """A window of lines would be full at its end: one page may take as long as a thousand others."""
    thousandth_is_done = threading.Event()

    def answer(number: int, line: bytes) -> bytes:
        if number == 1_000:
            thousandth_is_done.set()
        if number == 1:
            assert thousandth_is_done.wait(30)
        return line

    assert 1_000 == len(b" ".join(InOrder((b"x" for _ in range(1_000)), answer, 3)).replace(b" ", b""))


def test_answers_that_wait_and_lines_in_hand_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_order, "_MOST_WAITING", 50)
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        for _ in count():
            read += 1
            yield b"0123456789"

    answers = iter(InOrder(endless(), lambda _, line: line, 2))
    given_lines = 0
    ahead = []
    for _ in range(200):
        given_lines += len(next(answers)) // 10
        ahead.append(read - given_lines)
    answers.close()  # type: ignore[attr-defined]

    assert max(ahead) <= 14, "five that wait and one in each of two threads, and as many that came meanwhile"


def test_large_lines_in_hand_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_order, "_MOST_IN_HAND", 10)
    second_is_taken = threading.Event()

    def lines() -> Iterator[bytes]:
        yield b"x" * 10
        second_is_taken.set()
        yield b"y"

    def answer(number: int, line: bytes) -> bytes:
        assert number == 2 or not second_is_taken.wait(0.05)
        return line

    assert b"xxxxxxxxxxy" == b"".join(InOrder(lines(), answer, 8))


def test_an_answer_is_given_while_the_next_line_is_not_there_yet() -> None:
    asked_for_second = threading.Event()

    def lines() -> Iterator[bytes]:
        yield b"first"
        assert asked_for_second.wait(30)
        yield b"second"

    answers = iter(InOrder(lines(), echo, 2))

    assert b"1 first\n" == next(answers)
    asked_for_second.set()
    assert [b"2 second\n"] == list(answers)


@pytest.mark.parametrize("where", ["reading", "answering"])
def test_an_error_is_raised_after_the_answers_before_it(where: str) -> None:
    def lines() -> Iterator[bytes]:
        yield from numbers(4)
        if where == "reading":
            raise OSError("no more")
        yield b"5"

    def answer(_: int, line: bytes) -> bytes:
        if line == b"5":
            raise OSError("no more")
        return line

    given_answers: list[bytes] = []
    with pytest.raises(OSError, match="no more"):
        given_answers.extend(InOrder(lines(), answer, 3))

    assert b"1234" == b"".join(given_answers)


def test_whoever_looks_no_further_has_no_more_lines_taken() -> None:
    threads = threading.active_count()
    answers = iter(InOrder((b"%d" % number for number in count()), echo, 2))
    first = list(islice(answers, 3))
    answers.close()  # type: ignore[attr-defined]

    assert first[0].startswith(b"1 0\n")
    for thread in threading.enumerate():
        if thread.name == "lines":
            thread.join(30)
    assert threads >= threading.active_count()


class InPieces:
    """Gives some bytes in pieces of some sizes, as pipes do."""

    def __init__(self, content: bytes, sizes: list[int]) -> None:
        self._content, self._sizes = io.BytesIO(content), iter(sizes)

    def read(self, size: int) -> bytes:
        return self._content.read(min(size, next(self._sizes, size)))


@given(st.lists(st.binary(max_size=20)), st.lists(st.integers(1, 30)), st.integers(1, 30))
def test_lines_are_cut_in_whatever_pieces_they_come(parts: list[bytes], sizes: list[int], longest: int) -> None:
    content = b"\n".join(parts)
    expected = content.split(b"\n")
    if not expected[-1]:
        expected.pop()

    assert [line[: longest + 1] for line in expected] == list(cut(InPieces(content, sizes).read, longest))
