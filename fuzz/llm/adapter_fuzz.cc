// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes as a LoRA adapter: a GGUF file, or else the text of PEFT's adapter_config.json, a line "#file" and the bytes of its
// safetensors. What is taken must be whole pairs whose halves have the size that they say.
#include <cstdlib>

#include "../scratch_folder.h"
#include "llm/adapter_file.h"

namespace tradewind {
namespace {

// Two heads of four values, rotated in neighbours.
ModelSpec SpecOfHeads() {
  ModelSpec spec;
  spec.architecture = "llama";
  spec.blocks.resize(1);
  spec.blocks[0].attention.heads = 2;
  spec.blocks[0].attention.kv_heads = 2;
  spec.blocks[0].attention.head_dim = 4;
  spec.blocks[0].attention.rope.adjacent = true;
  return spec;
}

void Check(const Result<AdapterContents>& contents) {
  if (!contents) {
    if (contents.error().message().empty() || contents.error().where().empty()) std::abort();
    return;
  }
  if (contents->pairs.empty()) std::abort();
  for (const auto& [name, pair] : contents->pairs) {
    if (pair.rank < 1 || pair.columns < 1 || pair.rows < 1) std::abort();
    if (pair.a.size() != static_cast<size_t>(pair.rank * pair.columns)) std::abort();
    if (pair.b.size() != static_cast<size_t>(pair.rows * pair.rank)) std::abort();
  }
}

std::vector<std::byte> Bytes(std::string_view text) {
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

void RunOne(std::string_view bytes) {
  static const ModelSpec spec = SpecOfHeads();
  const FitsModel any = [](const std::string&, int64_t, int64_t) { return Result<void>(); };
  static const ScratchFolder folder;
  if (bytes.starts_with("GGUF")) {
    const Result<Gguf> file = Gguf::FromBytes(Bytes(bytes), "fuzz.gguf");
    if (file) Check(ReadGgufAdapter(*file, spec, any));
    if (!IsForAFile(bytes.size())) return;
    folder.Write("fuzz.gguf", bytes);
    Check(ReadGgufAdapter(folder.Path("fuzz.gguf"), spec, any));
    return;
  }
  const std::vector<std::string_view> files = SplitFiles(bytes, 2);
  const Result<Safetensors> file = Safetensors::FromBytes(Bytes(files.back()), "fuzz.safetensors");
  if (file) Check(ReadPeftAdapter(*file, files[0], spec, any));
  if (!IsForAFile(bytes.size())) return;
  folder.Write("adapter_config.json", files[0]);
  folder.Write("fuzz.safetensors", files.back());
  Check(ReadPeftAdapter(folder.Path("fuzz.safetensors"), spec, any));
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tradewind::RunOne({reinterpret_cast<const char*>(data), size});
  return 0;
}
