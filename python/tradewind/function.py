# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""A function with knobs and metrics."""
from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tradewind import _core, knobs as knobs_module, metrics as metrics_module
from tradewind.errors import InvalidInput
from tradewind.knobs import Knob
from tradewind.metrics import Direction, Metric


class Tunable:
    """A function that can be searched; called, it is the function. Made by the decorator `tunable`.

    Results are filed under `name` and `version`: change the version when the function computes something else."""

    def __init__(self, function: Callable[..., Any], knobs: Mapping[str, Knob], metrics: Mapping[str, Direction] | Iterable[Metric],
                 name: str = "", version: str = "") -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.name = name or function.__name__
        self.version = version
        self.knobs = dict(knobs)
        self.metrics = metrics_module.declared(metrics)
        if not self.knobs:
            raise InvalidInput(f"{self.name} has no knobs, so there is nothing to search")
        knobs_module.check_conditions(self.knobs)
        try:
            inspect.signature(function).bind(**dict.fromkeys(self.knobs))
        except TypeError as error:
            raise InvalidInput(f"{self.name} cannot be called with its knobs {', '.join(self.knobs)}: {error}") from None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    def __reduce__(self) -> str:
        return self.__qualname__  # by name, as functions are

    def subject(self, device: str = "") -> _core.Subject:
        """The tunable as the core knows it."""
        made = _core.Subject.of_function(self.name, self.version, device)
        for name, knob in self.knobs.items():
            knob.add_to(made, name, None if knob.when is None else self.knobs[knob.when[0]])
        for m in self.metrics:
            made.add_metric(m.name, m.unit, m.direction == "higher", m.definition, m.axis)
        return made

    def completed(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """A setting of the core as arguments of the function."""
        return knobs_module.completed(raw, self.knobs)

    def place(self, setting: Mapping[str, Any]) -> str:
        """A call as people write it: f(width=3, rate=0.1)."""
        return f"{self.name}({', '.join(f'{name}={value!r}' for name, value in setting.items())})"


def tunable(*, knobs: Mapping[str, Knob], metrics: Mapping[str, Direction] | Iterable[Metric], name: str = "",
            version: str = "") -> Callable[[Callable[..., Any]], Tunable]:
    """Decorates a function that takes its knobs by name and returns {metric: value}; a value may be a list of samples."""
    return lambda function: Tunable(function, knobs, metrics, name, version)
