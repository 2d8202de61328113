# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""What a search found."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Trial:
    """One setting and what came of it."""

    setting: dict[str, Any]
    metrics: dict[str, float]
    intervals: dict[str, tuple[float, float]]  # 95 %; of one sample, the value itself
    counts: dict[str, int]  # samples
    on_frontier: bool
    barred: str = ""  # why it does not compete: a constraint, a lesser fidelity
    started_at: str = ""


@dataclass(frozen=True)
class Result:
    """Trials in the order proposed; the frontier among them, best first along the first axis."""

    trials: list[Trial]
    axes: list[tuple[str, str]]  # metric, "lower" or "higher"
    measured: int  # in this call
    reused: int  # found in the store
    left_out: int = 0  # for want of time
    refused: list[str] = field(default_factory=list)  # settings that the function cannot have, and why
    strategy: str = ""
    remark: str = ""

    @property
    def frontier(self) -> list[Trial]:
        metric, direction = self.axes[0]
        sign = 1 if direction == "lower" else -1
        return sorted((t for t in self.trials if t.on_frontier), key=lambda t: sign * t.metrics[metric])

    def __str__(self) -> str:
        names = list(dict.fromkeys([axis for axis, _ in self.axes] + [m for t in self.trials for m in t.metrics]))
        rows = [["setting", *names]]
        for trial in self.frontier:
            text = " ".join(f"{k}={_short(v)}" for k, v in trial.setting.items() if v is not None)
            rows.append([text, *(_short(trial.metrics[n]) if n in trial.metrics else "-" for n in names)])
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        lines = ["  ".join(cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths))) for row in rows]
        lines.append(f"{len(rows) - 1} of {len(self.trials)} on the frontier; {self.measured} measured now, {self.reused} known before")
        return "\n".join(lines)


def from_core(raw: Mapping[str, Any], completed: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Result:
    trials = [
        Trial(
            setting=completed(t["setting"]),
            metrics={name: m[0] for name, m in t["measurements"].items()},
            intervals={name: (m[1], m[2]) for name, m in t["measurements"].items()},
            counts={name: m[3] for name, m in t["measurements"].items()},
            on_frontier=t["dominated_by"] is None and not t["barred"],
            barred=t["barred"],
            started_at=t["started_at"],
        )
        for t in raw["trials"]
    ]
    axes = [(name, "higher" if is_higher else "lower") for name, is_higher in raw["axes"]]
    return Result(trials, axes, raw["measured"], raw["reused"], raw["left_out"], list(raw["refused"]), raw.get("strategy", ""),
                  raw.get("remark", ""))


def _short(value: Any) -> str:
    return f"{value:.5g}" if isinstance(value, float) else str(value)
