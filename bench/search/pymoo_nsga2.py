# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""pymoo's NSGA-II on the problems of the table, at its best: the ways that its documentation advises, several populations, duplicates eliminated.

Only distinct settings count as trials: one that comes again within a run is looked up and free, as it is for our strategies. A combination that a
table does not have costs nothing either: it is a broken constraint, and the first population is drawn from those that exist.
"""
import warnings

import numpy as np
from pymoo.algorithms.moo.nsga2 import NSGA2, RankAndCrowdingSurvival
from pymoo.core.mixed import MixedVariableGA, MixedVariableDuplicateElimination
from pymoo.core.problem import ElementwiseProblem
from pymoo.core.sampling import Sampling
from pymoo.core.variable import Choice, Integer
from pymoo.operators.crossover.sbx import SBX
from pymoo.operators.mutation.pm import PM
from pymoo.operators.repair.rounding import RoundingRepair
from pymoo.problems import get_problem

warnings.filterwarnings("ignore")
MOST_GENERATIONS = 3000
FAR = 1e9


class Tried:
    """The distinct settings asked so far, in order, with their values."""

    def __init__(self):
        self.values = {}

    def first(self, count):
        return list(self.values.values())[:count]


class Lookup(ElementwiseProblem):
    def __init__(self, table, mixed):
        self.table, self.tried, self.mixed = table, Tried(), mixed
        counts = [len(v) for v in table.levels]
        if mixed:
            kinds = [
                Choice(options=list(range(n))) if isinstance(values[0], str) else Integer(bounds=(0, n - 1))
                for n, values in zip(counts, table.levels)
            ]
            super().__init__(vars={f"x{i:02d}": kind for i, kind in enumerate(kinds)}, n_obj=2, n_ieq_constr=1)
        else:
            super().__init__(n_var=len(counts), n_obj=2, n_ieq_constr=1, xl=0, xu=np.array(counts) - 1, vtype=int)

    def _evaluate(self, x, out, *args, **kwargs):
        key = tuple(int(x[k]) for k in sorted(x)) if self.mixed else tuple(int(v) for v in x)
        values = self.table.values.get(key)
        if values is not None:
            self.tried.values.setdefault(key, values)
        out["F"] = (FAR, FAR) if values is None else values
        out["G"] = 1.0 if values is None else -1.0


class FromTable(Sampling):
    def _do(self, problem, n_samples, *args, random_state=None, **kwargs):
        keys = list(problem.table.values)
        drawn = [keys[i] for i in random_state.choice(len(keys), n_samples, replace=False)]
        if not problem.mixed:
            return np.array(drawn)
        return np.array([{f"x{i:02d}": v for i, v in enumerate(key)} for key in drawn])


class Formula(ElementwiseProblem):
    def __init__(self, name):
        # As many variables as our closed forms have, which are those of the papers.
        n = {"zdt1": 30, "zdt2": 30, "zdt3": 30, "zdt4": 10, "zdt6": 10, "dtlz1": 7, "dtlz7": 22}.get(name, 12)
        self.inner = get_problem(name, n_var=n, n_obj=3) if name.startswith("dtlz") else get_problem(name, n_var=n)
        self.tried = Tried()
        super().__init__(n_var=n, n_obj=self.inner.n_obj, xl=self.inner.xl, xu=self.inner.xu)

    def _evaluate(self, x, out, *args, **kwargs):
        out["F"] = self.inner.evaluate(x)
        self.tried.values.setdefault(x.tobytes(), out["F"])


def variants(problem, trials):
    """The ways to run it: (operators, population)."""
    populations = [p for p in (10, 20, 40, 100, 200) if min(20, trials / 100) <= p <= trials / 3]
    return [(way, p) for way in (("integer", "mixed") if problem.levels else ("real",)) for p in populations]


def run(problem, variant, trials, seed):
    """The values of the first `trials` distinct settings that it asks for."""
    way, population = variant
    if way == "real":
        asked = Formula(problem.name)
        algorithm = NSGA2(pop_size=population)
    elif way == "integer":
        asked = Lookup(problem, False)
        algorithm = NSGA2(pop_size=population, sampling=FromTable(), eliminate_duplicates=True,
                          crossover=SBX(prob=1.0, eta=3.0, vtype=float, repair=RoundingRepair()),
                          mutation=PM(prob=1.0, eta=3.0, vtype=float, repair=RoundingRepair()))
    else:
        asked = Lookup(problem, True)
        algorithm = MixedVariableGA(pop_size=population, sampling=FromTable(), survival=RankAndCrowdingSurvival(),
                                    eliminate_duplicates=MixedVariableDuplicateElimination())
    algorithm.setup(asked, termination=("n_gen", MOST_GENERATIONS), seed=seed, verbose=False)
    while len(asked.tried.values) < trials and algorithm.has_next():
        algorithm.next()
    return asked.tried.first(trials)
