// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ModelRack: the models that a server has loaded, by name. Each has an engine for its answers and an embedder for its vectors; all share
// one turn for the cores. Models come and go while others answer: who found one keeps it until they let go. Thread-safe.
//
//   TW_RETURN_IF_ERROR(rack.Load("smollm2-135m", setting));
//   TW_ASSIGN(const std::shared_ptr<LoadedModel> model, rack.Find(request.model));
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/fair_turn.h"
#include "llm/batch_engine.h"
#include "llm/embedder.h"
#include "serve/admitted.h"
#include "serve/api/tool_notation.h"

namespace tradewind {

struct LoadedModel {
  std::string name;
  std::string path;
  int64_t loaded_unix_s = 0;
  std::unique_ptr<LanguageModelInstance> instance;
  std::unique_ptr<BatchEngine> engine;   // null: an encoder, which generates nothing
  std::shared_ptr<ModelAdmission> door;  // of the engine
  ToolNotation notation = ToolNotation::kTags;
  bool shows_tools = false;  // its template does

  // Vectors of texts, one after the other.
  Result<Embedding> Embed(const std::vector<int32_t>& ids);

 private:
  friend class ModelRack;
  std::mutex embedding_;
  std::unique_ptr<Embedder> embedder_;
  FairTurn* turn_ = nullptr;
};

struct RackOptions {
  int64_t running = 64;  // sequences of a model at once
  int64_t step_tokens = 512;
  uint64_t kv_bytes = 0;  // of each model; 0: as many whole contexts as may run, at most 2 GiB and a quarter of the memory that is free
  size_t models = 16;     // at once
  AdmissionOptions admission{};  // of each model
};

class ModelRack {
 public:
  explicit ModelRack(const RackOptions& options) : options_(options) {}

  // Loads and warms. `setting` has the knob `model`, a name or a path; the model is known by `name`. kInvalidInput if the name is taken or
  // the rack is full; else what opening says.
  Result<void> Load(const std::string& name, const Setting& setting);
  // Takes no more for it; answers that run end before the model goes.
  Result<void> Unload(const std::string& name);
  // The name, its path, or, for an empty name, the first one that was loaded. kNotFound names those there are.
  Result<std::shared_ptr<LoadedModel>> Find(const std::string& name) const;
  // In the order of their loading.
  std::vector<std::shared_ptr<LoadedModel>> All() const;
  // No engine takes more.
  void Drain();
  // All answers end as cancelled.
  void CancelAll();
  // Whether no engine has anything to do.
  bool Idle() const;

 private:
  const RackOptions options_;
  FairTurn turn_;
  std::mutex loading_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<LoadedModel>> models_;
};

}  // namespace tradewind
