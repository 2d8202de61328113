// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/space.h"

#include <algorithm>
#include <cmath>

#include "search/encoding.h"

namespace tradewind {
namespace {

constexpr uint64_t kMostCombinations = uint64_t{1} << 62;
constexpr int kDraws = 1000;
constexpr int kMutations = 100;
constexpr double kCrossIndex = 15;
constexpr double kMutationIndex = 20;

Status Bad(const SearchDimension& dimension, const std::string& what) {
  return Status(StatusCode::kInvalidInput, "the search dimension \"" + dimension.knob + "\" " + what).At(dimension.knob);
}

size_t IndexOf(const std::vector<KnobValue>& values, const KnobValue& value) {
  return static_cast<size_t>(std::find(values.begin(), values.end(), value) - values.begin());
}

}  // namespace

RangeAxis::RangeAxis(const SearchDimension& dimension)
    : range_(*dimension.range), logarithmic_(dimension.logarithmic), low_(Of(range_.min)), high_(Of(range_.max)) {}

double RangeAxis::Of(double value) const {
  return logarithmic_ ? std::log(value) : value;
}

double RangeAxis::ValueAt(double place) const {
  return std::clamp(logarithmic_ ? std::exp(place) : place, range_.min, range_.max);
}

Space::Space(SearchSpace spec) : spec_(std::move(spec)), condition_on_(spec_.dimensions.size(), spec_.dimensions.size()) {
  for (const SearchDimension& d : spec_.dimensions) feature_count_ += (d.range || d.ordered ? 1 : d.values.size()) + (d.when ? 1 : 0);
}

Result<Space> Space::Make(SearchSpace spec) {
  Space space(std::move(spec));
  const std::vector<SearchDimension>& dimensions = space.spec_.dimensions;
  for (size_t i = 0; i < dimensions.size(); ++i) {
    const SearchDimension& d = dimensions[i];
    const auto named = [](const std::string& knob) { return [&knob](const SearchDimension& other) { return other.knob == knob; }; };
    const auto end = dimensions.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::any_of(dimensions.begin(), end, named(d.knob))) return Fail(Bad(d, "is given twice; keep one"));
    if (d.range ? !(d.range->min < d.range->max) || !d.values.empty() : d.values.empty()) {
      return Fail(Bad(d, "has no values; list some, or give a range whose ends differ"));
    }
    if (d.logarithmic && (!d.range || d.range->min <= 0)) {
      return Fail(Bad(d, "is logarithmic, which takes a range above 0; give positive ends"));
    }
    if (!d.when) continue;
    const auto on = std::find_if(dimensions.begin(), end, named(d.when->knob));
    if (on == end || on->range)
      return Fail(Bad(d, "depends on \"" + d.when->knob + "\", which is no earlier dimension with listed values"));
    space.condition_on_[i] = static_cast<size_t>(on - dimensions.begin());
  }
  Random random(1);
  if (!space.Valid(space.Sample(random))) {
    return Fail(StatusCode::kNotFound,
                "no combination of the knobs' values exists (" + std::to_string(kDraws) + " were tried); give other values");
  }
  return space;
}

std::optional<uint64_t> Space::Combinations() const {
  uint64_t total = 1;
  for (const SearchDimension& d : spec_.dimensions) {
    if (d.range || total > kMostCombinations / d.values.size()) return std::nullopt;
    total *= d.values.size();
  }
  return total;
}

bool Space::Active(const Genome& genome, size_t dimension) const {
  const size_t on = condition_on_[dimension];
  if (on == size()) return true;
  if (genome[on] == kInactive) return false;
  const std::vector<KnobValue>& wanted = spec_.dimensions[dimension].when->values;
  return IndexOf(wanted, spec_.dimensions[on].values[static_cast<size_t>(genome[on])]) < wanted.size();
}

Setting Space::Decode(const Genome& genome) const {
  Setting setting = spec_.base;
  for (size_t i = 0; i < size(); ++i) {
    const SearchDimension& d = spec_.dimensions[i];
    if (genome[i] == kInactive) {
      setting.Erase(d.knob);
    } else {
      setting.Set(d.knob, d.range ? KnobValue(genome[i]) : d.values[static_cast<size_t>(genome[i])]);
    }
  }
  return setting;
}

std::optional<Genome> Space::Encode(const Setting& setting) const {
  Genome genome(size(), kInactive);
  for (size_t i = 0; i < size(); ++i) {
    const SearchDimension& d = spec_.dimensions[i];
    if (!Active(genome, i)) continue;
    const KnobValue* value = setting.Find(d.knob);
    if (value == nullptr) return std::nullopt;
    if (d.range) {
      const double* real = std::get_if<double>(value);
      if (real == nullptr || *real < d.range->min || *real > d.range->max) return std::nullopt;
      genome[i] = *real;
    } else {
      const size_t index = IndexOf(d.values, *value);
      if (index == d.values.size()) return std::nullopt;
      genome[i] = static_cast<double>(index);
    }
  }
  return genome;
}

bool Space::Valid(const Genome& genome) const {
  return !spec_.valid || spec_.valid(Decode(genome));
}

