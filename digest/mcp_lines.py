"""Serving MCP on stdin and stdout so that every line is answered, also one that is no message.

The protocol's own package drops what it cannot read, such as half of a character (``"\ud800"``) in an argument, and
takes a question whose number is none (``"id": 7.5``) for a note: whoever asked would wait for ever.
"""

from __future__ import annotations

import json
import re
import sys
from collections import deque
from collections.abc import AsyncIterator
from contextvars import Context
from types import TracebackType
from typing import IO, Any, Self, cast

import anyio
from mcp.server.mcpserver import MCPServer
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp_types import INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError, JSONRPCNotification
from pydantic import ValidationError

_HALF = re.compile("[\ud800-\udfff]")


class AnsweringServer(MCPServer):
    """A server that tells whoever sends what cannot be read what is wrong with it, and goes on serving."""

    async def run_stdio_async(self) -> None:
        """Serve on stdin and stdout until whoever started us closes them."""
        with open(sys.stdin.fileno(), encoding="utf-8", errors="replace", closefd=False) as stdin:
            sent = _Sent(stdin)
            async with stdio_server(cast("Any", sent)) as (lines, answers):
                options = self._lowlevel_server.create_initialization_options()
                await self._lowlevel_server.run(_Messages(sent, lines, answers), answers, options)


class _Sent:
    """The lines as they are sent; the protocol's package makes one item of each, in their order."""

    def __init__(self, stdin: IO[str]) -> None:
        self._stdin = anyio.wrap_file(stdin)
        self._waiting: deque[str] = deque()

    async def __aiter__(self) -> AsyncIterator[str]:
        async for line in self._stdin:
            self._waiting.append(line)
            yield line

    def next(self) -> str:
        """Give the line of the next item."""
        return self._waiting.popleft()


class _Messages:
    """The messages among what is sent; what is none is answered here."""

    def __init__(self, sent: _Sent, lines: Any, answers: Any) -> None:
        self._sent, self._lines, self._answers = sent, lines, answers

    @property
    def last_context(self) -> Context | None:
        """The context in which the last one was read."""
        found: Context | None = self._lines.last_context
        return found

    async def receive(self) -> SessionMessage | Exception:
        """Give the next message."""
        while True:
            item: SessionMessage | Exception = await self._lines.receive()
            line = self._sent.next()
            if not (isinstance(item, ValidationError) or _is_note(item)):
                return item
            if (refused := refusal(line)) is not None:
                await self._answers.send(SessionMessage(refused))
            elif not isinstance(item, ValidationError):
                return item

    async def aclose(self) -> None:
        """Read no more."""
        await self._lines.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


def _is_note(item: SessionMessage | Exception) -> bool:
    return isinstance(item, SessionMessage) and isinstance(item.message, JSONRPCNotification)


def refusal(line: str) -> JSONRPCError | None:
    """Say what is wrong with a line that is no question; None for one that nobody waits for an answer to."""
    try:
        sent = json.loads(line)
    except (ValueError, RecursionError):
        return _told(None, PARSE_ERROR, "this is no JSON")
    if not isinstance(sent, dict) or "id" not in sent:
        is_note = isinstance(sent, dict) and "method" in sent
        return None if is_note else _told(None, INVALID_REQUEST, "this is no message of JSON-RPC 2.0")
    if half := _HALF.search(json.dumps(sent, ensure_ascii=False)):
        found = f"\\u{ord(half[0]):04x}"
        return _told(sent["id"], INVALID_PARAMS, f"{found} is half of a character; send characters as a whole")
    return _told(sent["id"], INVALID_REQUEST, "this is no message of JSON-RPC 2.0")


def _told(id_: object, code: int, message: str) -> JSONRPCError:
    known = id_ if isinstance(id_, int | str) and not isinstance(id_, bool) and not _HALF.search(str(id_)) else None
    return JSONRPCError(jsonrpc="2.0", id=known, error=ErrorData(code=code, message=message))
