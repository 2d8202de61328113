// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Zitzler, Deb and Thiele, Comparison of Multiobjective Evolutionary Algorithms: Empirical Results, Evolutionary Computation 8, 2000,
// definition 4.
#include <cmath>
#include <numbers>

#include "synthetic/closed_form.h"

namespace tradewind {
namespace {

using std::numbers::pi;

constexpr size_t kManyKnobs = 30;
constexpr size_t kFewKnobs = 10;

// 1 + 9 * the mean of all but the first.
double Distance(std::span<const double> x) {
  double sum = 0;
  for (size_t i = 1; i < x.size(); ++i) sum += x[i];
  return 1 + 9 * sum / static_cast<double>(x.size() - 1);
}

std::vector<double> Zdt1(std::span<const double> x) {
  const double g = Distance(x);
  return {x[0], g * (1 - std::sqrt(x[0] / g))};
}

std::vector<double> Zdt2(std::span<const double> x) {
  const double g = Distance(x);
  return {x[0], g * (1 - (x[0] / g) * (x[0] / g))};
}

std::vector<double> Zdt3(std::span<const double> x) {
  const double g = Distance(x);
  return {x[0], g * (1 - std::sqrt(x[0] / g) - x[0] / g * std::sin(10 * pi * x[0]))};
}

std::vector<double> Zdt4(std::span<const double> x) {
  double g = 1 + 10 * static_cast<double>(x.size() - 1);
  for (size_t i = 1; i < x.size(); ++i) g += x[i] * x[i] - 10 * std::cos(4 * pi * x[i]);
  return {x[0], g * (1 - std::sqrt(x[0] / g))};
}

std::vector<double> Zdt6(std::span<const double> x) {
  const double f1 = 1 - std::exp(-4 * x[0]) * std::pow(std::sin(6 * pi * x[0]), 6);
  double sum = 0;
  for (size_t i = 1; i < x.size(); ++i) sum += x[i];
  const double g = 1 + 9 * std::pow(sum / static_cast<double>(x.size() - 1), 0.25);
  return {f1, g * (1 - (f1 / g) * (f1 / g))};
}

}  // namespace

std::optional<ClosedForm> MakeZdt(int number) {
  ClosedForm p{.name = "zdt" + std::to_string(number), .formula = {}, .knobs = {}, .metrics = 2, .reference = {1.1, 1.1}, .evaluate = {}};
  const std::string mean = "g = 1 + 9 mean(x2..xn)";
  p.knobs.assign(number == 4 || number == 6 ? kFewKnobs : kManyKnobs, RealDomain{0, 1});
  switch (number) {
    case 1:
      p.formula = "f1 = x1, f2 = g (1 - sqrt(f1/g)), " + mean;
      p.evaluate = Zdt1;
      return p;
    case 2:
      p.formula = "f1 = x1, f2 = g (1 - (f1/g)^2), " + mean;
      p.evaluate = Zdt2;
      return p;
    case 3:
      p.formula = "f1 = x1, f2 = g (1 - sqrt(f1/g) - f1/g sin(10 pi f1)), " + mean;
      p.evaluate = Zdt3;
      return p;
    case 4:
      p.formula = "f1 = x1, f2 = g (1 - sqrt(f1/g)), g = 1 + 10 (n - 1) + sum(xi^2 - 10 cos(4 pi xi)), xi in [-5, 5]";
      p.evaluate = Zdt4;
      for (size_t i = 1; i < p.knobs.size(); ++i) p.knobs[i] = {-5, 5};
      return p;
    case 6:
      p.formula = "f1 = 1 - exp(-4 x1) sin(6 pi x1)^6, f2 = g (1 - (f1/g)^2), g = 1 + 9 mean(x2..xn)^0.25";
      p.evaluate = Zdt6;
      return p;
    default: return std::nullopt;
  }
}

}  // namespace tradewind
