# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""The examples, as they stand in the documents."""
from __future__ import annotations

import importlib.metadata
import math
import subprocess
from collections.abc import Callable
from pathlib import Path

import tradewind as tw
from conftest import frontier

EXAMPLES = Path(__file__).parents[1] / "examples"


def test_ten_lines(run_python: Callable[..., subprocess.Popen[str]]) -> None:
    example = EXAMPLES / "ten_lines.py"
    code = [line for line in example.read_text().splitlines() if line and not line.startswith("#")]
    assert len(code) <= 10
    out, errors = run_python(str(example)).communicate(timeout=60)
    assert errors == ""
    rows = [line.split() for line in out.splitlines()[1:-1]]

    points = {}
    for terms in range(1, 13):
        for halvings in range(7):
            x = 1.5 / 2**halvings
            value = sum(x**k / math.factorial(k) for k in range(terms + 1)) ** 2**halvings
            points[f"terms={terms}", f"halvings={halvings}"] = (abs(value - math.exp(1.5)), float(terms + halvings))
    best = frontier(points.values())
    assert {(row[0], row[1]) for row in rows} == {place for place, point in points.items() if point in best}
    assert f"of {len(points)} on the frontier; {len(points)} measured now, 0 known before" in out
    out, _ = run_python(str(example)).communicate(timeout=60)
    assert f"0 measured now, {len(points)} known before" in out


def test_the_document_shows_the_example() -> None:
    document = (EXAMPLES.parents[1] / "docs" / "python.md").read_text()
    assert (EXAMPLES / "ten_lines.py").read_text().split("\n\n\n", 1)[1].strip() in document


def test_the_package_has_the_version_of_the_program() -> None:
    project = (EXAMPLES.parents[1] / "CMakeLists.txt").read_text()
    assert f"project(tradewind VERSION {importlib.metadata.version('tradewind')} " in project
    assert tw.build_id().startswith(importlib.metadata.version("tradewind"))
