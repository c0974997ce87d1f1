"""Work on the archive in a thread of its own, beside the loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from crawler.archive import Archive, open_archive

T = TypeVar("T")


def aside(url: str, act: Callable[[Archive], T]) -> asyncio.Future[T]:
    """Use the archive in a thread of its own, which nobody waits for at the end of the process.

    asyncio.to_thread would: a mail server that hangs for a minute would hold up a stop for a minute.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]  # None only when T is None

    def work() -> None:
        result: T | None = None
        failure: BaseException | None = None
        try:
            with open_archive(url) as archive:
                result = act(archive)
        except BaseException as error:  # noqa: BLE001  (raised where the result is awaited)
            failure = error
        with suppress(RuntimeError):  # the loop is closed: the service has left
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=work, name="archive", daemon=True).start()
    return future
