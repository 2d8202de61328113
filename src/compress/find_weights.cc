// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "compress/find_weights.h"

#include "base/cpu.h"
#include "base/file.h"
#include "compress/weight_quantizer.h"
#include "formats/gguf.h"
#include "formats/gguf_parts.h"
#include "llm/options.h"
#include "net/model_store.h"
#include "net/sha256.h"
#include "store/artefact_cache.h"

namespace tradewind {
namespace {

// One whose record says that it was verified and is unchanged need not be read again.
Result<Artefact> ModelArtefact(const ModelStore& store, const std::string& model, const std::string& path) {
  Artefact artefact{.kind = "weights", .path = path};
  const Result<ModelInfo> info = store.Describe(model);
  if (info && info->path == path && info->verified) {
    artefact.sha256 = info->sha256;
    artefact.size_bytes = info->size_bytes;
    artefact.licence = info->licence;
    return artefact;
  }
  TW_ASSIGN(const FileDigest digest, HashFile(path));
  artefact.sha256 = digest.sha256;
  artefact.size_bytes = digest.size_bytes;
  return artefact;
}

Result<void> CheckOneFile(const std::string& path) {
  const auto refuse = [&] {
    return Fail(Status(StatusCode::kUnsupported,
                       path + " is a model of several files; make a copy by `tradewind quantize` and name that file as the model")
                    .At("weights"));
  };
  if (!path.ends_with(".gguf")) return refuse();
  TW_ASSIGN(const Gguf file, Gguf::Open(path));
  TW_ASSIGN(const GgufPart part, PartOf(file));
  if (part.count != 1) return refuse();
  return {};
}

}  // namespace

Result<std::string> FindWeights(const Setting& setting, const MakingWeights& making) {
  TW_ASSIGN(const ModelStore store, ModelStore::Open());
  const std::string model = setting.TextOr("model", "");
  TW_ASSIGN(const std::string path, store.Resolve(model));
  const std::string weights = setting.TextOr("weights", kWeightsAsTheyAre);
  if (weights == kWeightsAsTheyAre) return path;
  TW_RETURN_IF_ERROR(CheckOneFile(path));
  TW_ASSIGN(const Artefact input, ModelArtefact(store, model, path));
  WeightQuantizer quantizer(DefaultThreads());
  Setting type;
  type.Set("type", weights);
  const ArtefactCache cache(CacheDir() + "/artefacts");
  if (making && !cache.Has(quantizer, {&input, 1}, type)) making("making weights of " + weights + " from " + path + ", once");
  TW_ASSIGN(const Artefact made, cache.Get(quantizer, {&input, 1}, type));
  return made.path;
}

}  // namespace tradewind
