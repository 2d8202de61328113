// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/http_transfer.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>

namespace tradewind {
namespace {

constexpr int64_t kMaxRetryAfter_s = 30;

// Keeps SIGPIPE of a socket that the peer closed from ending the process: blocked in this thread alone, and what came is taken away.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &old_);
  }
  ~NoSigpipe() {
    const timespec none{};
    if (!was_pending_) (void)sigtimedwait(&pipe_, nullptr, &none);
    pthread_sigmask(SIG_SETMASK, &old_, nullptr);
  }

 private:
  sigset_t pipe_{}, old_{};
  bool was_pending_ = false;
};

std::string_view TrimValue(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

// The number at the start of a text; 0 if there is none.
uint64_t Number(std::string_view text) {
  uint64_t value = 0;
  return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc() ? value : 0;
}

bool TransientCode(int code) {
  static constexpr std::array<int, 12> kCodes = {CURLE_COULDNT_CONNECT,
                                                 CURLE_OPERATION_TIMEDOUT,
                                                 CURLE_RECV_ERROR,
                                                 CURLE_SEND_ERROR,
                                                 CURLE_GOT_NOTHING,
                                                 CURLE_PARTIAL_FILE,
                                                 CURLE_HTTP2,
                                                 CURLE_HTTP2_STREAM,
                                                 CURLE_SSL_CONNECT_ERROR,
                                                 CURLE_COULDNT_RESOLVE_HOST,
                                                 CURLE_COULDNT_RESOLVE_PROXY,
                                                 CURLE_AGAIN};
  return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

std::string CaFile(const DownloadOptions& options) {
  if (!options.ca_file.empty()) return options.ca_file;
  for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
  }
  return "";
}

}  // namespace

HttpTransfer::HttpTransfer(const std::string& url, const DownloadOptions& options, const TransferControl& control, ProgressMeter& meter,
                           PartFile& file, uint64_t limit_bytes, std::string etag)
    : url_(url),
      options_(options),
      control_(control),
      meter_(meter),
      file_(file),
      limit_(limit_bytes),
      offset_(etag.empty() ? 0 : file.size()) {
  outcome_.etag = std::move(etag);
}

size_t HttpTransfer::OnHeader(char* data, size_t size, size_t count, void* self) {
  static_cast<HttpTransfer*>(self)->Header({data, size * count});
  return size * count;
}

size_t HttpTransfer::OnBody(char* data, size_t size, size_t count, void* self) {
  return static_cast<HttpTransfer*>(self)->Body(data, size * count) ? size * count : 0;
}

int HttpTransfer::OnProgress(void* self, int64_t, int64_t, int64_t, int64_t) {
  return static_cast<HttpTransfer*>(self)->control_.Cancelled() ? 1 : 0;
}

void HttpTransfer::Configure(void* handle) {
  CURL* curl = handle;
  static_assert(std::is_same_v<curl_off_t, int64_t> || sizeof(curl_off_t) == sizeof(int64_t));
  const bool encrypted = url_.starts_with("https:");
  curl_easy_setopt(curl, CURLOPT_URL, url_.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, encrypted ? "https" : "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 10L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  if (const std::string ca_file = CaFile(options_); !ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file.c_str());
  // Plain http is for this machine alone, so it never goes to a proxy.
  if (!encrypted) curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout_ms));
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1000L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.stall_timeout_s));
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "tradewind");
  curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 256L << 10);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &HttpTransfer::OnHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &HttpTransfer::OnBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &HttpTransfer::OnProgress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, this);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  // Not CURLOPT_RESUME_FROM: that one fails when the server answers with the whole file.
  if (offset_ > 0) curl_easy_setopt(curl, CURLOPT_RANGE, (std::to_string(offset_) + "-").c_str());
}

HttpOutcome HttpTransfer::Run(const std::function<void(const std::string&)>& remember) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) {
    outcome_.error = Status(StatusCode::kInternal, "libcurl could not start");
    return outcome_;
  }
  remember_ = &remember;
  Configure(curl.get());
  curl_slist* list = nullptr;
  if (offset_ > 0) list = curl_slist_append(list, ("If-Range: " + outcome_.etag).c_str());
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(list, curl_slist_free_all);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  std::array<char, CURL_ERROR_SIZE> detail{};
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, detail.data());
  CURLcode code = CURLE_OK;
  {
    const NoSigpipe guard;
    code = curl_easy_perform(curl.get());
  }
  // An empty body never came to Body().
  if (code == CURLE_OK && !begun_ && !stop_ && (status_ == 200 || status_ == 206)) Begin();
  return Conclude(code, detail[0] != '\0' ? detail.data() : curl_easy_strerror(code));
}

