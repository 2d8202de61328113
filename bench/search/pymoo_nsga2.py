#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""pymoo's NSGA-II on NAS-Bench-201, in the lines of strategies_bench: pip install pymoo==0.6.2, then
pymoo_nsga2.py TABLE.csv DEVICE TRIALS SEEDS [POPULATION].

Six integer variables of five operators, integer SBX and polynomial mutation as pymoo's documentation advises for integers, duplicates
eliminated. Only distinct nets count as trials: a net asked again within the run is looked up and free, as it is for our strategies.
"""
import csv
import sys
import time

import numpy as np
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.core.problem import ElementwiseProblem
from pymoo.indicators.hv import HV
from pymoo.operators.crossover.sbx import SBX
from pymoo.operators.mutation.pm import PM
from pymoo.operators.repair.rounding import RoundingRepair
from pymoo.operators.sampling.rnd import IntegerRandomSampling
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting

OPERATORS = ["none", "skip_connect", "avg_pool_3x3", "nor_conv_1x1", "nor_conv_3x3"]


def read(path, device):
    nets = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            ops = [p.split("~")[0] for p in row["arch"].split("|") if "~" in p]
            nets[tuple(OPERATORS.index(o) for o in ops)] = (-float(row["e200_cifar10_test"]), float(row["lat_ms_" + device]))
    return nets


class Nets(ElementwiseProblem):
    def __init__(self, nets):
        super().__init__(n_var=6, n_obj=2, xl=0, xu=4, vtype=int)
        self.nets = nets
        self.tried = {}

    def _evaluate(self, x, out, *args, **kwargs):
        key = tuple(int(v) for v in x)
        self.tried.setdefault(key, len(self.tried))
        out["F"] = self.nets[key]


def main():
    path, device, trials, seeds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    population = int(sys.argv[5]) if len(sys.argv) > 5 else 100
    nets = read(path, device)
    every = np.array(list(nets.values()))
    front = every[NonDominatedSorting().do(every, only_non_dominated_front=True)]
    reference = np.array([-10, every[:, 1].max()])
    near = front.max(axis=0) + 0.1 * (front.max(axis=0) - front.min(axis=0))
    whole, near_whole = HV(ref_point=reference)(front), HV(ref_point=near)(front)
    for seed in range(1, seeds + 1):
        problem = Nets(nets)
        start = time.time()
        algorithm = NSGA2(pop_size=population, sampling=IntegerRandomSampling(), eliminate_duplicates=True,
                          crossover=SBX(prob=1.0, eta=3.0, vtype=float, repair=RoundingRepair()),
                          mutation=PM(prob=1.0, eta=3.0, vtype=float, repair=RoundingRepair()))
        algorithm.setup(problem, termination=("n_eval", 100 * trials), seed=seed, verbose=False)
        generations = 0
        while len(problem.tried) < trials and algorithm.has_next() and generations < 2000:
            algorithm.next()
            generations += 1
        keys = sorted(problem.tried, key=problem.tried.get)[:trials]
        values = np.array([nets[k] for k in keys])
        print("pymoo:%d\t%s\t%d\t%d\t%.5f\t%.5f\t%d\t%.2f\t" % (population, device, trials, seed, HV(ref_point=reference)(values) / whole,
                                                             HV(ref_point=near)(values) / near_whole, len(keys), time.time() - start), flush=True)


main()
