// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ShadowPages: what an engine's pages would hold, to hold a scheduler to it. The keys and values of a position depend on its token and on
// all before it: so a position holds a hash of just these. A pass that reads a position which was not computed with the sequence's own
// tokens is found, whoever's fault it was (a page shared wrongly, evicted too early, written by two, a copy too short).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sched/step.h"

namespace tradewind {

class ShadowPages {
 public:
  ShadowPages(int64_t pages, int64_t page_positions)
      : page_positions_(page_positions), content_(static_cast<size_t>(pages * page_positions), kNothing) {}

  // Each position's hash: of all tokens up to it.
  static std::vector<uint64_t> Hashes(std::span<const int32_t> text) {
    std::vector<uint64_t> hashes;
    uint64_t hash = 0x9E3779B97F4A7C15u;
    for (const int32_t token : text) {
      hash = (hash ^ static_cast<uint32_t>(token)) * 0xBF58476D1CE4E5B9u;
      hash ^= hash >> 29;
      hashes.push_back(hash | 1);
    }
    return hashes;
  }

  void Copy(const PageCopy& copy) {
    for (int64_t i = 0; i < copy.positions; ++i) At(copy.to, i) = At(copy.from, i);
  }

  // Empty, or what is wrong: all positions before the chunk must hold the sequence's own.
  std::string Read(const StepChunk& chunk, std::span<const uint64_t> hashes) {
    for (int64_t position = 0; position < chunk.begin; ++position) {
      const auto page = static_cast<size_t>(position / page_positions_);
      if (page >= chunk.pages.size()) return Wrong(chunk, position, "has no page");
      const uint64_t there = At(chunk.pages[page], position % page_positions_);
      if (there != hashes[static_cast<size_t>(position)]) return Wrong(chunk, position, there == kNothing ? "is empty" : "is another's");
    }
    return "";
  }

  std::string Write(const StepChunk& chunk, std::span<const uint64_t> hashes) {
    for (int64_t position = chunk.begin; position < chunk.begin + chunk.count; ++position) {
      const auto page = static_cast<size_t>(position / page_positions_);
      if (page >= chunk.pages.size()) return Wrong(chunk, position, "has no page");
      At(chunk.pages[page], position % page_positions_) = hashes[static_cast<size_t>(position)];
    }
    return "";
  }

 private:
  static constexpr uint64_t kNothing = 0;
  uint64_t& At(PageId page, int64_t position) { return content_.at(static_cast<size_t>(page * page_positions_ + position)); }
  static std::string Wrong(const StepChunk& chunk, int64_t position, const char* what) {
    return "position " + std::to_string(position) + " of sequence " + std::to_string(chunk.id) + " " + what;
  }

  int64_t page_positions_;
  std::vector<uint64_t> content_;
};

}  // namespace tradewind
