// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "api/model.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>

#include "api/api.h"
#include "base/mapping_guard.h"
#include "compress/find_weights.h"

namespace tradewind::api {
namespace {

std::atomic<bool> guard_mappings{true};

Result<std::unique_ptr<tw_model>> Open(const char* model, const char* setting_text, const char* budget_text) {
  const std::vector<Knob> knobs = DescribeLlmKnobs();
  TW_ASSIGN(Setting setting, Setting::Parse(TextOf(setting_text), knobs));
  TW_ASSIGN(const Budget budget, Budget::Parse(TextOf(budget_text)));
  if (model != nullptr) setting.Set("model", std::string(model));
  if (!setting.Has("model"))
    return Fail(Status(StatusCode::kInvalidInput, "no model is named; give its name or file, or model=... in the setting").At("model"));
  TW_ASSIGN(const std::string path, FindWeights(setting));
  auto out = std::make_unique<tw_model>();
  TW_ASSIGN(out->instance, LanguageModelInstance::Open(path, setting, budget, RealClock()));
  out->request = setting.OfStages(knobs, Stage::kRequest, Stage::kStep);
  out->setting_text = out->instance->setting().With(out->request).Text();
  return out;
}

}  // namespace
}  // namespace tradewind::api

using tradewind::Result;
using tradewind::api::Given;
using tradewind::api::Guarded;

void tw_leave_sigbus_alone(void) {
  tradewind::api::guard_mappings = false;
}

tw_error* tw_open(const char* model, const char* setting, const char* budget, tw_model** out) {
  return Guarded([&]() -> Result<void> {
    TW_RETURN_IF_ERROR(Given(out, "out"));
    if (tradewind::api::guard_mappings) tradewind::GuardMappings();
    TW_ASSIGN(auto opened, tradewind::api::Open(model, setting, budget));
    *out = opened.release();
    return {};
  });
}

void tw_close(tw_model* model) {
  delete model;
}

const char* tw_model_setting(const tw_model* model) {
  return model != nullptr ? model->setting_text.c_str() : "";
}

uint64_t tw_model_memory_bytes(const tw_model* model) {
  return model != nullptr ? model->instance->memory_bytes() : 0;
}

tw_error* tw_tokenize(const tw_model* model, const char* text, size_t length, int32_t** ids, size_t* count) {
  return Guarded([&]() -> Result<void> {
    TW_RETURN_IF_ERROR(Given(model, "model"));
    TW_RETURN_IF_ERROR(Given(length > 0 ? text : "", "text"));
    TW_RETURN_IF_ERROR(Given(ids, "ids"));
    TW_RETURN_IF_ERROR(Given(count, "count"));
    TW_ASSIGN(const std::vector<int32_t> encoded, model->instance->tokenizer().Encode({text, length}, tradewind::SpecialTokens::kAsText));
    auto* const copy = static_cast<int32_t*>(std::malloc(std::max<size_t>(1, encoded.size()) * sizeof(int32_t)));
    if (copy == nullptr) throw std::bad_alloc();
    std::copy(encoded.begin(), encoded.end(), copy);
    *ids = copy;
    *count = encoded.size();
    return {};
  });
}

void tw_ids_free(int32_t* ids) {
  std::free(ids);
}
