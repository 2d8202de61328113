// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/model_rack.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "base/cpu.h"
#include "compress/find_weights.h"
#include "policy/recent_answers.h"

namespace tradewind {
namespace {

constexpr uint64_t kMostByDefault = uint64_t{2} << 30;

uint64_t KeysAndValues(const RackOptions& options, const LanguageModelInstance& instance) {
  const LlmOptions& o = instance.options();
  const ModelSpec& spec = instance.model().spec();
  const uint64_t a_context = KvCache::BytesFor(spec, o.key_type, o.value_type, o.context);
  if (options.kv_bytes > 0) return options.kv_bytes;
  // What is kept for later fills all of it in time.
  const uint64_t all = std::max(a_context + a_context / 8, std::min(a_context * static_cast<uint64_t>(options.running), kMostByDefault));
  const MemoryGrant grant = ReadMemoryGrant();
  if (grant.limit_bytes == 0) return all;
  return std::max(a_context + a_context / 8, std::min(all, grant.available_bytes / 4));
}

}  // namespace

Result<Embedding> LoadedModel::Embed(const std::vector<int32_t>& ids) {
  const std::lock_guard alone(embedding_);
  const std::lock_guard turn(*turn_);
  return embedder_->EmbedIds(ids);
}

Result<void> ModelRack::Load(const std::string& name, const Setting& setting) {
  const std::lock_guard alone(loading_);
  if (All().size() >= options_.models) {
    return Fail(Status(StatusCode::kInvalidInput, std::to_string(options_.models) + " models are loaded, as many as may be; unload one")
                    .At("model"));
  }
  if (Find(name) && !name.empty()) {
    return Fail(Status(StatusCode::kInvalidInput, "a model of the name " + name + " is loaded already").At("model"));
  }
  TW_ASSIGN(const std::string path, FindWeights(setting));
  auto model = std::make_shared<LoadedModel>();
  model->name = name;
  model->path = path;
  model->turn_ = &turn_;
  TW_ASSIGN(model->instance, LanguageModelInstance::Open(path, setting, {}, RealClock()));
  TW_RETURN_IF_ERROR(model->instance->Warm());
  TW_ASSIGN(const std::string_view source, model->instance->model().file().metadata().StringOr("tokenizer.chat_template", ""));
  model->notation = NotationOf(source);
  model->shows_tools = TemplateShowsTools(source);
  model->embedder_ = std::make_unique<Embedder>(*model->instance, EmbeddingOptions{});
  if (model->instance->model().spec().generates) {
    const BatchOptions options{.running = options_.running,
                               .step_tokens = options_.step_tokens,
                               .kv_bytes = KeysAndValues(options_, *model->instance),
                               .turn = &turn_};
    TW_ASSIGN(model->engine, BatchEngine::Start(*model->instance, options));
    model->door = std::make_shared<ModelAdmission>(options_.admission, model->engine->scheduler_options());
  }
  model->loaded_unix_s = static_cast<int64_t>(UnixSeconds());
  const std::lock_guard lock(mutex_);
  models_.push_back(std::move(model));
  return {};
}

Result<void> ModelRack::Unload(const std::string& name) {
  std::shared_ptr<LoadedModel> model;
  TW_ASSIGN(model, Find(name));
  const std::lock_guard lock(mutex_);
  std::erase(models_, model);
  if (model->engine) model->engine->Drain();
  return {};
}

Result<std::shared_ptr<LoadedModel>> ModelRack::Find(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  std::string there;
  for (const std::shared_ptr<LoadedModel>& model : models_) {
    if (name.empty() || model->name == name || model->path == name) return model;
    there += (there.empty() ? "" : ", ") + model->name;
  }
  return Fail(
      Status(StatusCode::kNotFound, "there is no model \"" + name + "\" here; there are: " + (there.empty() ? "none" : there)).At("model"));
}

std::vector<std::shared_ptr<LoadedModel>> ModelRack::All() const {
  const std::lock_guard lock(mutex_);
  return models_;
}

void ModelRack::Drain() {
  for (const std::shared_ptr<LoadedModel>& model : All()) {
    if (!model->engine) continue;
    model->door->Drain();
    model->engine->Drain();
  }
}

void ModelRack::CancelAll() {
  for (const std::shared_ptr<LoadedModel>& model : All()) {
    if (model->engine) model->engine->CancelAll();
  }
}

bool ModelRack::Idle() const {
  return std::ranges::all_of(All(), [](const std::shared_ptr<LoadedModel>& model) {
    if (!model->engine) return true;
    const BatchLoad load = model->engine->load();
    return load.arriving == 0 && load.scheduler.running == 0 && load.scheduler.waiting == 0;
  });
}

}  // namespace tradewind