void HttpTransfer::Header(std::string_view line) {
  if (line.starts_with("HTTP/")) {  // a new response: after a redirect, or an interim one
    const size_t space = line.find(' ');
    status_ = space == std::string_view::npos ? 0 : static_cast<long>(Number(line.substr(space + 1)));
    new_etag_.clear();
    range_start_ = 0;
    outcome_.announced_bytes = 0;
    outcome_.retry_after_ms = 0;
    return;
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = TrimValue(line.substr(colon + 1));
  if (EqualsIgnoringCase(name, "etag")) {
    // A weak one ("W/") promises no equal bytes, so it cannot join two halves.
    const bool printable = std::all_of(value.begin(), value.end(), [](char c) { return c > 0x20 && c < 0x7f; });
    if (value.starts_with('"') && value.size() < 1024 && printable) new_etag_ = value;
  } else if (EqualsIgnoringCase(name, "content-length") && status_ == 200) {
    outcome_.announced_bytes = Number(value);
  } else if (EqualsIgnoringCase(name, "content-range") && value.starts_with("bytes ")) {
    range_start_ = Number(value.substr(6));
    if (const size_t slash = value.find('/'); slash != std::string_view::npos) outcome_.announced_bytes = Number(value.substr(slash + 1));
  } else if (EqualsIgnoringCase(name, "retry-after")) {
    outcome_.retry_after_ms = static_cast<int64_t>(std::min<uint64_t>(Number(value), kMaxRetryAfter_s)) * 1000;
  }
}

// Decides, at the first byte of a body, whether it goes on with the file or replaces it.
bool HttpTransfer::Begin() {
  begun_ = true;
  if (status_ == 206 && offset_ > 0 && range_start_ == offset_) {
    if (outcome_.announced_bytes > limit_) outcome_.too_long = true;
    return !outcome_.too_long;
  }
  if (status_ != 200) {
    stop_ = true;
    return false;
  }
  if (outcome_.announced_bytes > limit_) {
    outcome_.too_long = true;
    return false;
  }
  if (auto emptied = file_.Truncate(); !emptied) {
    outcome_.error = emptied.error();
    return false;
  }
  outcome_.etag = new_etag_;
  (*remember_)(new_etag_);
  if (outcome_.announced_bytes != 0) meter_.set_total(outcome_.announced_bytes);
  return true;
}

bool HttpTransfer::Body(const char* data, size_t size) {
  if (stop_ || (!begun_ && !Begin())) return false;
  if (size > limit_ - file_.size()) {
    outcome_.too_long = true;
    return false;
  }
  if (auto written = file_.Append(std::as_bytes(std::span(data, size))); !written) {
    outcome_.error = written.error();
    return false;
  }
  meter_.Report(file_.size());
  return true;
}

HttpOutcome HttpTransfer::Conclude(int code, const char* detail) {
  if (outcome_.too_long || outcome_.error) return outcome_;
  if (code == CURLE_ABORTED_BY_CALLBACK || control_.Cancelled()) {
    outcome_.error = CancelledStatus("the download of " + url_);
  } else if (code == CURLE_OK && begun_ && !stop_) {
    outcome_.done = true;
  } else if (code == CURLE_OK || stop_) {
    ConcludeStatus();
  } else {
    ConcludeTransport(code, detail);
  }
  return outcome_;
}

// The server answered, but not with the file.
void HttpTransfer::ConcludeStatus() {
  const std::string said = url_ + " answered with HTTP " + std::to_string(status_);
  if (status_ == 416 || status_ == 206) {
    // What we have is not the head of what it has: begin again, from nothing.
    outcome_.etag.clear();
    outcome_.transient = true;
    (void)file_.Truncate();
    outcome_.error = Status(StatusCode::kUnavailable, said + " to a request for the rest of the file; try again");
  } else if (status_ == 404 || status_ == 410) {
    outcome_.error = Status(StatusCode::kNotFound, said + ": there is no such file any more; look for its new address");
  } else if (status_ == 401 || status_ == 403) {
    outcome_.error = Status(StatusCode::kUnavailable, said +
                                                          ": it asks for permission; open the address in a browser to see its terms, "
                                                          "then pull the file you downloaded by its path");
  } else {
    outcome_.transient = status_ == 408 || status_ == 425 || status_ == 429 || status_ >= 500;
    outcome_.error = Status(StatusCode::kUnavailable, said + (outcome_.transient ? "; try again later" : ""));
  }
}

void HttpTransfer::ConcludeTransport(int code, const char* detail) {
  outcome_.transient = TransientCode(code);
  std::string remedy = "check the network, and https_proxy if you are behind a proxy; the same command goes on from where it stopped";
  if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE) {
    remedy =
        "the server's certificate is not trusted: check the clock and the package ca-certificates; behind a proxy that opens TLS, name its "
        "certificate in SSL_CERT_FILE";
  } else if (code == CURLE_UNSUPPORTED_PROTOCOL) {
    remedy = "it redirects to an address that is not https";
  } else if (code == CURLE_COULDNT_RESOLVE_HOST) {
    remedy = "is this machine online? Behind a proxy set https_proxy; without network use a file you have: tradewind pull /FOLDER/FILE";
  }
  outcome_.error = Status(StatusCode::kUnavailable, "cannot fetch " + url_ + ": " + std::string(detail) + "; " + remedy);
}

}  // namespace tradewind
