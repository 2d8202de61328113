// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Packing: brings a model's matrices from the file's layout to that of the kernels, each when somebody asks for it. Memory that was not
// used lately has to be cleared first, and on a virtual machine the host has to find it, at times for longer than all else that a first
// answer takes; so a matrix may be used before it is packed (kernels/packed_matrix.h), and one that nobody uses, as an expert, never is.
// Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/page_arena.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "formats/gguf.h"
#include "kernels/packed_matrix.h"

namespace tradewind {

class Packing {
 public:
  // `file` is borrowed; `arena` has room for all matrices, of which each takes its part when it is packed.
  Packing(const Gguf& file, PageArena arena) : file_(file), arena_(std::move(arena)) {}

  // While loading, by one thread: a matrix, which stays where it is, and its part of a tensor.
  void Add(PackedMatrix* matrix, const GgufTensor* tensor, std::span<const std::byte> data);

  // Packs a matrix that was added, on the pool's threads, and gives its pages of the file back; false if another thread packs just now, or
  // if there is no memory: it may be used as it is.
  bool Pack(const PackedMatrix& matrix, ThreadPool& pool);
  // Packs all that are not. kResourceExhausted names the bytes.
  Result<void> PackAll(ThreadPool& pool);

 private:
  struct Source {
    PackedMatrix* matrix;
    const GgufTensor* tensor;
    std::span<const std::byte> data;
  };
  Result<void> PackSource(const Source& source, ThreadPool& pool);

  const Gguf& file_;
  PageArena arena_;
  std::mutex busy_;
  std::vector<Source> sources_;  // in the order in which they were added
  std::unordered_map<const PackedMatrix*, size_t> places_;
};

}  // namespace tradewind
