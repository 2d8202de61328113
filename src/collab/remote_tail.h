// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// RemoteTail: a worker that runs the tails of one net, as the device sees it: a process of this machine that is started here and ends with
// this, or one that listens elsewhere. A worker that ends or falls silent is kUnavailable, with how it ended where that is known; after
// that every call fails. One caller at a time.
//
//   TW_ASSIGN(const auto tail, RemoteTail::Start(""));
//   TW_RETURN_IF_ERROR(tail->Open(model, 1, "native"));
//   TW_ASSIGN(const TailAnswer answer, tail->Run("Relu_12", coded, 5));
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collab/class_scores.h"
#include "collab/split_model.h"
#include "collab/split_protocol.h"
#include "net/shaped_socket.h"
#include "net/worker_process.h"

namespace tradewind {

struct TailAnswer {
  ClassScores scores{};
  std::optional<Tensor> outputs{};  // where all were asked for
  Duration busy{};                  // the worker's
  int64_t sent_bytes = 0;           // frames and all
  int64_t received_bytes = 0;
};

class RemoteTail {
 public:
  // "HOST:PORT" of a worker that listens; empty: starts one here.
  static Result<std::unique_ptr<RemoteTail>> Start(const std::string& address);

  Result<void> Open(const SplitModel& model, int threads, const std::string& backend);
  // Shapes both directions alike, `link` being one of them, and loads the worker.
  Result<void> SetConditions(const Link& link, double worker_load, uint64_t seed);
  // `best` 0 asks for all outputs.
  Result<TailAnswer> Run(const std::string& cut, std::span<const std::byte> coded, uint32_t best);
  // The median of so many runs on zeros.
  Result<Duration> Measure(const std::string& cut, uint32_t runs);
  // How long it takes until an answer of so many bytes to so many is here.
  Result<Duration> Echo(size_t bytes, uint32_t reply_bytes);
  // Of a worker that was started here; 0 of another.
  pid_t pid() const { return process_ ? process_->pid() : 0; }

 private:
  RemoteTail(Socket socket, std::optional<WorkerProcess> process) : process_(std::move(process)), socket_(std::move(socket)) {}
  Result<WireMessage> Ask(SplitMessage kind, std::span<const std::byte> bytes, SplitMessage answer);
  Status Explained(Status status);

  std::optional<WorkerProcess> process_;
  ShapedSocket socket_;
};

}  // namespace tradewind
