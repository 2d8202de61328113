# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Recorded tables and closed forms: tunables whose answers are known beforehand."""
from __future__ import annotations

from typing import Any

from tradewind import _core


class Table:
    """A recorded table on one of its devices, or a closed form; tradewind.search takes it as it takes a function."""

    def __init__(self, subject: _core.Subject) -> None:
        self.subject = subject
        self.name: str = subject.name
        self.device: str = subject.device
        self.knobs: dict[str, str] = subject.knobs  # name to what it may be, in words
        self.metrics: dict[str, str] = subject.metrics  # name to "lower" or "higher"
        self.fidelity: str = subject.fidelity

    def lookup(self, setting: dict[str, Any] | None = None, **knobs: Any) -> dict[str, float]:
        """What was recorded for a setting; knobs that are not named have their defaults. NotFound names the nearest recorded one."""
        return _core.lookup(self.subject, {**(setting or {}), **knobs})


def table(name: str, device: str = "", workload: str = "", data: str = "") -> Table:
    """A recorded table by name (tradewind.table_names()) or by the path of its YAML file, on one of its devices [its default]. `data`:
    the folder of its files [TRADEWIND_DATA, or where `tradewind pull NAME` puts them]."""
    return Table(_core.Subject.of_table(name, device, workload, data))


def formula(name: str) -> Table:
    """A closed form with a known frontier, such as "zdt1" or "dtlz2:4" (tradewind.formula_names())."""
    return Table(_core.Subject.of_formula(name))
