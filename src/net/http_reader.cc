// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Boost.Beast parses; before it sees a head, ScanHttpHead has refused what Beast is lenient with or would wait for, byte by byte as it
// comes.
#include "net/http_reader.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <utility>

namespace tradewind {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr size_t kChunkSizeBytes = 20;         // 16 digits and the line end; some zeros before them
constexpr size_t kMostUsed = size_t{4} << 10;  // used bytes at the front of the buffer before the rest is moved over them

}  // namespace

// Collects what Beast finds. The first thing that is over a limit stands in `refusal`.
class HttpReader::Parser final : public http::basic_parser<true> {
 public:
  Parser(const HttpLimits& limits, HttpRequest& request) : limits_(limits), request_(request) {
    header_limit(static_cast<std::uint32_t>(std::min<size_t>(limits.header_bytes + 1, UINT32_MAX)));
    body_limit(limits.body_bytes);
  }

  size_t headers = 0;
  bool in_body = false;
  uint64_t chunks = 0, chunk_left = 0;  // whose lines have come; bytes of the last of them that have not
  HttpRefusal refusal{0, ""};

 private:
  void Over(int status, const char* message, beast::error_code& error) {
    refusal = {status, message};
    error = http::error::bad_field;
  }
  void on_request_impl(http::verb, beast::string_view method, beast::string_view target, int version, beast::error_code&) override {
    request_.method.assign(method.data(), method.size());
    request_.target.assign(target.data(), target.size());
    request_.minor_version = version % 10;
  }
  void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
  void on_field_impl(http::field, beast::string_view name, beast::string_view value, beast::error_code& error) override {
    if (++headers > limits_.headers)
      return Over(431, in_body ? "the request has too many trailers" : "the request has too many headers", error);
    if (!in_body) request_.headers.push_back({std::string(name.data(), name.size()), std::string(value.data(), value.size())});
  }
  void on_header_impl(beast::error_code&) override {
    in_body = true;
    headers = 0;
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
  std::size_t on_body_impl(beast::string_view bytes, beast::error_code&) override {
    request_.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t size, beast::string_view extensions, beast::error_code& error) override {
    ++chunks;
    chunk_left = size;
    if (extensions.size() > limits_.chunk_extension_bytes) Over(400, "a chunk of the body has too long an extension", error);
  }
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, beast::error_code&) override {
    chunk_left -= bytes.size();
    request_.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_finish_impl(beast::error_code&) override {}

  const HttpLimits& limits_;
  HttpRequest& request_;
};

HttpReader::HttpReader(const HttpLimits& limits) : limits_(limits) {}
HttpReader::~HttpReader() = default;

size_t HttpReader::held() const {
  return buffer_.capacity() + request_.body.capacity();
}

HttpEvent HttpReader::Next() {
  switch (state_) {
    case State::kHead: return NextOfHead();
    case State::kBody: return NextOfBody();
    case State::kComplete: return HttpEvent::kRequest;
    case State::kRefused: break;
  }
  return HttpEvent::kRefused;
}

HttpRequest HttpReader::TakeRequest() {
  state_ = State::kHead;
  parser_.reset();
  scan_ = HttpScan();
  empty_line_ = false;
  body_progress_ = 0;
  if (waiting() == 0) std::string().swap(buffer_);  // an idle connection holds no memory for bytes
  if (buffer_.empty()) used_ = 0;
  return std::exchange(request_, HttpRequest());
}

void HttpReader::Clear() {
  std::string().swap(buffer_);
  used_ = 0;
  (void)TakeRequest();
}

HttpEvent HttpReader::Refuse(int status, std::string message) {
  state_ = State::kRefused;
  refusal_ = {status, std::move(message)};
  std::string().swap(buffer_);
  std::string().swap(request_.body);
  used_ = 0;
  return HttpEvent::kRefused;
}

void HttpReader::Use(size_t count) {
  used_ += count;
  if (used_ == buffer_.size()) {
    buffer_.clear();
    used_ = 0;
  } else if (used_ > kMostUsed) {
    buffer_.erase(0, used_);
    used_ = 0;
  }
}

HttpEvent HttpReader::NextOfHead() {
  // One empty line before a request is ignored (RFC 9112, 2.2): old clients end a body with one.
  if (scan_.scanned == 0 && !empty_line_ && waiting() > 0 && buffer_[used_] == '\r') {
    if (waiting() == 1) return HttpEvent::kMore;
    if (buffer_[used_ + 1] == '\n') Use(2);
    empty_line_ = true;
  }
  scan_ = ScanHttpHead(std::string_view(buffer_).substr(used_), limits_, std::move(scan_));
  if (scan_.refusal.status != 0) return Refuse(scan_.refusal.status, scan_.refusal.message);
  return scan_.complete ? ParseHead(std::string_view(buffer_).substr(used_, scan_.scanned)) : HttpEvent::kMore;
}

HttpEvent HttpReader::ParseHead(std::string_view head) {
  parser_ = std::make_unique<Parser>(limits_, request_);
  beast::error_code error;
  const size_t parsed = parser_->put({head.data(), head.size()}, error);
  if (error == http::error::body_limit)
    return Refuse(413, "the body is over the limit of " + std::to_string(limits_.body_bytes) + " bytes");
  if (error == http::error::bad_version && HasHttpVersion(head)) return Refuse(505, "this server speaks HTTP/1.1 and HTTP/1.0");
  if (parser_->refusal.status != 0) return Refuse(parser_->refusal.status, parser_->refusal.message);
  if (error) return Refuse(400, "the head of the request is malformed: " + error.message());
  if (parsed != head.size()) return Refuse(400, "the head of the request is malformed");
  if (const HttpRefusal bad = CheckHttpHead(request_); bad.status != 0) return Refuse(bad.status, bad.message);
  Use(parsed);
  state_ = State::kBody;
  return HttpEvent::kHead;
}

// Beast would look at a line of a chunk before all of it has come, and wait for what the limits do not allow.
HttpEvent HttpReader::CheckChunkLine() {
  const std::string_view left = std::string_view(buffer_).substr(used_);
  const size_t begin = parser_->chunks > 0 ? 2 : 0;  // behind the line end of the chunk before
  const size_t longest = begin + limits_.chunk_extension_bytes + kChunkSizeBytes;
  const size_t end = left.substr(0, longest).find('\n', begin);
  if (end == std::string_view::npos)
    return left.size() < longest ? HttpEvent::kMore : Refuse(400, "a chunk of the body has too long a first line");
  if (end == begin || left[end - 1] != '\r') return Refuse(400, "a line of the body's chunks must end with CR LF");
  const size_t digits = std::min(left.size(), left.find_first_not_of('0', begin));
  const bool last = digits > begin && std::string_view("123456789abcdefABCDEF").find(left[digits]) == std::string_view::npos;
  if (!last) return HttpEvent::kHead;
  const size_t trailers_end = left.find("\r\n\r\n", end - 1);
  if (std::min(left.size(), trailers_end) > limits_.header_bytes) return Refuse(431, "the trailers of the request are too long");
  return trailers_end == std::string_view::npos ? HttpEvent::kMore : HttpEvent::kHead;
}

HttpEvent HttpReader::NextOfBody() {
  while (!parser_->is_done()) {
    if (waiting() == 0) return HttpEvent::kMore;
    if (request_.chunked && parser_->chunk_left == 0) {
      if (const HttpEvent line = CheckChunkLine(); line != HttpEvent::kHead) return line;
    }
    beast::error_code error;
    const size_t parsed = parser_->put({buffer_.data() + used_, waiting()}, error);
    body_progress_ += parsed;
    Use(parsed);
    if (parser_->refusal.status != 0) return Refuse(parser_->refusal.status, parser_->refusal.message);
    if (error == http::error::body_limit)
      return Refuse(413, "the body is over the limit of " + std::to_string(limits_.body_bytes) + " bytes");
    if (error) return Refuse(400, "the body of the request is malformed: " + error.message());
  }
  state_ = State::kComplete;
  return HttpEvent::kRequest;
}

}  // namespace tradewind
