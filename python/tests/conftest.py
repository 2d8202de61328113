# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""What the tests share: problems with answers that are known otherwise."""
from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


def frontier(points: Iterable[tuple[float, ...]]) -> set[tuple[float, ...]]:
    """By definition: no other point is nowhere worse and somewhere better, all minimised."""
    points = list(points)

    def beats(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
        return all(x <= y for x, y in zip(a, b)) and a != b

    return {p for p in points if not any(beats(q, p) for q in points)}


def costs(a: int, b: int, mode: str) -> tuple[float, float]:
    """A rough landscape on a grid of 8 x 8 x 2, with many settings on the frontier."""
    error = (a - 5) ** 2 + 3 * ((a * b) % 7) + (2 if mode == "fast" else 0)
    time = a * 2 + b + (0 if mode == "fast" else 4) + ((a + 3 * b) % 5)
    return float(error), float(time)


GRID = list(itertools.product(range(8), range(8), ("fast", "slow")))


@pytest.fixture
def run_python(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Starts a Python program in a folder of its own."""

    def start(*arguments: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": str(TESTS)}
        return subprocess.Popen([sys.executable, *arguments], cwd=tmp_path, env=environment, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)

    return start
