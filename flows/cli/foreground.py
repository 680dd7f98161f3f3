"""Running a coroutine so that Ctrl-C and SIGTERM end it in good order, at any moment.

It runs on a thread of its own: on the main thread Prefect would put a handler of its own for
SIGTERM, and would block for seconds while its temporary server starts.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from contextvars import copy_context
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")

LOOK_EVERY_S = 0.2
GRACE_S = 30.0
"""How long work under way may take to write down what it has."""


class Foreground(Generic[Value]):
    """Work for whose end a person waits.

    `prepare` runs on the thread, too; it does what is slow and gives the coroutine.
    """

    def __init__(self, prepare: Callable[[], Coroutine[Any, Any, Value]]) -> None:
        self._prepare = prepare
        self._future: Future[Value] = Future()
        self._lock = threading.Lock()
        self._cancel: Callable[[], object] | None = None
        self._stopped = False
        run = copy_context().run
        self._thread = threading.Thread(target=run, args=(self._run,), daemon=True)

    def result(self) -> Value:
        """Wait for the result; KeyboardInterrupt once a signal has come and the work has ended."""
        self._thread.start()
        try:
            return self._wait()
        except KeyboardInterrupt:
            # The interrupt is the news, whatever the work makes of it.
            with suppress(Exception, asyncio.CancelledError):
                if self._stop():
                    self._future.result(GRACE_S)
            raise

    def ended(self, within_s: float) -> bool:
        """Tell whether the thread has ended; what it imports cannot be stopped."""
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def _wait(self) -> Value:
        while True:
            with suppress(TimeoutError):
                return self._future.result(LOOK_EVERY_S)  # a signal is not missed for longer
            if self._future.done():
                return self._future.result()

    def _stop(self) -> bool:
        """Cancel the coroutine; False where it has not begun, and now never will."""
        with self._lock:
            self._stopped = True
            if self._cancel is not None:
                self._cancel()
            return self._cancel is not None

    def _run(self) -> None:
        # Servers and readers are children of this thread and inherit this: Ctrl-C on a terminal
        # is then for us alone, and they are ended in order.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._future.set_result(asyncio.run(self._work(self._prepare())))
        except BaseException as error:  # noqa: BLE001 - handed on to who waits
            self._future.set_exception(error)

    async def _work(self, coroutine: Coroutine[Any, Any, Value]) -> Value:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        with self._lock:
            if self._stopped or task is None:
                coroutine.close()
                raise asyncio.CancelledError
            self._cancel = lambda: loop.call_soon_threadsafe(task.cancel)
        return await coroutine
