// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Adapter: low-rank additions to a model's matrices (LoRA, arXiv:2106.09685), kept beside them: out = W x + scale * B (A x). Checked
// against the model that it was loaded for, which must outlive it. Immutable: sessions with and without it share the model.
//
//   TW_ASSIGN(auto adapter, Adapter::Load("style.gguf", model));
//   const AdapterUse uses[] = {{adapter.get(), 0.5f}};
//   pass.Run({.tokens = tokens, .cache = &cache, .adapters = uses}, pool, sink);
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "kernels/packed_matrix.h"
#include "llm/model.h"

namespace tradewind {

// A and B in single precision, the rank padded by zeros to a multiple of 16.
struct AdapterPart {
  PackedMatrix a;   // [padded rank][the matrix's columns]
  PackedMatrix b;   // [the matrix's rows][padded rank]
  float scale = 1;  // alpha / rank
};

class Adapter {
 public:
  // Reads a GGUF adapter, or PEFT's safetensors with adapter_config.json beside. kInvalidInput or kUnsupported names the tensor or key that
  // does not fit the model.
  static Result<std::unique_ptr<const Adapter>> Load(const std::string& path, const Model& model);

  // What it adds to this matrix of the model; nullptr: nothing.
  const AdapterPart* Find(const PackedMatrix* matrix) const;
  int64_t parts() const { return static_cast<int64_t>(parts_.size()); }
  uint64_t memory_bytes() const;

 private:
  friend class AdapterLoader;
  std::map<const PackedMatrix*, AdapterPart> parts_;
};

struct AdapterUse {
  const Adapter* adapter;
  float scale;  // 0: not at all
};

// "a.gguf=0.5,b.gguf": files with a scale each, 1 unless given. kInvalidInput names what is no number.
struct AdapterFile {
  std::string path;
  float scale = 1;
};
Result<std::vector<AdapterFile>> ParseAdapterFiles(const std::string& text);
// "0.5,0": as many scales as there are files; empty: `files`' own.
Result<std::vector<float>> ParseAdapterScales(const std::string& text, const std::vector<AdapterFile>& files);

}  // namespace tradewind
