// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/sampling_fields.h"

#include <charconv>

#include "core/knob.h"

namespace tradewind {
namespace {

constexpr double kGreatestCount = 1 << 30;
constexpr SamplingField kFields[] = {
    {"temperature", "--temp", &Sampling::temperature, 0, 1e6},
    {"top_k", "--top-k", &Sampling::top_k, 0, kGreatestCount},
    {"top_p", "--top-p", &Sampling::top_p, 0, 1},
    {"min_p", "--min-p", &Sampling::min_p, 0, 1},
    {"typical", "--typical", &Sampling::typical, 0, 1},
    {"top_n_sigma", "--top-nsigma", &Sampling::top_n_sigma, -1, 100},
    {"repeat_penalty", "--repeat-penalty", &Sampling::repeat_penalty, 0.01, 100},
    {"presence_penalty", "--presence-penalty", &Sampling::presence_penalty, -100, 100},
    {"frequency_penalty", "--frequency-penalty", &Sampling::frequency_penalty, -100, 100},
    {"repeat_last_n", "--repeat-last-n", &Sampling::repeat_last_n, -1, kGreatestCount},
    {"dry_multiplier", "--dry-multiplier", &Sampling::dry_multiplier, 0, 100},
    {"dry_base", "--dry-base", &Sampling::dry_base, 1, 100},
    {"dry_allowed_length", "--dry-allowed-length", &Sampling::dry_allowed_length, 1, kGreatestCount},
    {"dry_last_n", "--dry-penalty-last-n", &Sampling::dry_last_n, -1, kGreatestCount},
};

template <typename Number>
bool ParseWhole(std::string_view text, Number& value) {
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  return parsed.ec == std::errc() && parsed.ptr == end;
}

Result<void> CheckField(const SamplingField& field, double value, std::string_view called) {
  if (value >= field.low && value <= field.high) return {};
  return Fail(Status(StatusCode::kInvalidInput, std::string(called) + " must be between " + ToText(KnobValue(field.low)) + " and " +
                                                    ToText(KnobValue(field.high)) + ", not " + ToText(KnobValue(value)))
                  .At(std::string(called)));
}

std::string FieldNames() {
  std::string names;
  for (const SamplingField& field : kFields) names += std::string(field.name) + ", ";
  return names + "seed";
}

}  // namespace

double SamplingField::Get(const Sampling& sampling) const {
  return std::visit([&](auto pointer) { return static_cast<double>(sampling.*pointer); }, member);
}

std::span<const SamplingField> SamplingFields() {
  return kFields;
}

Result<void> CheckSampling(const Sampling& sampling) {
  for (const SamplingField& field : kFields) TW_RETURN_IF_ERROR(CheckField(field, field.Get(sampling), field.flag));
  return {};
}

Result<void> SetSamplingField(Sampling& sampling, std::string_view name, std::string_view text) {
  const std::string where(name.substr(0, 64));
  const auto no_number = [&] {
    return Fail(Status(StatusCode::kInvalidInput, where + "=" + std::string(text.substr(0, 64)) + " is no number of its kind").At(where));
  };
  if (name == "seed") {
    if (!ParseWhole(text, sampling.seed)) return no_number();
    return {};
  }
  for (const SamplingField& field : kFields) {
    if (field.name != name) continue;
    if (!std::visit([&](auto pointer) { return ParseWhole(text, sampling.*pointer); }, field.member)) return no_number();
    return CheckField(field, field.Get(sampling), field.name);
  }
  return Fail(Status(StatusCode::kInvalidInput, "sampling has no \"" + where + "\"; it has " + FieldNames()).At(where));
}

}  // namespace tradewind
