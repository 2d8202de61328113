// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/http_connection.h"

#include <utility>

namespace tradewind {
namespace {

std::string_view RefusalCode(int status) {
  switch (status) {
    case 408: return "request_timeout";
    case 413: return "request_too_large";
    case 414: return "uri_too_long";
    case 417: return "expectation_failed";
    case 431: return "headers_too_large";
    case 501: return "not_implemented";
    case 505: return "http_version_not_supported";
    default: return "bad_request";
  }
}

HttpResponse RefusalResponse(const HttpRefusal& refusal) {
  return HttpErrorResponse(refusal.status, refusal.message, refusal.status < 500 ? "invalid_request_error" : "server_error",
                           RefusalCode(refusal.status));
}

HttpResponse FullResponse() {
  HttpResponse response =
      HttpErrorResponse(503, "the server holds as many request bytes as it may; try again", "server_error", "overloaded");
  response.headers.push_back({"Retry-After", "1"});
  return response;
}

}  // namespace

HttpConnection::HttpConnection(std::shared_ptr<HttpShared> shared, const std::shared_ptr<HttpLoop>& loop,
                               std::shared_ptr<HttpStream> stream, std::function<void(HttpConnection&)> gone)
    : shared_(std::move(shared)),
      loop_(loop),
      stream_(std::move(stream)),
      gone_(std::move(gone)),
      id_(shared_->next_id++),
      reader_(shared_->limits) {}

void HttpConnection::Start() {
  began_ = RealClock().Now();
  stream_->Handshake([self = shared_from_this()](bool ok, size_t) {
    if (self->closed_) return;
    if (!ok) return self->Close();
    self->handshake_ = false;
    self->began_ = RealClock().Now();
    self->Read();
  });
}

void HttpConnection::StartRefused(const HttpResponse& response) {
  handshake_ = false;
  Refuse(response);
  Read();
}

void HttpConnection::Read() {
  // While a request is answered a read stays pending, which sees the peer leave; but the peer may not fill the memory meanwhile.
  if (reading_ || closed_ || (answer_ != nullptr && reader_.waiting() >= shared_->limits.pipelined_bytes)) return;
  reading_ = true;
  stream_->Read(in_, [self = shared_from_this()](bool ok, size_t bytes) { self->OnRead(ok, bytes); });
}

void HttpConnection::OnRead(bool ok, size_t bytes) {
  reading_ = false;
  if (closed_) return;
  if (!ok) return Close();
  shared_->bytes_in += bytes;
  if (discard_) {
    discarded_ += bytes;
    if (discarded_ > shared_->limits.linger_bytes) return Close();
    return Read();
  }
  if (answer_ == nullptr && !in_body_ && reader_.waiting() == 0) began_ = RealClock().Now();
  reader_.Append({in_.data(), bytes});
  if (answer_ == nullptr) Advance();
  CountHeld();
  Read();
}

void HttpConnection::Advance() {
  while (!closed_ && answer_ == nullptr) {
    switch (reader_.Next()) {
      case HttpEvent::kMore:
        CountHeld();
        if (in_body_ && HeldTooMuch()) Refuse(FullResponse());
        return;
      case HttpEvent::kHead: OnHead(); break;
      case HttpEvent::kRequest: OnRequest(); break;
      case HttpEvent::kRefused:
        ++shared_->malformed;
        Refuse(RefusalResponse(reader_.refusal()));
        break;
    }
  }
}

void HttpConnection::OnHead() {
  HttpRequest& request = reader_.request();
  ++shared_->requests;
  request.peer = stream_->peer();
  request.connection_id = id_;
  request.accepted_at = began_;
  std::optional<HttpResponse> early;
  if (request.has_body() && HeldTooMuch()) early = FullResponse();
  try {
    if (!early && shared_->hook) early = shared_->hook(request);
  } catch (...) {
    early = HttpErrorResponse(500, "the server failed to look at the request", "server_error", "internal_error");
  }
  in_body_ = true;
  began_ = RealClock().Now();
  if (!early) {
    if (request.expects_continue && request.has_body() && reader_.waiting() == 0) {
      out_ = "HTTP/1.1 100 Continue\r\n\r\n";
      out_sent_ = 0;
      out_of_answer_ = false;
      Pump();
    }
    return;
  }
  if (request.has_body()) return Refuse(*early);
  (void)reader_.Next();  // there is no body: it is complete
  const HttpRequest whole = reader_.TakeRequest();
  const bool more = ++requests_ < shared_->limits.requests_per_connection;
  (void)BeginAnswer({whole.method == "HEAD", whole.minor_version > 0, whole.keep_alive && more})->Send(*early);
}

void HttpConnection::OnRequest() {
  HttpRequest request = reader_.TakeRequest();
  CountHeld();
  const bool more = ++requests_ < shared_->limits.requests_per_connection;
  auto exchange = MakeHttpExchange(BeginAnswer({request.method == "HEAD", request.minor_version > 0, request.keep_alive && more}));
  try {
    shared_->handler(std::move(request), std::move(exchange));
  } catch (...) {
    return;  // the exchange is gone with it, which tells the client 500
  }
}

void HttpConnection::Refuse(const HttpResponse& response) {
  const bool head_only = reader_.request().method == "HEAD";
  discard_ = true;
  const auto answer = BeginAnswer({head_only, true, false});
  reader_.Clear();
  CountHeld();
  (void)answer->Send(response);
}

std::shared_ptr<HttpAnswer> HttpConnection::BeginAnswer(HttpAnswer::Form form) {
  in_body_ = false;
  answer_ = std::make_shared<HttpAnswer>(shared_, form, [loop = loop_, weak = weak_from_this()] {
    const auto running = loop.lock();
    if (running == nullptr) return;
    running->Post([weak] {
      if (const auto self = weak.lock()) self->Pump();
    });
  });
  ++shared_->answering;
  return answer_;
}

void HttpConnection::Pump() {
  if (closed_) return;
  if (answer_ != nullptr && answer_->cancel_wanted()) return Close();
  if (writing_) return;
  if (out_sent_ == out_.size()) {
    out_ = answer_ != nullptr ? answer_->Take() : std::string();
    out_sent_ = 0;
    out_of_answer_ = true;
  }
  if (out_.empty()) {
    if (answer_ != nullptr && answer_->complete()) OnAnswerSent();
    return;
  }
  if (out_sent_ == 0) {
    last_write_ = RealClock().Now();
    write_progress_ = 0;
  }
  writing_ = true;
  stream_->Write(std::string_view(out_).substr(out_sent_),
                 [self = shared_from_this()](bool ok, size_t bytes) { self->OnWritten(ok, bytes); });
}

void HttpConnection::OnWritten(bool ok, size_t bytes) {
  writing_ = false;
  if (closed_) return;
  if (!ok) return Close();
  shared_->bytes_out += bytes;
  out_sent_ += bytes;
  write_progress_ += bytes;
  if (write_progress_ >= shared_->limits.write_progress_bytes) {
    last_write_ = RealClock().Now();
    write_progress_ = 0;
  }
  if (out_of_answer_ && answer_ != nullptr) answer_->Sent(bytes);
  Pump();
}

void HttpConnection::OnAnswerSent() {
  const auto answer = std::exchange(answer_, nullptr);
  --shared_->answering;
  answer->broken() ? answer->Lose() : answer->Finish();
  const bool keep = answer->keep_alive() && !discard_ && !shared_->draining;
  began_ = RealClock().Now();
  if (keep) {
    Advance();
    return Read();
  }
  discard_ = lingering_ = true;
  std::string().swap(out_);
  out_sent_ = 0;
  stream_->EndWriting();
  Read();
}

void HttpConnection::Tick(TimePoint now) {
  if (closed_) return;
  const HttpLimits& limits = shared_->limits;
  const Duration waited = now - began_;
  if (writing_ && now - last_write_ > limits.write_time) return Close();
  if (answer_ != nullptr) {
    if (!reading_ && stream_->PeerClosed()) Close();
    return;
  }
  if (lingering_) {
    if (waited > limits.linger_time) Close();
  } else if (in_body_) {
    const Duration earned =
        Duration::Seconds(static_cast<double>(reader_.body_progress()) / static_cast<double>(limits.body_bytes_per_second));
    if (waited <= limits.body_time + earned) return;
    ++shared_->malformed;
    Refuse(RefusalResponse({408, "the body of the request came too slowly"}));
  } else if (reader_.waiting() > 0) {
    if (waited <= limits.header_time) return;
    ++shared_->malformed;
    Refuse(RefusalResponse({408, "the head of the request came too slowly"}));
  } else if (waited > (requests_ == 0 ? limits.header_time : limits.idle_time)) {
    Close();
  }
}

void HttpConnection::Drain() {
  if (handshake_ || (answer_ == nullptr && !lingering_ && !in_body_ && reader_.waiting() == 0)) Close();
}

void HttpConnection::Close() {
  if (std::exchange(closed_, true)) return;
  const auto self = shared_from_this();
  stream_->Close();
  reader_.Clear();
  shared_->held -= std::exchange(counted_held_, 0);
  if (const auto answer = std::exchange(answer_, nullptr)) {
    --shared_->answering;
    answer->Lose();
  }
  gone_(*this);
}

void HttpConnection::CountHeld() {
  const auto now = static_cast<int64_t>(reader_.held());
  if (!closed_) shared_->held += now - std::exchange(counted_held_, now);
}

bool HttpConnection::HeldTooMuch() const {
  return shared_->held > static_cast<int64_t>(shared_->limits.held_bytes);
}

}  // namespace tradewind
