# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""What goes wrong. A message names the thing, the place and the remedy."""
from __future__ import annotations

from typing import Any


class Error(Exception):
    """An error of Tradewind. `code` is its kind: "invalid_input", "not_found", "io" ..."""

    def __init__(self, message: str, code: str = "invalid_input") -> None:
        super().__init__(message)
        self.code = code


class InvalidInput(Error, ValueError):
    """Something given is malformed: mend it."""


class NotFound(Error, LookupError):
    """A knob, metric, strategy, table or file that was named does not exist."""

    def __init__(self, message: str, code: str = "not_found") -> None:
        super().__init__(message, code)


class TrialError(Error):
    """The searched function failed. `setting` is where; `__cause__` is what it raised, with its traceback."""

    def __init__(self, message: str, setting: dict[str, Any]) -> None:
        super().__init__(message, "trial_failed")
        self.setting = setting


class Refused(Exception):
    """Raised by a searched function for a setting that it cannot have (too large, no such shape): it is left out, the search goes on."""


def from_status(code: str, message: str) -> Error:
    return {"invalid_input": InvalidInput, "not_found": NotFound}.get(code, Error)(message, code)
