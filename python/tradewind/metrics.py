# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""What a function gives and costs."""
from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from numbers import Real
from typing import Any, Literal

from tradewind.errors import InvalidInput

Direction = Literal["lower", "higher"]


@dataclass(frozen=True)
class Metric:
    """A quantity with a unit and a better direction. One that is no axis is kept, may be constrained, and does not shape the frontier."""

    name: str
    direction: Direction = "lower"
    unit: str = ""
    definition: str = ""
    axis: bool = True


def lower(name: str, unit: str = "", definition: str = "", axis: bool = True) -> Metric:
    """A metric of which less is better."""
    return Metric(name, "lower", unit, definition, axis)


def higher(name: str, unit: str = "", definition: str = "", axis: bool = True) -> Metric:
    """A metric of which more is better."""
    return Metric(name, "higher", unit, definition, axis)


def declared(metrics: Mapping[str, Direction] | Iterable[Metric]) -> tuple[Metric, ...]:
    """The metrics of a declaration, checked."""
    given = [Metric(n, d) for n, d in metrics.items()] if isinstance(metrics, Mapping) else list(metrics)
    for metric in given:
        if not isinstance(metric, Metric):
            raise InvalidInput(f"{metric!r} is no metric; write {{'ms': 'lower'}} or [tradewind.lower('ms')]")
        if not metric.name or metric.name.split() != [metric.name]:
            raise InvalidInput(f"{metric.name!r} is no name of a metric; take one without spaces, such as 'latency_ms'")
        if metric.direction not in ("lower", "higher"):
            raise InvalidInput(f"the metric {metric.name} is better {metric.direction!r}; write 'lower' or 'higher'")
    names = [metric.name for metric in given]
    if len(set(names)) < len(names):
        raise InvalidInput(f"a metric is declared twice among {', '.join(names)}; keep one")
    if not any(metric.axis for metric in given):
        raise InvalidInput("a search needs a metric to search along; declare one with axis=True")
    return tuple(given)


def checked(answer: Any, metrics: tuple[Metric, ...], where: str) -> dict[str, list[float]]:
    """What a function answered, as lists of samples; InvalidInput names `where` (the setting) and the metric."""
    if not isinstance(answer, Mapping):
        if len(metrics) == 1 and isinstance(answer, Real):
            answer = {metrics[0].name: answer}
        else:
            raise InvalidInput(f"{where} answered {type(answer).__name__}; return a dict from metric to value")
    names = [metric.name for metric in metrics]
    for name in answer:
        if name not in names:
            close = get_close_matches(str(name), names, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"declare it, or return {', '.join(names)} alone"
            raise InvalidInput(f"{where} answered {name!r}, which is no declared metric; {hint}")
    return {name: _samples(answer, name, where) for name in names}


def _samples(answer: Mapping[str, Any], name: str, where: str) -> list[float]:
    if name not in answer:
        raise InvalidInput(f"{where} did not answer the metric {name!r}; return it in every setting, or raise tradewind.Refused")
    value = answer[name]
    try:
        samples = [float(v) for v in value] if isinstance(value, Iterable) and not isinstance(value, (str, bytes)) else [float(value)]
    except (TypeError, ValueError):
        raise InvalidInput(f"{where} answered {name} = {value!r}, which is no number") from None
    if not samples:
        raise InvalidInput(f"{where} answered {name} without a sample; give one number or more")
    for sample in samples:
        if not math.isfinite(sample):
            raise InvalidInput(f"{where} answered {name} = {sample}; return a finite number, or raise tradewind.Refused")
    return samples
