// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/http_answer.h"

#include <array>
#include <charconv>
#include <utility>

namespace tradewind {
namespace {

tl::unexpected<Status> PeerIsGone() {
  return Fail(StatusCode::kCancelled, "the client has closed its connection, or was cancelled");
}

class ExchangeHandle final : public HttpExchange {
 public:
  explicit ExchangeHandle(std::shared_ptr<HttpAnswer> answer) : answer_(std::move(answer)) {}
  ~ExchangeHandle() override { answer_->Abandon(); }
  ExchangeHandle(const ExchangeHandle&) = delete;
  ExchangeHandle& operator=(const ExchangeHandle&) = delete;

  Result<void> Send(HttpResponse response) override { return answer_->Send(response); }
  Result<void> Begin(HttpResponse head) override { return answer_->Begin(std::move(head)); }
  bool Write(std::string bytes) override { return answer_->Write(bytes); }
  void End() override { answer_->End(); }
  void OnClose(std::function<void()> callback) override { answer_->OnClose(std::move(callback)); }
  bool closed() const override { return answer_->closed(); }
  void Cancel() override { answer_->Cancel(); }

 private:
  std::shared_ptr<HttpAnswer> answer_;
};

}  // namespace

std::shared_ptr<HttpExchange> MakeHttpExchange(std::shared_ptr<HttpAnswer> answer) {
  return std::make_shared<ExchangeHandle>(std::move(answer));
}

// With the lock held.
void HttpAnswer::Add(std::string_view bytes) {
  pending_ += bytes;
  shared_->held += static_cast<int64_t>(bytes.size());
}

// One wake for all that comes until the connection has looked. Outside of the lock: who is woken takes it.
void HttpAnswer::Wake(std::unique_lock<std::mutex> lock) {
  const bool sleeps = !std::exchange(woken_, true);
  lock.unlock();
  if (sleeps) wake_();
}

Result<void> HttpAnswer::Start(const HttpResponse& response, bool whole) {
  std::unique_lock lock(mutex_);
  if (closed_ || cancel_wanted_) return PeerIsGone();
  if (begun_) return Fail(StatusCode::kInvalidInput, "the request is answered already");
  begun_ = true;
  form_.keep_alive = form_.keep_alive && !shared_->draining;
  const bool no_body = response.status == 204 || response.status == 304;
  body_ = !no_body && !form_.head_only;
  HttpFraming framing = HttpFraming::kNone;
  if (!no_body && whole) framing = HttpFraming::kLength;
  if (!no_body && !whole) framing = form_.chunks ? HttpFraming::kChunked : HttpFraming::kUntilEnd;
  chunked_ = framing == HttpFraming::kChunked;
  if (framing == HttpFraming::kUntilEnd) form_.keep_alive = false;
  const auto head = HttpResponseHead(response, framing, form_.keep_alive);
  if (!head) {
    const HttpResponse failed = HttpErrorResponse(500, "the server made an answer that cannot be sent", "server_error", "internal_error");
    Add(*HttpResponseHead(failed, HttpFraming::kLength, form_.keep_alive));
    if (!form_.head_only) Add(failed.body);
    ended_ = true;
    Wake(std::move(lock));
    return Fail(head.error());
  }
  Add(*head);
  if (whole && body_) Add(response.body);
  ended_ = whole;
  Wake(std::move(lock));
  return {};
}

Result<void> HttpAnswer::Send(const HttpResponse& response) {
  return Start(response, true);
}

Result<void> HttpAnswer::Begin(HttpResponse head) {
  const std::string first = std::exchange(head.body, "");
  TW_RETURN_IF_ERROR(Start(head, false));
  if (!first.empty() && !Write(first)) return PeerIsGone();
  return {};
}

bool HttpAnswer::Write(const std::string& bytes) {
  std::unique_lock lock(mutex_);
  if (!begun_ || ended_ || closed_ || cancel_wanted_) return false;
  if (!body_ || bytes.empty()) return true;  // an empty chunk would be the end
  const size_t waiting = pending_.size() + taken_;
  // One piece may be larger than the limit where nothing waits: its maker has it in memory anyhow.
  if (waiting > 0 && waiting + bytes.size() > shared_->limits.response_buffer_bytes) {
    cancel_wanted_ = true;
    woken_ = false;  // the connection may be waiting for its peer, and not look before that
    Wake(std::move(lock));
    return false;
  }
  if (chunked_) {
    std::array<char, 20> size{};
    const char* end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
    Add(std::string_view(size.data(), static_cast<size_t>(end - size.data())));
    Add("\r\n");
  }
  Add(bytes);
  if (chunked_) Add("\r\n");
  Wake(std::move(lock));
  return true;
}

void HttpAnswer::End() {
  std::unique_lock lock(mutex_);
  if (!begun_ || ended_ || closed_ || cancel_wanted_) return;
  ended_ = true;
  if (chunked_ && body_) Add("0\r\n\r\n");
  Wake(std::move(lock));
}

void HttpAnswer::OnClose(std::function<void()> callback) {
  {
    const std::lock_guard lock(mutex_);
    if (finished_) return;
    if (!closed_) {
      std::swap(on_close_, callback);  // the earlier one is destroyed outside of the lock: it may hold the last handle
      return;
    }
  }
  if (callback) callback();
}

bool HttpAnswer::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_ || cancel_wanted_ || broken_;
}

void HttpAnswer::Cancel() {
  std::unique_lock lock(mutex_);
  if (closed_ || ended_ || cancel_wanted_) return;
  if (begun_) {
    ended_ = broken_ = true;
    form_.keep_alive = false;
  } else {
    cancel_wanted_ = true;
    woken_ = false;
  }
  Wake(std::move(lock));
}

void HttpAnswer::Abandon() {
  bool begun = false;
  {
    const std::lock_guard lock(mutex_);
    if (ended_ || closed_) return;
    begun = begun_;
  }
  if (begun) return Cancel();
  (void)Send(HttpErrorResponse(500, "the request was dropped without an answer", "server_error", "internal_error"));
}

std::string HttpAnswer::Take() {
  const std::lock_guard lock(mutex_);
  woken_ = false;
  taken_ += pending_.size();
  return std::exchange(pending_, std::string());
}

void HttpAnswer::Sent(size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  taken_ -= bytes;
  shared_->held -= static_cast<int64_t>(bytes);
}

bool HttpAnswer::cancel_wanted() const {
  const std::lock_guard lock(mutex_);
  return cancel_wanted_;
}

bool HttpAnswer::complete() const {
  const std::lock_guard lock(mutex_);
  return ended_ && pending_.empty() && !cancel_wanted_;
}

bool HttpAnswer::broken() const {
  const std::lock_guard lock(mutex_);
  return broken_;
}

bool HttpAnswer::keep_alive() const {
  const std::lock_guard lock(mutex_);
  return form_.keep_alive;
}

void HttpAnswer::Finish() {
  std::function<void()> released;
  const std::lock_guard lock(mutex_);
  finished_ = true;
  std::swap(released, on_close_);
}

void HttpAnswer::Lose() {
  std::function<void()> callback;
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || finished_) return;
    closed_ = true;
    shared_->held -= static_cast<int64_t>(pending_.size() + taken_);
    ++shared_->cancelled;
    std::string().swap(pending_);
    std::swap(callback, on_close_);
  }
  if (callback) callback();
}

}  // namespace tradewind
