# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""The profile store: what was measured, of which tunable, on which device."""
from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tradewind import _core


@dataclass(frozen=True)
class StoredTrial:
    id: int
    tunable: str
    workload: str
    device: str
    setting: str  # as filed: what differs from given defaults
    metrics: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    build: str  # of Tradewind, that measured it
    started_at: str
    seconds: float  # that the search spent on it; of trials side by side, what it waited after those before it


class Store:
    """One SQLite file, which several processes may use, the command line's `tradewind` too. Opened here, it is not made or changed unless
    `remove` is called on one opened with write=True."""

    def __init__(self, path: str | os.PathLike[str], write: bool = False) -> None:
        self._core = _core.Store.open(os.fspath(path), not write)

    @property
    def path(self) -> str:
        return self._core.path

    def trials(self, tunable: str | None = None, device: str | None = None, history: bool = False) -> list[StoredTrial]:
        """The newest trial of each setting, oldest first; with history=True all."""
        return [
            StoredTrial(t["id"], t["tunable"], t["workload"], t["device"], t["setting"], {n: m[0] for n, m in t["measurements"].items()},
                        {n: (m[1], m[2]) for n, m in t["measurements"].items()}, t["build"], t["started_at"], t["seconds"])
            for t in self._core.trials(tunable, device, history)
        ]

    def tunables(self) -> dict[str, int]:
        """Trials of each."""
        counts: dict[str, int] = {}
        for trial in self.trials():
            counts[trial.tunable] = counts.get(trial.tunable, 0) + 1
        return counts

    def devices(self) -> list[dict[str, str]]:
        return self._core.devices()

    def workloads(self) -> dict[str, str]:
        """Names by the ids that trials bear."""
        return self._core.workloads()

    def remove(self, trials: Iterable[StoredTrial]) -> int:
        """Forgets these trials, all or none; they will be tried again."""
        return self._core.remove([trial.id for trial in trials])


def default_store() -> str:
    """The file that the command line's `tradewind` uses."""
    if path := os.environ.get("TRADEWIND_STORE"):
        return path
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return str(Path(data) / "tradewind" / "profile.db")
