// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Models split over several GGUF files: NAME-00001-of-00003.gguf and so on, each a whole GGUF file. All have the keys split.no (from 0),
// split.count and split.tensors.count (of all parts together); the first has the model's other keys as well. Only gguf.cc uses this.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"
#include "formats/gguf.h"

namespace tradewind {

inline constexpr std::string_view kSplitNoKey = "split.no";
inline constexpr std::string_view kSplitCountKey = "split.count";
inline constexpr std::string_view kSplitTensorsKey = "split.tensors.count";

// What a file says of its place among the parts. A file without the keys is the only part.
struct GgufPart {
  uint64_t number = 0;  // from 0
  uint64_t count = 1;
  uint64_t tensors = 0;  // of all parts
};
// kInvalidInput naming the key if the numbers cannot be.
Result<GgufPart> PartOf(const Gguf& file);

// The path of part `number` (from 0) of the model whose part `part` lies at `path`. kInvalidInput if `path` does not end as that part's
// must.
Result<std::string> PathOfPart(const std::string& path, const GgufPart& part, uint64_t number);

// An error about a key of a file, at its place.
tl::unexpected<Status> BadKey(const Gguf& file, std::string_view key, const std::string& problem);

}  // namespace tradewind
