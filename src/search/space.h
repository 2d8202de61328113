// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Space: a search space that strategies move in. A genome has one number a dimension: the index of a listed value, a point of the range,
// or kInactive where the dimension's condition does not hold. All that is made here is repaired (active where it must be, inactive
// elsewhere) and, where the space says which combinations exist, one that exists. Immutable; thread-safe.
//
//   TW_ASSIGN(Space space, Space::Make(search_space));
//   Genome g = space.Sample(random);
//   Point p = Measure(space.Decode(g));
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/random.h"
#include "base/status.h"
#include "core/strategy.h"

namespace tradewind {

using Genome = std::vector<double>;
inline constexpr double kInactive = -1e300;

// Where a search moves within a dimension's range: the range itself, or its logarithm. Genomes hold values, not places on this axis.
class RangeAxis {
 public:
  explicit RangeAxis(const SearchDimension& dimension);  // that has a range
  double low() const { return low_; }
  double width() const { return high_ - low_; }
  double Of(double value) const;
  double ValueAt(double place) const;  // within the range, whatever the place
  double ShareOf(double value) const { return (Of(value) - low_) / width(); }
  double ValueOfShare(double share) const { return ValueAt(low_ + share * width()); }

 private:
  RealDomain range_;
  bool logarithmic_;
  double low_, high_;
};

class Space {
 public:
  // kInvalidInput names the dimension: no value, an empty range, a condition on an unknown or later dimension, a knob twice.
  // kNotFound if no existing combination could be found.
  static Result<Space> Make(SearchSpace space);

  const SearchSpace& spec() const { return spec_; }
  size_t size() const { return spec_.dimensions.size(); }
  // Combinations, conditions and validity aside; absent with a range, or beyond 2^62.
  std::optional<uint64_t> Combinations() const;

  Setting Decode(const Genome& genome) const;
  // The genome of a setting; absent if it has a value outside the space.
  std::optional<Genome> Encode(const Setting& setting) const;
  bool Valid(const Genome& genome) const;

  // The i-th of Combinations(), the last dimension turning fastest; it may be invalid, and two indices may give the same genome where
  // dimensions are conditional.
  Genome At(uint64_t index) const;

  // The genome with kInactive where a dimension's condition does not hold. All values must be given, those of inactive dimensions too.
  Genome Repaired(Genome genome) const;

  // Uniform over the values of each dimension; of 1,000 draws the first that exists.
  Genome Sample(Random& random) const;
  // Each dimension changes with probability `rate`, at least one does: to another listed value (a neighbour for ordered ones, half of the
  // time), or by polynomial mutation (Deb, index 20) in a range. The parent itself if no change of 100 exists.
  Genome Mutate(const Genome& parent, double rate, Random& random) const;
  // Each dimension from either parent; ranges by simulated binary crossover (Deb and Agrawal 1995, index 15).
  Genome Cross(const Genome& a, const Genome& b, Random& random) const;
  // All that exist at one step: a listed value changed (to a neighbour if ordered); ranges stay as they are.
  std::vector<Genome> Neighbours(const Genome& genome) const;

  // For models: ordered values and ranges scaled to [0, 1], others one-hot; a conditional dimension has one more that says it is active.
  std::vector<double> Features(const Genome& genome) const;
  size_t feature_count() const { return feature_count_; }

 private:
  explicit Space(SearchSpace spec);
  bool Active(const Genome& genome, size_t dimension) const;
  void Repair(Genome& genome, Random& random) const;
  double SampleDimension(size_t dimension, Random& random) const;
  double MutateDimension(size_t dimension, double value, Random& random) const;

  SearchSpace spec_;
  std::vector<size_t> condition_on_;  // index of the dimension that a condition names; size() for none
  size_t feature_count_ = 0;
};

}  // namespace tradewind
