// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What stands behind the opaque types of include/tradewind/c.h, and how errors and exceptions become tw_error.
#pragma once

#include <exception>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "base/status.h"
#include "tradewind/c.h"

struct tw_error {
  tw_code code;
  std::string message;
};

namespace tradewind::api {

// Never null: where there is no memory for an error, a constant one says so.
tw_error* NewError(const Status& status);

// Runs what a call does. Whatever it throws (no memory, a bug) becomes an error: no exception leaves the library.
template <typename Body>
tw_error* Guarded(Body&& body) {
  try {
    const Result<void> done = body();
    return done ? nullptr : NewError(done.error());
  } catch (const std::bad_alloc&) {
    return NewError(Status(StatusCode::kResourceExhausted, "out of memory"));
  } catch (const std::exception& e) {
    return NewError(Status(StatusCode::kInternal, e.what()));
  }
}

// kInvalidInput unless the pointer points somewhere.
Result<void> Given(const void* pointer, const char* name);
inline std::string TextOf(const char* text) {
  return text != nullptr ? text : "";
}

}  // namespace tradewind::api
