// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/backend.h"

#include <cstring>

#include "base/file.h"

namespace tradewind {

void RegisterAllBackends(Registry<GraphBackend>& registry);  // generated

const Registry<GraphBackend>& GraphBackends() {
  static const Registry<GraphBackend> registry = [] {
    Registry<GraphBackend> filled;
    RegisterAllBackends(filled);
    return filled;
  }();
  return registry;
}

Result<GraphSource> ReadGraph(const std::string& path) {
  bool tflite = false;
  {
    TW_ASSIGN(const MappedFile file, MappedFile::Open(path));
    tflite = file.bytes().size() >= 8 && std::memcmp(file.bytes().data() + 4, "TFL3", 4) == 0;
  }
  GraphSource source{.path = path};
  if (tflite) {
    TW_ASSIGN(source.model, ReadTflite(path));
  } else {
    TW_ASSIGN(source.model, ReadOnnx(path));
  }
  return source;
}

Result<std::unique_ptr<GraphRunner>> OpenGraph(const GraphSource& source, const GraphOptions& options) {
  const GraphBackend* backend = GraphBackends().Find(options.backend);
  if (backend == nullptr) {
    std::string names;
    for (const auto& [name, info] : GraphBackends().All()) names += (names.empty() ? "" : ", ") + name;
    return Fail(StatusCode::kNotFound, "there is no back end '" + options.backend + "'; there are: " + names);
  }
  TW_RETURN_IF_ERROR(backend->available());
  return backend->open(source, options);
}

}  // namespace tradewind
