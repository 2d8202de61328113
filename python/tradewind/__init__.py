# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Search your own function: declare its knobs and metrics, and get the settings that nothing beats.

    import tradewind as tw

    @tw.tunable(knobs={"width": tw.integer(1, 64)}, metrics={"error": "lower", "ms": "lower"})
    def train(width): ...

    print(tw.search(train, trials=30, store="profile.db"))

docs/python.md has more.
"""
from tradewind._core import build_id, formula_names, strategies, table_names
from tradewind.errors import Error, InvalidInput, NotFound, Refused, TrialError
from tradewind.function import Tunable, tunable
from tradewind.knobs import Knob, boolean, choice, integer, real
from tradewind.metrics import Metric, higher, lower
from tradewind.ray_search import search_on_ray
from tradewind.results import Result, Trial
from tradewind.searching import known, search
from tradewind.store import Store, StoredTrial, default_store
from tradewind.tables import Table, formula, table

__all__ = [
    "Error", "InvalidInput", "Knob", "Metric", "NotFound", "Refused", "Result", "Store", "StoredTrial", "Table", "Trial", "TrialError",
    "Tunable", "boolean", "build_id", "choice", "default_store", "formula", "formula_names", "higher", "integer", "known", "lower",
    "real", "search", "search_on_ray", "strategies", "table", "table_names", "tunable",
]
