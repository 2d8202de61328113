// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "api/api.h"
#include "base/version.h"

namespace tradewind::api {
namespace {

// Given out where not even an error can be allocated; never freed.
tw_error* OutOfMemory() {
  static tw_error error{TW_EXHAUSTED, "out of memory"};
  return &error;
}
// Made at load, while there is memory.
[[maybe_unused]] tw_error* const kMadeAtLoad = OutOfMemory();

tw_code CodeOf(StatusCode code) {
  switch (code) {
    case StatusCode::kInvalidInput: return TW_INVALID_INPUT;
    case StatusCode::kNotFound: return TW_NOT_FOUND;
    case StatusCode::kUnsupported: return TW_UNSUPPORTED;
    case StatusCode::kBudgetMissed: return TW_BUDGET_MISSED;
    case StatusCode::kResourceExhausted: return TW_EXHAUSTED;
    case StatusCode::kUnavailable: return TW_UNAVAILABLE;
    case StatusCode::kIo: return TW_IO;
    case StatusCode::kCancelled: return TW_CANCELLED;
    case StatusCode::kInternal: return TW_INTERNAL;
  }
  return TW_INTERNAL;
}

}  // namespace

tw_error* NewError(const Status& status) {
  try {
    auto error = std::make_unique<tw_error>(tw_error{CodeOf(status.code()), status.ToString()});
    // One line, and a C string: what an error quotes may hold neither a line's end nor a zero.
    std::replace_if(error->message.begin(), error->message.end(), [](char c) { return c == '\0' || c == '\n' || c == '\r'; }, ' ');
    return error.release();
  } catch (const std::bad_alloc&) {
    return OutOfMemory();
  }
}

Result<void> Given(const void* pointer, const char* name) {
  if (pointer != nullptr) return {};
  return Fail(Status(StatusCode::kInvalidInput, std::string(name) + " is NULL").At(name));
}

}  // namespace tradewind::api

tw_code tw_error_code(const tw_error* error) {
  return error != nullptr ? error->code : tw_code{};
}
const char* tw_error_message(const tw_error* error) {
  return error != nullptr ? error->message.c_str() : "";
}
void tw_error_free(tw_error* error) {
  if (error != tradewind::api::OutOfMemory()) delete error;
}
const char* tw_version(void) {
  static const std::string version = tradewind::BuildId();
  return version.c_str();
}
