// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Deb, Thiele, Laumanns and Zitzler, Scalable Multi-Objective Optimization Test Problems, CEC 2002, numbered as in their report of 2001
// (TIK-Report 112, ETH Zurich): dtlz7 is the paper's DTLZ6. The first m - 1 knobs place a point on the frontier, the last k ones move it
// away: k = 5 for dtlz1, 10 for 2 to 4, 20 for 7.
#include <cmath>
#include <numbers>

#include "synthetic/closed_form.h"

namespace tradewind {
namespace {

using std::numbers::pi;

// The many-peaked distance of dtlz1 and dtlz3 from the frontier.
double Rugged(std::span<const double> tail) {
  double sum = static_cast<double>(tail.size());
  for (const double x : tail) sum += (x - 0.5) * (x - 0.5) - std::cos(20 * pi * (x - 0.5));
  return 100 * sum;
}

double Smooth(std::span<const double> tail) {
  double sum = 0;
  for (const double x : tail) sum += (x - 0.5) * (x - 0.5);
  return sum;
}

std::vector<double> Linear(std::span<const double> x, size_t m) {
  const double g = Rugged(x.subspan(m - 1));
  std::vector<double> f;
  for (size_t i = 0; i < m; ++i) {
    double value = 0.5 * (1 + g);
    for (size_t j = 0; j + i + 1 < m; ++j) value *= x[j];
    if (i > 0) value *= 1 - x[m - 1 - i];
    f.push_back(value);
  }
  return f;
}

// A part of the unit sphere, blown up by 1 + g; `power` bends the knobs (dtlz4 gathers points at the edges).
std::vector<double> Sphere(std::span<const double> x, size_t m, double g, double power) {
  std::vector<double> f;
  const auto angle = [&](size_t j) { return std::pow(x[j], power) * pi / 2; };
  for (size_t i = 0; i < m; ++i) {
    double value = 1 + g;
    for (size_t j = 0; j + i + 1 < m; ++j) value *= std::cos(angle(j));
    if (i > 0) value *= std::sin(angle(m - 1 - i));
    f.push_back(value);
  }
  return f;
}

std::vector<double> Patches(std::span<const double> x, size_t m) {
  const std::span<const double> tail = x.subspan(m - 1);
  double g = 0;
  for (const double v : tail) g += v;
  g = 1 + 9 * g / static_cast<double>(tail.size());
  std::vector<double> f(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(m - 1));
  double h = static_cast<double>(m);
  for (const double v : f) h -= v / (1 + g) * (1 + std::sin(3 * pi * v));
  f.push_back((1 + g) * h);
  return f;
}

}  // namespace

std::optional<ClosedForm> MakeDtlz(int number, size_t metrics) {
  const size_t m = metrics;
  ClosedForm p{.name = "dtlz" + std::to_string(number) + ":" + std::to_string(m),
               .formula = {},
               .knobs = {},
               .metrics = m,
               .reference = {},
               .evaluate = {}};
  size_t tail = 10;
  double worst = 1;
  const std::string sphere = "f = (1 + g) * a point of the unit sphere at angles pi/2 xi";
  const std::string rugged = "g = 100 (k + sum((xi - 0.5)^2 - cos(20 pi (xi - 0.5))))";
  switch (number) {
    case 1:
      tail = 5;
      worst = 0.5;
      p.formula = "f = (1 + g)/2 * a point of the simplex, " + rugged;
      p.evaluate = [m](std::span<const double> x) { return Linear(x, m); };
      break;
    case 2:
      p.formula = sphere + ", g = sum (xi - 0.5)^2";
      p.evaluate = [m](std::span<const double> x) { return Sphere(x, m, Smooth(x.subspan(m - 1)), 1); };
      break;
    case 3:
      p.formula = sphere + ", " + rugged;
      p.evaluate = [m](std::span<const double> x) { return Sphere(x, m, Rugged(x.subspan(m - 1)), 1); };
      break;
    case 4:
      p.formula = sphere + "^100, g = sum (xi - 0.5)^2";
      p.evaluate = [m](std::span<const double> x) { return Sphere(x, m, Smooth(x.subspan(m - 1)), 100); };
      break;
    case 7:
      tail = 20;
      p.formula = "fi = xi, fm = (1 + g) (m - sum(fi/(1 + g) (1 + sin(3 pi fi)))), g = 1 + 9 mean(tail)";
      p.evaluate = [m](std::span<const double> x) { return Patches(x, m); };
      break;
    default: return std::nullopt;
  }
  p.knobs.assign(m - 1 + tail, RealDomain{0, 1});
  p.reference.assign(m, 1.1 * worst);
  if (number == 7) p.reference.back() = 2.2 * static_cast<double>(m);
  return p;
}

}  // namespace tradewind
