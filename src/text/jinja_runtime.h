// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The limits of one template run: steps, nesting, memory and output are counted here, and whatever goes wrong leaves the
// interpreter as one Failure, which ChatTemplate turns into a Status (no exception leaves this folder's public calls).
// Memory is an arena: every value of a run is trivially destructible and freed at once, so that neither deep nor cyclic
// values can hurt. Used by one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "text/chat_template.h"

namespace tradewind::jinja {

// Thrown by the lexer, the parser and the evaluator; caught in chat_template.cc.
struct Failure {
  Status status;
};

// "line 3, column 7" of a byte offset.
std::string Place(std::string_view source, size_t offset);
[[noreturn]] void FailAt(StatusCode code, std::string message, std::string_view source, size_t offset);

class Runtime {
 public:
  Runtime(const TemplateLimits& limits, std::string_view source) : limits_(limits), source_(source) {}
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  const TemplateLimits& limits() const { return limits_; }
  // Where the program stands, for messages.
  void SetOffset(uint32_t offset) { offset_ = offset; }
  uint32_t offset() const { return offset_; }

  [[noreturn]] void Fail(std::string message) const { Fail(StatusCode::kInvalidInput, std::move(message)); }
  [[noreturn]] void Fail(StatusCode code, std::string message) const { FailAt(code, std::move(message), source_, offset_); }

  // Counts work: one step a node, a value compared or made, or 64 bytes of text.
  void Charge(uint64_t steps) {
    if (steps > limits_.steps - used_steps_) OutOfSteps();
    used_steps_ += steps;
  }
  void ChargeText(uint64_t bytes) { Charge(bytes / 64); }

  // Uninitialised memory that lives as long as this object.
  void* Allocate(size_t bytes);
  template <typename T>
  T* Make() {
    return new (Allocate(sizeof(T))) T();
  }
  template <typename T>
  T* MakeArray(size_t count) {
    CheckRoom(count, sizeof(T));
    T* items = static_cast<T*>(Allocate(count * sizeof(T)));
    for (size_t i = 0; i < count; ++i) new (items + i) T();
    return items;
  }
  std::string_view Copy(std::string_view text);
  // Fails before anything of that size is built.
  void CheckRoom(uint64_t count, uint64_t unit = 1) const;

  // Text on its way out, all buffers together (macros and blocks are captured before they are printed).
  void Emit(std::string* out, std::string_view text);
  void Release(size_t bytes) { pending_output_ -= bytes; }

  // Nesting of evaluation; construct one a level.
  class Level {
   public:
    explicit Level(Runtime& runtime) : runtime_(runtime) {
      if (runtime_.level_ >= runtime_.limits_.depth * kLevelsPerDepth) runtime_.TooDeep();
      ++runtime_.level_;
    }
    ~Level() { --runtime_.level_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Runtime& runtime_;
  };
  int macro_depth = 0;

 private:
  // Eight nodes a level of a recursive macro (for, if, output, call, ...), and some 0.5 kB of stack each.
  static constexpr int kLevelsPerDepth = 8;
  [[noreturn]] void OutOfSteps() const;
  [[noreturn]] void TooDeep() const;

  TemplateLimits limits_;
  std::string_view source_;
  uint32_t offset_ = 0;
  int level_ = 0;
  uint64_t used_steps_ = 0;
  uint64_t used_bytes_ = 0;
  uint64_t pending_output_ = 0;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::byte* free_ = nullptr;
  size_t free_bytes_ = 0;
};

}  // namespace tradewind::jinja
