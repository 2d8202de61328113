# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""How settings are asked of a function: one after the other here, or side by side through futures."""
from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from typing import Any, Protocol

from tradewind.errors import Refused, TrialError
from tradewind.function import Tunable
from tradewind.metrics import checked

Setting = dict[str, Any]


class Evaluator(Protocol):
    """What the core's loop calls, on the caller's thread: begin with a batch, then ask for each of its settings in turn."""

    def begin(self, settings: Sequence[Mapping[str, Any]]) -> None: ...

    def ask(self, setting: Mapping[str, Any]) -> dict[str, list[float]]: ...

    def close(self) -> None:
        """Nothing more will be asked, however the search ended."""


class InTurn:
    """One after the other, on the caller's thread."""

    def __init__(self, tunable: Tunable) -> None:
        self.tunable = tunable

    def begin(self, settings: Sequence[Mapping[str, Any]]) -> None:
        pass

    def ask(self, setting: Mapping[str, Any]) -> dict[str, list[float]]:
        arguments = self.tunable.completed(setting)
        return answered(self.tunable, arguments, lambda: self.tunable.function(**arguments))

    def close(self) -> None:
        pass


class SideBySide:
    """All of a batch at once: `submit` starts one and returns what `result` waits for. `abandon` gives up those nobody waits for any more."""

    def __init__(self, tunable: Tunable, submit: Callable[[Setting], Any], result: Callable[[Any], Any],
                 abandon: Callable[[list[Any]], None]) -> None:
        self.tunable = tunable
        self.submit, self.result, self.abandon = submit, result, abandon
        self.running: dict[str, Any] = {}

    def begin(self, settings: Sequence[Mapping[str, Any]]) -> None:
        for setting in settings:
            arguments = self.tunable.completed(setting)
            self.running[self.tunable.place(arguments)] = self.submit(arguments)

    def ask(self, setting: Mapping[str, Any]) -> dict[str, list[float]]:
        arguments = self.tunable.completed(setting)
        place = self.tunable.place(arguments)

        def wait() -> Any:
            answer = self.result(self.running[place])
            del self.running[place]
            return answer

        return answered(self.tunable, arguments, wait)

    def close(self) -> None:
        self.abandon(list(self.running.values()))


def answered(tunable: Tunable, arguments: Setting, call: Callable[[], Any]) -> dict[str, list[float]]:
    """The checked answer of a call. What the function raises becomes a TrialError that names the setting; Refused stays what it is."""
    place = tunable.place(arguments)
    try:
        answer = call()
    except Refused as refusal:
        raise Refused(str(getattr(refusal, "cause", None) or refusal)) from refusal
    except Exception as error:
        what = getattr(error, "cause", None) or error
        raise TrialError(f"{place} raised {type(what).__name__}: {what}", arguments) from error
    try:
        return checked(answer, tunable.metrics, place)
    except ValueError as error:
        raise TrialError(str(error), arguments) from None


def by_threads(tunable: Tunable) -> SideBySide:
    """Each setting on a thread of its own. They do not keep the program from ending."""

    def submit(arguments: Setting) -> Future[Any]:
        future: Future[Any] = Future()

        def work() -> None:
            try:
                future.set_result(tunable.function(**arguments))
            except BaseException as error:  # whatever it is, it is the answer
                future.set_exception(error)

        threading.Thread(target=work, daemon=True, name="tradewind-trial").start()
        return future

    return SideBySide(tunable, submit, lambda future: future.result(), lambda futures: None)


def by_executor(tunable: Tunable, executor: Executor) -> SideBySide:
    def cancel(futures: list[Future[Any]]) -> None:
        for future in futures:
            future.cancel()

    return SideBySide(tunable, lambda arguments: executor.submit(tunable, **arguments), lambda future: future.result(), cancel)
