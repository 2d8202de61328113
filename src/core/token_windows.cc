// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/token_windows.h"

#include <cstddef>

namespace tradewind {

Result<std::vector<std::vector<int32_t>>> TokenWindows(const Instance& instance, const std::string& text, int64_t size) {
  Prompt prompt;
  prompt.raw = text;
  TW_ASSIGN(const std::vector<int32_t> ids, instance.Tokenize(prompt));
  prompt.raw = "";
  TW_ASSIGN(const std::vector<int32_t> bos, instance.Tokenize(prompt));
  std::vector<std::vector<int32_t>> windows;
  for (auto begin = ids.begin(); ids.end() - begin >= size; begin += size) {
    windows.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(size));
    if (!bos.empty()) windows.back()[0] = bos[0];
  }
  return windows;
}

}  // namespace tradewind
