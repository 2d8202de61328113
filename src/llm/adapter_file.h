// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The two forms of an adapter's file, read into one: pairs of matrices by the name of the tensor that they change.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "formats/gguf.h"
#include "formats/safetensors.h"
#include "llm/model_spec.h"

namespace tradewind {

struct LowRankPair {
  int64_t rank = 0;
  int64_t columns = 0;   // of A
  int64_t rows = 0;      // of B
  std::vector<float> a;  // [rank][columns]
  std::vector<float> b;  // [rows][rank]
};

struct AdapterContents {
  std::map<std::string, LowRankPair> pairs;  // by the model's tensor: "blk.0.attn_q.weight"
  double alpha = 0;                          // 0: the pairs are not scaled
};

// Whether the model has a matrix of this name and size for a pair to change.
using FitsModel = std::function<Result<void>(const std::string& tensor, int64_t columns, int64_t rows)>;

// Both read all names and shapes, and ask `fits` of each pair, before they turn any number into a float.
// general.type "adapter", adapter.type "lora", NAME.lora_a and NAME.lora_b.
Result<AdapterContents> ReadGgufAdapter(const std::string& path, const ModelSpec& spec, const FitsModel& fits);
Result<AdapterContents> ReadGgufAdapter(const Gguf& file, const ModelSpec& spec, const FitsModel& fits);
// PEFT's adapter_model.safetensors, with adapter_config.json beside it. Rows of queries and keys are put in the order of the model's
// rotation.
Result<AdapterContents> ReadPeftAdapter(const std::string& path, const ModelSpec& spec, const FitsModel& fits);
// `config` is the text of adapter_config.json.
Result<AdapterContents> ReadPeftAdapter(const Safetensors& file, std::string_view config, const ModelSpec& spec, const FitsModel& fits);

// Bytes that an adapter takes while it is read and packed: its numbers in single precision, and again with the rank padded to kRowGroup.
Result<uint64_t> AdapterBytes(const std::string& path);

}  // namespace tradewind