Genome Space::At(uint64_t index) const {
  Genome genome(size(), 0);
  for (size_t i = size(); i-- > 0;) {
    const uint64_t count = spec_.dimensions[i].values.size();
    genome[i] = static_cast<double>(index % count);
    index /= count;
  }
  return Repaired(std::move(genome));
}

Genome Space::Repaired(Genome genome) const {
  for (size_t i = 0; i < size(); ++i) {
    if (!Active(genome, i)) genome[i] = kInactive;
  }
  return genome;
}

double Space::SampleDimension(size_t dimension, Random& random) const {
  const SearchDimension& d = spec_.dimensions[dimension];
  if (d.range) return RangeAxis(d).ValueOfShare(random.Uniform());
  return static_cast<double>(random.Below(d.values.size()));
}

void Space::Repair(Genome& genome, Random& random) const {
  for (size_t i = 0; i < size(); ++i) {
    if (!Active(genome, i)) {
      genome[i] = kInactive;
    } else if (genome[i] == kInactive) {
      genome[i] = SampleDimension(i, random);
    }
  }
}

Genome Space::Sample(Random& random) const {
  Genome genome(size());
  for (int draw = 0; draw < kDraws; ++draw) {
    for (size_t i = 0; i < size(); ++i) genome[i] = SampleDimension(i, random);
    Repair(genome, random);
    if (Valid(genome)) break;
  }
  return genome;
}

double Space::MutateDimension(size_t dimension, double value, Random& random) const {
  const SearchDimension& d = spec_.dimensions[dimension];
  if (d.range) {
    const double u = random.Uniform();
    const double power = 1 / (kMutationIndex + 1);
    const double step = u < 0.5 ? std::pow(2 * u, power) - 1 : 1 - std::pow(2 * (1 - u), power);
    const RangeAxis axis(d);
    return axis.ValueAt(axis.Of(value) + step * axis.width());
  }
  const size_t count = d.values.size();
  if (count == 1) return value;
  const auto index = static_cast<size_t>(value);
  if (d.ordered && random.Uniform() < 0.5) {
    const bool up = index == 0 || (index + 1 < count && random.Uniform() < 0.5);
    return static_cast<double>(up ? index + 1 : index - 1);
  }
  const auto other = static_cast<size_t>(random.Below(count - 1));
  return static_cast<double>(other < index ? other : other + 1);
}

Genome Space::Mutate(const Genome& parent, double rate, Random& random) const {
  if (size() == 0) return parent;
  for (int attempt = 0; attempt < kMutations; ++attempt) {
    Genome child = parent;
    const size_t forced = random.Below(size());
    for (size_t i = 0; i < size(); ++i) {
      if (child[i] != kInactive && (i == forced || random.Uniform() < rate)) child[i] = MutateDimension(i, child[i], random);
    }
    Repair(child, random);
    if (child != parent && Valid(child)) return child;
  }
  return parent;
}

Genome Space::Cross(const Genome& a, const Genome& b, Random& random) const {
  Genome child(size());
  for (size_t i = 0; i < size(); ++i) {
    const SearchDimension& d = spec_.dimensions[i];
    child[i] = random.Uniform() < 0.5 ? a[i] : b[i];
    if (!d.range || a[i] == kInactive || b[i] == kInactive) continue;
    const double u = random.Uniform();
    const double power = 1 / (kCrossIndex + 1);
    const double spread = u <= 0.5 ? std::pow(2 * u, power) : std::pow(1 / (2 * (1 - u)), power);
    const double side = random.Uniform() < 0.5 ? spread : -spread;
    const RangeAxis axis(d);
    const double at = axis.Of(a[i]);
    const double bt = axis.Of(b[i]);
    child[i] = axis.ValueAt((at + bt + side * (at - bt)) / 2);
  }
  Repair(child, random);
  return Valid(child) ? child : a;
}

std::vector<Genome> Space::Neighbours(const Genome& genome) const {
  std::vector<Genome> all;
  Random random(1);  // for dimensions that a change makes active
  for (size_t i = 0; i < size(); ++i) {
    const SearchDimension& d = spec_.dimensions[i];
    if (d.range || genome[i] == kInactive) continue;
    for (size_t value = 0; value < d.values.size(); ++value) {
      const double step = std::abs(static_cast<double>(value) - genome[i]);
      if (step == 0 || (d.ordered && step > 1)) continue;
      Genome other = genome;
      other[i] = static_cast<double>(value);
      Repair(other, random);
      if (Valid(other)) all.push_back(std::move(other));
    }
  }
  return all;
}

std::vector<double> Space::Features(const Genome& genome) const {
  std::vector<double> features;
  features.reserve(feature_count_);
  for (size_t i = 0; i < size(); ++i) {
    const SearchDimension& d = spec_.dimensions[i];
    const bool active = genome[i] != kInactive;
    if (d.when) features.push_back(active ? 1 : 0);
    if (d.range) {
      features.push_back(active ? RangeAxis(d).ShareOf(genome[i]) : 0);
    } else if (d.ordered) {
      features.push_back(active && d.values.size() > 1 ? genome[i] / static_cast<double>(d.values.size() - 1) : 0);
    } else {
      AppendOneHot(d.values.size(), active ? std::optional(static_cast<size_t>(genome[i])) : std::nullopt, features);
    }
  }
  return features;
}

}  // namespace tradewind
