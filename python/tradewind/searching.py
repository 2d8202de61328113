# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Searching, and what is known from earlier searches."""
from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

from tradewind import _core, evaluators, progress as progress_module, results
from tradewind.errors import InvalidInput
from tradewind.function import Tunable
from tradewind.progress import Show
from tradewind.results import Result
from tradewind.tables import Table

_CONSTRAINT = re.compile(r"\s*(\S+?)\s*(<=|>=)\s*(\S+)\s*")


def search(tunable: Tunable | Table, *, strategy: str = "", trials: int | None = None, seed: int = 1,
           store: str | os.PathLike[str] | None = None, parallel: int = 1, executor: Executor | None = None,
           constraints: str | Iterable[str] = (), axes: Sequence[str] = (), reference: Sequence[float] = (), fidelity: str = "",
           time: float | None = None, parameters: Mapping[str, Any] | None = None, progress: Show = False) -> Result:
    """Tries settings and returns them with the frontier among them. With a store, each trial is kept when it is done: what the store has is
    not tried again, so a search that was killed goes on, and one with another seed or strategy starts from what is known.

    strategy     one of tradewind.strategies() [every combination where there are at most 200, else nsga2]
    trials       distinct settings at most [all of "exhaustive", else 100]
    store        a file, made where there is none [none: nothing is kept]
    parallel     trials side by side, on threads or, if given, in the executor's workers; a batch is kept in the order proposed
    constraints  "ms <= 20", "accuracy >= 0.9": what breaks one is never on the frontier
    axes         metrics that the frontier is over [those declared as axes]
    fidelity     a knob whose first values are cheaper and less true; the frontier is of its last
    time         seconds: no trial is begun that would end after them
    parameters   of the strategy
    progress     True, or a function that takes a tradewind.progress.Progress

    One answer counts as exact. Where a function returns several samples of a metric, their mean is what is compared, and one setting beats
    another only where the 95 % intervals of the means are apart."""
    request = request_of(strategy=strategy, trials=trials, seed=seed, parallel=parallel, constraints=constraints, axes=axes,
                         reference=reference, time=time, parameters=parameters)
    if isinstance(tunable, Table):
        request.fidelity = fidelity
        return run(tunable.subject, request, None, store, progress, dict)
    check(tunable)
    request.fidelity = fidelity_of(tunable, fidelity)
    if executor is not None:
        evaluator: evaluators.Evaluator = evaluators.by_executor(tunable, executor)
    else:
        evaluator = evaluators.by_threads(tunable) if parallel > 1 else evaluators.InTurn(tunable)
    return run(tunable.subject(), request, evaluator, store, progress, tunable.completed)


def known(tunable: Tunable | Table, store: str | os.PathLike[str], *, device: str = "", constraints: str | Iterable[str] = (),
          axes: Sequence[str] = (), fidelity: str = "") -> Result:
    """What a store has of a tunable, whichever searches tried it, with the frontier; nothing is tried. `device`: the device class of
    search_on_ray [this machine]."""
    request = request_of(constraints=constraints, axes=axes)
    request.store = os.fspath(store)
    if isinstance(tunable, Table):
        request.fidelity = fidelity
        return results.from_core(_core.known(tunable.subject, request), dict)
    check(tunable)
    request.fidelity = fidelity_of(tunable, fidelity)
    return results.from_core(_core.known(tunable.subject(device), request), tunable.completed)


def check(tunable: Any) -> None:
    if not isinstance(tunable, Tunable):
        raise InvalidInput(f"{tunable!r} has no knobs; decorate it by @tradewind.tunable(knobs={{...}}, metrics={{...}})")


def fidelity_of(tunable: Tunable, fidelity: str) -> str:
    knob = tunable.knobs.get(fidelity)
    if fidelity and (knob is None or knob.kind == "real" or knob.when is not None):
        raise InvalidInput(f"the fidelity {fidelity!r} is no knob of {tunable.name} with listed values that always exists")
    return fidelity


def request_of(*, strategy: str = "", trials: int | None = None, seed: int = 1, parallel: int = 1, constraints: str | Iterable[str] = (),
               axes: Sequence[str] = (), reference: Sequence[float] = (), time: float | None = None,
               parameters: Mapping[str, Any] | None = None) -> _core.Request:
    request = _core.Request()
    request.strategy, request.trials, request.seed, request.parallel = strategy, trials, seed, parallel
    request.constraints = [_constraint(c) for c in ([constraints] if isinstance(constraints, str) else constraints)]
    request.axes, request.reference, request.time_s = list(axes), list(reference), time
    request.parameters = {name: str(value) for name, value in (parameters or {}).items()}
    return request


def run(subject: _core.Subject, request: _core.Request, evaluator: evaluators.Evaluator | None, store: str | os.PathLike[str] | None,
        progress: Show, completed: Any) -> Result:
    """One search by the core's loop."""
    show = progress_module.callback(progress)
    begin, ask = (None, None) if evaluator is None else (evaluator.begin, evaluator.ask)
    try:
        with _StorePath(store) as request.store:
            return results.from_core(_core.search(subject, request, begin, ask, show), completed)
    finally:
        if evaluator is not None:
            evaluator.close()


class _StorePath:
    """The given path, or one in memory (where the system has such a folder) that goes when the search ends."""

    def __init__(self, path: str | os.PathLike[str] | None) -> None:
        self.path = path
        self.folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> str:
        if self.path is not None:
            return os.fspath(self.path)
        shared = "/dev/shm"
        self.folder = tempfile.TemporaryDirectory(prefix="tradewind-", dir=shared if os.access(shared, os.W_OK) else None)
        return os.path.join(self.folder.name, "trials.db")

    def __exit__(self, *_: object) -> None:
        if self.folder is not None:
            self.folder.cleanup()


def _constraint(text: str) -> tuple[str, float, bool]:
    match = _CONSTRAINT.fullmatch(text)
    try:
        if match is not None:
            return match[1], float(match[3]), match[2] == ">="
    except ValueError:
        pass
    raise InvalidInput(f"the constraint {text!r} is not of the form 'metric <= number' or 'metric >= number'")
