// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes as a folder of Hugging Face: config.json, vocab.txt, tokenizer_config.json, 1_Pooling/config.json and model.safetensors, parted
// by lines "#file"; an empty one is not there. What is taken must have a spec and a vocabulary that are taken or refused in their turn.
#include <cstdlib>

#include "../scratch_folder.h"
#include "llm/hugging_face.h"
#include "llm/model_spec.h"
#include "text/tokenizer_vocabulary.h"

namespace tradewind {
namespace {

void RunOne(std::string_view bytes) {
  static const ScratchFolder folder;
  static const std::string names[] = {"config.json", "vocab.txt", "tokenizer_config.json", "1_Pooling/config.json", "model.safetensors"};
  std::filesystem::create_directory(folder.Path("1_Pooling"));
  const std::vector<std::string_view> files = SplitFiles(bytes, std::size(names));
  for (size_t i = 0; i < std::size(names); ++i) {
    if (i < files.size() && !files[i].empty()) {
      folder.Write(names[i], files[i]);
    } else {
      folder.Remove(names[i]);
    }
  }
  const Result<Gguf> model = ImportHuggingFace(folder.Path("model.safetensors"));
  if (!model) {
    if (model.error().message().empty()) std::abort();
    return;
  }
  const Result<ModelSpec> spec = BuildModelSpec(model->metadata(), Architectures());
  if (spec && spec->blocks.empty()) std::abort();
  const auto tokenizer = MakeTokenizer(model->metadata());
  if (tokenizer) (*tokenizer)->Encode("a b\xC3\xA9", SpecialTokens::kParse).value();
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tradewind::RunOne({reinterpret_cast<const char*>(data), size});
  return 0;
}
