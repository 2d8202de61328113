// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Status and Result: how every fallible call in Tradewind reports failure. Values, never exceptions across
// folders; thread-compatible. A message names the thing and the remedy; `where` and `offset` say the place in the input.
//
//   Result<Gguf> file = ReadGguf(path);
//   if (!file) return Fail(file.error());
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace tradewind {

enum class StatusCode : uint8_t {
  kInvalidInput,       // a file, flag or request is malformed or over a limit: the caller must change it (exit code 2)
  kNotFound,           // a named file, model, knob or metric does not exist (exit code 2)
  kUnsupported,        // well-formed, but not something this build or machine does (exit code 2)
  kBudgetMissed,       // a stated budget or gate was not kept (exit code 3)
  kResourceExhausted,  // memory, disk or another means of the machine ran out (exit code 1)
  kUnavailable,        // the network or another process did not answer: try again (exit code 1)
  kIo,                 // the operating system refused a read, write or map (exit code 1)
  kCancelled,          // the caller asked to stop (exit code 130)
  kInternal,           // a bug in Tradewind (exit code 1)
};

// The name of a code, as it stands in JSON errors: "invalid_input", "not_found", ...
std::string_view StatusCodeName(StatusCode code);

class [[nodiscard]] Status {
 public:
  Status(StatusCode code, std::string message) : code_(code), message_(std::move(message)) {}

  // Names the place in the input: the field or key, and the byte offset or line where there is one.
  Status&& At(std::string where, std::optional<uint64_t> offset = std::nullopt) && {
    where_ = std::move(where);
    offset_ = offset;
    return std::move(*this);
  }

  StatusCode code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::string& where() const { return where_; }
  std::optional<uint64_t> offset() const { return offset_; }

  // "message (at FIELD, byte OFFSET)": one line for a person.
  std::string ToString() const;
  // The process exit code that DESIGN section 3 gives this status.
  int ExitCode() const;

 private:
  StatusCode code_;
  std::string message_;
  std::string where_;
  std::optional<uint64_t> offset_;
};

template <typename T>
using Result = tl::expected<T, Status>;

inline tl::unexpected<Status> Fail(Status status) {
  return tl::unexpected<Status>(std::move(status));
}
inline tl::unexpected<Status> Fail(StatusCode code, std::string message) {
  return Fail(Status(code, std::move(message)));
}

}  // namespace tradewind

// Propagates an error, or binds the value: TW_ASSIGN(auto file, ReadGguf(path));
#define TW_CONCAT_(a, b) a##b
#define TW_CONCAT(a, b) TW_CONCAT_(a, b)
#define TW_ASSIGN_(tmp, lhs, expr)                            \
  auto tmp = (expr);                                          \
  if (!tmp) return ::tradewind::Fail(std::move(tmp).error()); \
  lhs = std::move(*tmp)
#define TW_ASSIGN(lhs, expr) TW_ASSIGN_(TW_CONCAT(tw_result_, __LINE__), lhs, expr)
// Propagates the error of a Result<void>.
#define TW_RETURN_IF_ERROR(expr)                                                                     \
  do {                                                                                               \
    if (auto tw_status = (expr); !tw_status) return ::tradewind::Fail(std::move(tw_status).error()); \
  } while (false)
