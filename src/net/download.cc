// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/download.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/file.h"
#include "net/http_transfer.h"
#include "net/part_file.h"

namespace tradewind {
namespace {

constexpr uint64_t kDefaultLimit_bytes = uint64_t{1} << 40;
constexpr uint64_t kMaxResumeFile_bytes = 1 << 16;
constexpr int64_t kMaxBackoff_ms = 30'000;

// What was known of the bytes that lie in the part file: a strong ETag or nothing.
std::string LoadEtag(const DownloadRequest& request) {
  const auto text = ReadFile(ResumePath(request.path), kMaxResumeFile_bytes);
  if (!text) return "";
  const auto json = nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("url") || !json.contains("etag")) return "";
  if (json["url"] != nlohmann::json(request.url) || !json["etag"].is_string()) return "";
  return json["etag"].get<std::string>();
}

// Sleeps, but wakes for a wish to stop.
bool SleepUnlessCancelled(int64_t duration_ms, const TransferControl& control) {
  for (int64_t slept_ms = 0; slept_ms < duration_ms; slept_ms += 50) {
    if (control.Cancelled()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min<int64_t>(50, duration_ms - slept_ms)));
  }
  return !control.Cancelled();
}

Status WrongSize(const DownloadRequest& request, uint64_t found, const char* relation) {
  return Status(StatusCode::kInvalidInput, request.url + " has the wrong size: " + std::to_string(request.expected_bytes) +
                                               " bytes expected, " + relation + std::to_string(found) +
                                               " found; the file there is another one");
}

class Downloader {
 public:
  Downloader(const DownloadRequest& request, const DownloadOptions& options, const TransferControl& control)
      : request_(request), options_(options), control_(control) {
    limit_ = request.expected_bytes != 0 ? request.expected_bytes : (request.limit_bytes != 0 ? request.limit_bytes : kDefaultLimit_bytes);
  }

  Result<void> Run() {
    const std::string etag = LoadEtag(request_);
    // Bytes of which nothing is known cannot be trusted to be the head of what the server has now.
    TW_ASSIGN(PartFile file, PartFile::Open(request_.path, /*keep=*/!etag.empty()));
    if (file.size() > limit_) TW_RETURN_IF_ERROR(file.Truncate());
    if (request_.expected_bytes != 0) {
      const std::string folder = request_.path.substr(0, request_.path.rfind('/') + 1);
      TW_RETURN_IF_ERROR(
          CheckFreeSpace(folder.empty() ? "." : folder, request_.expected_bytes - file.size(), "the download of " + request_.url));
    }
    TW_RETURN_IF_ERROR(Loop(file, etag));
    return file.Sync();
  }

 private:
  Result<void> Loop(PartFile& file, std::string etag) {
    ProgressMeter meter(control_, "download", request_.expected_bytes);
    int64_t backoff_ms = options_.first_backoff_ms;
    for (int failures = 0;;) {
      if (request_.expected_bytes != 0 && file.size() == request_.expected_bytes) return {};
      if (control_.Cancelled()) return Fail(CancelledStatus("the download of " + request_.url));
      const uint64_t before = file.size();
      HttpTransfer transfer(request_.url, options_, control_, meter, file, limit_, etag);
      HttpOutcome outcome = transfer.Run([&](const std::string& fresh) { Remember(fresh); });
      etag = outcome.etag;
      if (outcome.too_long) return TooLong(file, outcome);
      if (outcome.done) return Finish(file, meter);
      if (!outcome.transient) return Fail(std::move(*outcome.error));
      if (file.size() > before) {
        failures = 0;
        backoff_ms = options_.first_backoff_ms;
      }
      if (++failures >= options_.tries) return Fail(std::move(*outcome.error));
      if (!SleepUnlessCancelled(std::max(backoff_ms, outcome.retry_after_ms), control_)) {
        return Fail(CancelledStatus("the download of " + request_.url));
      }
      backoff_ms = std::min(backoff_ms * 2, kMaxBackoff_ms);
    }
  }

  // Whatever was kept of a file that is not the one we want must not be taken for its head next time.
  tl::unexpected<Status> TooLong(PartFile& file, const HttpOutcome& outcome) {
    Forget();
    const uint64_t found = std::max(outcome.announced_bytes, file.size());
    (void)file.Truncate();
    if (request_.expected_bytes == 0) {
      return Fail(StatusCode::kResourceExhausted, request_.url + " is larger than the limit of " + std::to_string(limit_) + " bytes");
    }
    return Fail(WrongSize(request_, found, outcome.announced_bytes != 0 ? "" : "more than "));
  }

  Result<void> Finish(PartFile& file, ProgressMeter& meter) {
    meter.Report(file.size(), true);
    if (request_.expected_bytes != 0 && file.size() != request_.expected_bytes) {
      Forget();
      return Fail(WrongSize(request_, file.size(), ""));
    }
    return {};
  }

  void Remember(const std::string& etag) {
    if (etag.empty()) return Forget();
    // Failing to remember costs a resumption, not the download.
    (void)WriteFileAtomically(ResumePath(request_.path), nlohmann::json{{"url", request_.url}, {"etag", etag}}.dump(
                                                             -1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  void Forget() { ::unlink(ResumePath(request_.path).c_str()); }

  const DownloadRequest& request_;
  const DownloadOptions& options_;
  const TransferControl& control_;
  uint64_t limit_ = 0;
};

}  // namespace

std::string ResumePath(const std::string& path) {
  return path + ".resume";
}

Result<void> Download(const DownloadRequest& request, const DownloadOptions& options, const TransferControl& control) {
  return Downloader(request, options, control).Run();
}

}  // namespace tradewind
