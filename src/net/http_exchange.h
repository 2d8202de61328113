// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// HttpExchange: how one request is answered, at once or bit by bit, now or later. Shared; every call from any thread, also when the server
// is gone. Whoever lets the last reference go without an answer has the client told 500 (or, in the middle of one, the connection closed).
//
//   exchange->OnClose([=] { scheduler->Cancel(id); });
//   exchange->Begin(head);
//   while (more) if (!exchange->Write(event)) return;   // the peer is gone or does not read
//   exchange->End();
#pragma once

#include <functional>
#include <string>

#include "base/status.h"
#include "net/http_message.h"

namespace tradewind {

class HttpExchange {
 public:
  virtual ~HttpExchange() = default;

  // The whole answer. kInvalidInput: its head cannot be sent (HttpResponseHead says why) and the client was told 500; or an answer has
  // begun already. kCancelled: the peer is gone.
  virtual Result<void> Send(HttpResponse response) = 0;

  // An answer in pieces: its status and headers (the body is the first piece), then pieces as they come, in chunks, then the end. Errors
  // as of Send.
  virtual Result<void> Begin(HttpResponse head) = 0;
  // False when the peer is gone, or when more than HttpLimits::response_buffer_bytes wait for it: then the exchange is cancelled. Also
  // before Begin and after End.
  virtual bool Write(std::string bytes) = 0;
  virtual void End() = 0;

  // Calls back once, on a thread of the server, when the exchange ends without its answer being sent completely: the peer closed its
  // connection (or only its sending half: nobody can tell them apart), reads too slowly, or the server shuts down. Within this call if that
  // has happened already; never if the answer was sent. A later call replaces the callback of an earlier one. What the callback holds is
  // released either way.
  virtual void OnClose(std::function<void()> callback) = 0;
  // Whether that has happened.
  virtual bool closed() const = 0;

  // Ends an answer that cannot go on: what was written is sent, then the connection is closed without the end that would make it look
  // complete. Before Begin: at once. OnClose's callback runs.
  virtual void Cancel() = 0;
};

}  // namespace tradewind
