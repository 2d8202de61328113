// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// One HTTP GET into a part file: what Download() repeats. Internal to net; the only unit that talks to libcurl's transfers.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "net/download.h"
#include "net/part_file.h"

namespace tradewind {

struct HttpOutcome {
  bool done = false;       // the server sent all it announced
  bool too_long = false;   // it has more than the limit
  bool transient = false;  // trying again may help
  std::optional<Status> error;
  std::string etag;              // of the bytes now in the file; empty = cannot be resumed
  uint64_t announced_bytes = 0;  // the whole file, as the server has it; 0 = it did not say
  int64_t retry_after_ms = 0;    // what the server asked for, at most 30 s
};

class HttpTransfer {
 public:
  // Asks for the bytes after those that `file` has, if `etag` says which file they are of.
  HttpTransfer(const std::string& url, const DownloadOptions& options, const TransferControl& control, ProgressMeter& meter, PartFile& file,
               uint64_t limit_bytes, std::string etag);
  // `remember` is called with the ETag of a fresh file before its first byte is written.
  HttpOutcome Run(const std::function<void(const std::string&)>& remember);

 private:
  static size_t OnHeader(char* data, size_t size, size_t count, void* self);
  static size_t OnBody(char* data, size_t size, size_t count, void* self);
  static int OnProgress(void* self, int64_t, int64_t, int64_t, int64_t);
  void Configure(void* curl);
  void Header(std::string_view line);
  bool Begin();
  bool Body(const char* data, size_t size);
  HttpOutcome Conclude(int code, const char* detail);
  void ConcludeStatus();
  void ConcludeTransport(int code, const char* detail);

  const std::string& url_;
  const DownloadOptions& options_;
  const TransferControl& control_;
  ProgressMeter& meter_;
  PartFile& file_;
  const uint64_t limit_;
  const uint64_t offset_;  // where the range that was asked for begins
  const std::function<void(const std::string&)>* remember_ = nullptr;
  HttpOutcome outcome_;
  // Of the response that is being read:
  long status_ = 0;
  std::string new_etag_;
  uint64_t range_start_ = 0;
  bool begun_ = false;
  bool stop_ = false;  // the body is of no use: end the transfer
};

}  // namespace tradewind
