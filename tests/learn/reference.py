#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/learn/reference_numbers.h: what scikit-learn answers on data that the tests draw too.

  pip install numpy==2.4.6 scikit-learn==1.9.1 && python3 tests/learn/reference.py > tests/learn/reference_numbers.h
"""
import warnings

import numpy as np
from sklearn.ensemble import RandomForestRegressor
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.tree import DecisionTreeRegressor

warnings.filterwarnings("ignore")


def draw(seed, n):
    values = []
    for _ in range(n):
        seed = (1103515245 * seed + 12345) & 0x7FFFFFFF
        values.append((seed >> 21) / 1024.0)
    return np.array(values)


def emit(name, values):
    values = np.atleast_1d(np.asarray(values, dtype=float)).ravel()
    print(f"inline const std::vector<double> {name} = {{{', '.join(repr(float(v)) for v in values)}}};")


def friedman(x):  # without its sine, so that every machine computes the same bits
    return 10 * x[:, 0] * x[:, 1] + 20 * (x[:, 2] - 0.5) * (x[:, 2] - 0.5) + 10 * x[:, 3] + 5 * x[:, 4]


print("// SPDX-FileCopyrightText: 2026 The Tradewind Authors\n// SPDX-License-Identifier: Apache-2.0")
print("// Written by tests/learn/reference.py with scikit-learn; do not edit.\n// clang-format off\n#pragma once\n")
print("#include <vector>\n\nnamespace tradewind::reference {\n")

x = draw(1, 200 * 5).reshape(200, 5)
t = draw(2, 20 * 5).reshape(20, 5)
tree = DecisionTreeRegressor(max_depth=4, min_samples_leaf=5).fit(x, friedman(x))
emit("kTreePrediction", tree.predict(t))

x = draw(3, 300 * 10).reshape(300, 10)
t = draw(4, 200 * 10).reshape(200, 10)
errors, means = [], []
for s in range(5):
    f = RandomForestRegressor(300, max_features=1 / 3, random_state=s).fit(x, friedman(x))
    errors.append(np.mean((f.predict(t) - friedman(t)) ** 2))
    means.append(f.predict(t))
emit("kForestSquaredErrors", errors)
emit("kForestPrediction", np.mean(means, axis=0))

x = draw(5, 40 * 3).reshape(40, 3)
t = draw(6, 6 * 3).reshape(6, 3)
y = 3 * x[:, 0] + x[:, 1] * x[:, 1] + draw(7, 40) * 0.25
kernel = ConstantKernel(1.5) * Matern([0.6, 1.7, 4.0], nu=2.5) + WhiteKernel(0.02)
gp = GaussianProcessRegressor(kernel, alpha=0, optimizer=None, normalize_y=True).fit(x, y)
mean, cov = gp.predict(t, return_cov=True)
value, gradient = gp.log_marginal_likelihood(gp.kernel_.theta, eval_gradient=True)
emit("kGpMean", mean)
emit("kGpCovariance", cov)
emit("kGpLogLikelihood", value)
emit("kGpGradient", gradient)  # by log variance, log scales, log noise
best = GaussianProcessRegressor(
    ConstantKernel(1.0, (1e-3, 1e3)) * Matern([1.0] * 3, (1e-2, 1e2), nu=2.5) + WhiteKernel(0.1, (1e-8, 1e1)),
    alpha=0, normalize_y=True, n_restarts_optimizer=10, random_state=0).fit(x, y)
emit("kGpBestLogLikelihood", best.log_marginal_likelihood_value_)

x = draw(8, 60 * 4).reshape(60, 4)
y = 2 * x[:, 0] - x[:, 1] + 0.5 * draw(9, 60)
ridge = Ridge(0.7, solver="cholesky").fit(x, y)
emit("kRidge", [ridge.intercept_, *ridge.coef_])
label = (x[:, 0] + 0.3 * x[:, 1] + 0.8 * draw(10, 60) > 1.0).astype(int)
logistic = LogisticRegression(C=1 / 0.3, tol=1e-13, solver="newton-cholesky", max_iter=1000).fit(x, label)
emit("kLogistic", [logistic.intercept_[0], *logistic.coef_[0]])
weight = 1 + (np.arange(60) % 3)
logistic = LogisticRegression(C=1 / 0.3, tol=1e-13, solver="newton-cholesky", max_iter=1000).fit(x, label, sample_weight=weight)
emit("kLogisticWeighted", [logistic.intercept_[0], *logistic.coef_[0]])

print("\n}  // namespace tradewind::reference")
