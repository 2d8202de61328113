# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Knobs: the named, typed, bounded choices of a function."""
from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tradewind import _core
from tradewind.errors import InvalidInput

# An integer knob with more values than this is searched at so many of them, evenly spread.
MOST_INTEGERS = 1024

When = Mapping[str, Any]


@dataclass(frozen=True)
class Knob:
    """Made by integer, real, choice and boolean. `default`, where given, is left out of what results are filed under: give one to a knob
    that is added later, and what was measured before it stays valid. `when` names an earlier knob and the values with which this one
    exists; elsewhere the function gets None."""

    kind: str
    low: float = 0
    high: float = 0
    log: bool = False
    values: tuple[Any, ...] = ()
    ordered: bool = False
    default: Any = None
    when: tuple[str, tuple[Any, ...]] | None = None
    texts: dict[str, Any] = field(default_factory=dict, compare=False)

    def to_python(self, raw: Any) -> Any:
        return self.texts[raw] if self.kind == "choice" else raw

    def to_raw(self, value: Any) -> Any:
        return _text(value) if self.kind == "choice" else value

    def add_to(self, subject: _core.Subject, name: str, on: Knob | None) -> None:
        default = None if self.default is None else self.to_raw(self.default)
        if self.kind == "integer":
            subject.add_integers(name, list(self.values), default)
        elif self.kind == "real":
            subject.add_range(name, self.low, self.high, self.log, default)
        else:
            subject.add_choices(name, list(self.texts), self.ordered, default)
        if self.when is not None and on is not None:
            subject.set_condition(self.when[0], [on.to_raw(v) for v in self.when[1]])


def integer(low: int, high: int, *, step: int = 1, log: bool = False, default: int | None = None, when: When | None = None) -> Knob:
    """The integers from low to high, both included; with log=True evenly spread by ratio."""
    for end in (low, high, step):
        if not isinstance(end, int) or isinstance(end, bool):
            raise InvalidInput(f"an integer knob has integers for ends and step, and {end!r} is none; take real(...)")
    if low > high or step < 1 or (log and low < 1):
        positive = ", and low >= 1" if log else ""
        raise InvalidInput(f"integer({low}, {high}, step={step}) is empty; give low <= high, a step of at least 1{positive}")
    count = (high - low) // step + 1
    last = low + (count - 1) * step
    most = min(count, 64 if log else MOST_INTEGERS)
    shares = [i / (most - 1) if most > 1 else 0 for i in range(most)]
    if log:
        values = sorted({low + round((low * (last / low) ** s - low) / step) * step for s in shares})
    else:
        values = [low + round(s * (count - 1)) * step for s in shares]
    _check_default(default, "integer", default is None or (isinstance(default, int) and default in values))
    return Knob("integer", low, high, log, tuple(values), True, default, _when(when))


def real(low: float, high: float, *, log: bool = False, default: float | None = None, when: When | None = None) -> Knob:
    """Any number from low to high; with log=True equal ratios count alike, as for learning rates."""
    low, high = float(low), float(high)
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise InvalidInput(f"real({low}, {high}) is empty; give two finite ends, the lower first")
    if log and low <= 0:
        raise InvalidInput(f"real({low}, {high}, log=True) needs ends above 0")
    _check_default(default, "real", default is None or low <= default <= high)
    return Knob("real", low, high, log, default=None if default is None else float(default), when=_when(when))


def choice(*values: Any, default: Any = None, when: When | None = None) -> Knob:
    """One of the values (texts, numbers, booleans). Numbers that ascend count as ordered: neighbours are alike."""
    if len(values) == 1 and isinstance(values[0], Sequence) and not isinstance(values[0], str):
        values = tuple(values[0])
    texts = {_text(v): v for v in values}
    if not values or len(texts) < len(values):
        raise InvalidInput(f"choice{values!r} has no values, or one twice; list different ones")
    numbers = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values)
    _check_default(default, "choice", default is None or _text(default) in texts)
    return Knob("choice", values=values, ordered=numbers and list(values) == sorted(values), default=default, when=_when(when), texts=texts)


def boolean(*, default: bool | None = None, when: When | None = None) -> Knob:
    """False or True."""
    return choice(False, True, default=default, when=when)


def check_conditions(knobs: Mapping[str, Knob]) -> None:
    earlier: dict[str, Knob] = {}
    for name, knob in knobs.items():
        if not isinstance(knob, Knob):
            raise InvalidInput(f"the knob {name} is {knob!r}; make it by integer, real, choice or boolean")
        if knob.when is not None:
            on, values = knob.when
            if on not in earlier or earlier[on].kind == "real":
                raise InvalidInput(f"the knob {name} exists when {on!r} has some value, which is no earlier knob with listed values")
            for value in values:
                if value not in earlier[on].values:
                    raise InvalidInput(f"the knob {name} exists when {on} is {value!r}, which {on} never is")
        earlier[name] = knob


def completed(raw: Mapping[str, Any], knobs: Mapping[str, Knob]) -> dict[str, Any]:
    """A setting of the core as the function's arguments: defaults filled in, None for a knob that does not exist in it."""
    setting: dict[str, Any] = {}
    for name, knob in knobs.items():
        exists = knob.when is None or setting[knob.when[0]] in knob.when[1]
        setting[name] = (knob.to_python(raw[name]) if name in raw else knob.default) if exists else None
    return setting


def _when(when: When | None) -> tuple[str, tuple[Any, ...]] | None:
    if when is None:
        return None
    if len(when) != 1:
        raise InvalidInput(f"when={dict(when)!r} names {len(when)} knobs; a knob depends on one: when={{'kernel': ['rbf', 'poly']}}")
    ((name, values),) = when.items()
    return name, tuple(values) if isinstance(values, Sequence) and not isinstance(values, str) else (values,)


def _check_default(default: Any, kind: str, fits: bool) -> None:
    if not fits:
        raise InvalidInput(f"the default {default!r} is none of this {kind} knob's values; give one that is, or none")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise InvalidInput(f"{value!r} is no value for a choice, which takes texts, numbers and booleans; choose among names of it instead")
