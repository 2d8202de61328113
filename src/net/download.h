// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// One file over HTTPS (libcurl), resumable. The bytes go to `path`; beside it, `path`.resume remembers URL and ETag (the caller
// removes it once the file is in use). Called again with the same path it goes on by Range and If-Range, or starts anew where the server's
// file has changed or it cannot; what is whole already is not asked for again.
// TLS is always verified; redirects go to https alone. One transfer a call; calls on different paths may run on different threads.
//
//   DownloadRequest request{.url = url, .path = part, .expected_bytes = size};
//   TW_RETURN_IF_ERROR(Download(request, {}, control));
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"
#include "net/transfer.h"

namespace tradewind {

struct DownloadRequest {
  std::string url;
  std::string path;             // its folder must exist
  uint64_t expected_bytes = 0;  // 0 = unknown; else more or fewer is an error, and more stops the transfer early
  uint64_t limit_bytes = 0;     // with expected_bytes 0: the most to accept; 0 = 1 TiB
};

struct DownloadOptions {
  int tries = 5;                    // in a row without a new byte; transient failures alone are tried again
  int64_t first_backoff_ms = 1000;  // doubles after each failure, at most 30 s
  int64_t connect_timeout_ms = 20'000;
  int64_t stall_timeout_s = 30;  // below 1 kB/s for so long is a failure
  std::string ca_file;           // a PEM file to trust instead of the system's; default SSL_CERT_FILE or CURL_CA_BUNDLE if set
};

// kNotFound: the server has no such file. kUnavailable: it could not be reached or refused; the message says what to check.
// kInvalidInput: what it sent has another size than expected. kResourceExhausted: the disk is full. kCancelled: the bytes stay.
Result<void> Download(const DownloadRequest& request, const DownloadOptions& options, const TransferControl& control);

// The file beside `path` that holds what a resumption needs.
std::string ResumePath(const std::string& path);

}  // namespace tradewind
