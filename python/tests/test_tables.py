# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Recorded tables by path."""
from __future__ import annotations

from pathlib import Path

import pytest

import tradewind as tw
from conftest import frontier

# bits, kind, quality, milliseconds on pi and phone
ROWS = [(2, "a", 10, 1.0, 9.0), (4, "a", 20, 2.0, 7.0), (8, "a", 25, 5.0, 8.0),
        (2, "b", 9, 1.5, 3.0), (4, "b", 22, 3.0, 4.0), (8, "b", 24, 6.0, 6.0)]
SPEC = """
name: small
description: Six settings on two devices.
tables: [{path: small.csv}]
knobs:
  - {name: bits, column: bits, type: integer}
  - {name: kind, column: kind}
metrics:
  - {name: quality, direction: higher, definition: How good., column: quality}
  - {name: latency_ms, unit: ms, direction: lower, definition: How slow., column: 'ms_{device}'}
devices: {headers: '^ms_(.*)$', default: pi}
workloads:
  - {name: both, axes: [quality, latency_ms]}
"""


@pytest.fixture
def spec(tmp_path: Path) -> str:
    lines = ["bits,kind,quality,ms_pi,ms_phone"] + [",".join(map(str, row)) for row in ROWS]
    (tmp_path / "small.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "small.yaml").write_text(SPEC)
    return str(tmp_path / "small.yaml")


@pytest.mark.parametrize("device, column", [("pi", 3), ("phone", 4)])
def test_the_frontier_of_a_device(spec: str, device: str, column: int) -> None:
    found = tw.search(tw.table(spec, device=device))
    best = frontier((-row[2], row[column]) for row in ROWS)
    assert {(-t.metrics["quality"], t.metrics["latency_ms"]) for t in found.frontier} == best
    assert found.axes == [("quality", "higher"), ("latency_ms", "lower")]


def test_what_was_recorded_is_looked_up(spec: str) -> None:
    table = tw.table(spec, device="phone")
    assert table.device == "small/phone"
    assert table.lookup(bits=4, kind="b") == {"quality": 22, "latency_ms": 4}
    with pytest.raises(tw.NotFound, match="bits"):
        table.lookup(bit=4)
    with pytest.raises(tw.NotFound, match="laptop.*pi"):
        tw.table(spec, device="laptop")
