# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""A line on stderr that says how far a search is."""
from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Union

SECONDS_BETWEEN_LINES = 5.0


@dataclass(frozen=True)
class Progress:
    done: int  # trials
    total: int  # 0 if unknown
    seconds: float
    seconds_left: float  # negative if unknown
    what: str  # the setting that comes


Show = Union[bool, Callable[[Progress], None], None]


def callback(show: Show) -> Callable[[int, int, float, float, str], None] | None:
    if not show:
        return None
    tell = show if callable(show) else _Line()
    return lambda *values: tell(Progress(*values))


class _Line:
    """Rewritten on a terminal; elsewhere a plain line now and then."""

    def __init__(self) -> None:
        self.terminal = sys.stderr.isatty()
        self.last = 0.0

    def __call__(self, p: Progress) -> None:
        ended = p.what == "done"
        now = time.monotonic()
        if not ended and now - self.last < (0.1 if self.terminal else SECONDS_BETWEEN_LINES):
            return
        self.last = now
        text = f"{p.done}/{p.total or '?'}  {p.seconds:.0f} s" + (f", {p.seconds_left:.0f} s left" if p.seconds_left > 0 else "")
        text += f"  {p.what}"
        if self.terminal:
            text = "\r\x1b[K" + text[:100]
        sys.stderr.write(text + ("\n" if ended or not self.terminal else ""))
        sys.stderr.flush()
