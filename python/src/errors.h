// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Statuses as Python exceptions. The only exceptions of this project: they end at the border to Python, which expects them.
//
//   const std::string name = OrThrow(FindName());   // raises tradewind.Error or a class of it
#pragma once

#include <nanobind/nanobind.h>

#include <stdexcept>
#include <utility>

#include "base/status.h"

namespace tradewind::python {

class StatusError : public std::exception {
 public:
  explicit StatusError(Status status) : status_(std::move(status)), text_(status_.ToString()) {}
  const Status& status() const { return status_; }
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  Status status_;
  std::string text_;
};

template <typename T>
T OrThrow(Result<T> result) {
  if (!result) throw StatusError(std::move(result).error());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// A call that takes time (the disk, other processes), without the GIL.
template <typename Call>
auto Unlocked(const Call& call) {
  auto result = [&] {
    const nanobind::gil_scoped_release released;
    return call();
  }();
  return OrThrow(std::move(result));
}

// Needs the GIL when one is thrown: the class is chosen in tradewind/errors.py.
void RegisterErrors();

}  // namespace tradewind::python
