// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes as the files of a split model; an empty one is not there. What is taken must have each tensor once, from a part that there is,
// and all its bytes there.
#include <cstdlib>
#include <set>

#include "../scratch_folder.h"
#include "formats/gguf.h"

namespace tradewind {
namespace {

void Check(const Gguf& model, size_t parts) {
  std::set<std::string_view> names;
  uint64_t sum = 0, bytes = 0;
  for (const GgufTensor& tensor : model.tensors()) {
    if (!names.insert(tensor.name).second || tensor.part >= parts || model.FindTensor(tensor.name) != &tensor) std::abort();
    for (const std::byte byte : tensor.data) sum += static_cast<uint64_t>(byte);
    bytes += tensor.data.size();
  }
  if (sum > 255 * bytes) std::abort();  // what was read is used
}

void RunOne(std::string_view bytes) {
  static const ScratchFolder folder;
  const std::vector<std::string_view> files = SplitFiles(bytes, 4);
  const auto name = [&](size_t i) { return "m-0000" + std::to_string(i + 1) + "-of-0000" + std::to_string(files.size()) + ".gguf"; };
  for (size_t i = 0; i < files.size(); ++i) {
    if (files[i].empty()) {
      folder.Remove(name(i));
    } else {
      folder.Write(name(i), files[i]);
    }
  }
  const Result<Gguf> last = Gguf::Open(folder.Path(name(files.size() - 1)));
  if (!last && last.error().message().empty()) std::abort();
  const Result<Gguf> model = Gguf::Open(folder.Path(name(0)));
  if (model) {
    Check(*model, files.size());
  } else if (model.error().message().empty()) {
    std::abort();
  }
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tradewind::RunOne({reinterpret_cast<const char*>(data), size});
  return 0;
}
