// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/distributions.h"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <numbers>

#include "base/numbers.h"

namespace tradewind {
namespace {

// Boost throws by default; here a bad argument is a NaN.
using Policy = boost::math::policies::policy<boost::math::policies::domain_error<boost::math::policies::ignore_error>,
                                             boost::math::policies::pole_error<boost::math::policies::ignore_error>,
                                             boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
                                             boost::math::policies::evaluation_error<boost::math::policies::ignore_error>,
                                             boost::math::policies::promote_double<false>>;

}  // namespace

double NormalQuantile(double p) {
  if (!(p > 0 && p < 1)) return kNan;
  return -std::sqrt(2.0) * boost::math::erfc_inv(2 * p, Policy());
}

double NormalCdf(double x) {
  return 0.5 * std::erfc(-x / std::sqrt(2.0));
}

double NormalDensity(double x) {
  return std::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi);
}

double StudentQuantile(double p, double degrees) {
  if (!(p > 0 && p < 1) || !(degrees > 0)) return kNan;
  return boost::math::quantile(boost::math::students_t_distribution<double, Policy>(degrees), p);
}

double BinomialCdf(int64_t successes, int64_t trials, double p) {
  if (!(p >= 0 && p <= 1) || trials <= 0 || successes < 0 || successes > trials) return kNan;
  const boost::math::binomial_distribution<double, Policy> distribution(static_cast<double>(trials), p);
  return boost::math::cdf(distribution, static_cast<double>(successes));
}

}  // namespace tradewind
