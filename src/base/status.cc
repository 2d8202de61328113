// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/status.h"

namespace tradewind {

std::string_view StatusCodeName(StatusCode code) {
  switch (code) {
    case StatusCode::kInvalidInput: return "invalid_input";
    case StatusCode::kNotFound: return "not_found";
    case StatusCode::kUnsupported: return "unsupported";
    case StatusCode::kBudgetMissed: return "budget_missed";
    case StatusCode::kResourceExhausted: return "resource_exhausted";
    case StatusCode::kUnavailable: return "unavailable";
    case StatusCode::kIo: return "io";
    case StatusCode::kCancelled: return "cancelled";
    case StatusCode::kInternal: return "internal";
  }
  return "internal";
}

std::string Status::ToString() const {
  std::string text = message_;
  if (where_.empty() && !offset_) return text;
  text += " (at ";
  text += where_;
  if (offset_) {
    if (!where_.empty()) text += ", ";
    text += "byte " + std::to_string(*offset_);
  }
  return text + ")";
}

int Status::ExitCode() const {
  switch (code_) {
    case StatusCode::kInvalidInput:
    case StatusCode::kNotFound:
    case StatusCode::kUnsupported: return 2;
    case StatusCode::kBudgetMissed: return 3;
    case StatusCode::kCancelled: return 130;
    case StatusCode::kResourceExhausted:
    case StatusCode::kUnavailable:
    case StatusCode::kIo:
    case StatusCode::kInternal: return 1;
  }
  return 1;
}

}  // namespace tradewind
