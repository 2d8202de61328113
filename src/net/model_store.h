// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The models on this machine: NAME.gguf in one folder, beside each a NAME.json that records hash, licence and source, so that
// listing reads no model. Safe beside other processes: pulling and removing take a lock per model. Thread-compatible.
//
//   TW_ASSIGN(ModelStore models, ModelStore::Open());
//   TW_ASSIGN(PullReport report, models.Pull("smollm2-135m", {}, control));
//   TW_ASSIGN(std::string path, models.Resolve("smollm2-135m"));
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "net/catalogue.h"
#include "net/download.h"
#include "net/transfer.h"

namespace tradewind {

struct ModelInfo {
  std::string name;
  std::string path;  // where it lies, or would lie
  std::string description;
  std::string modality;
  std::string licence;
  std::string licence_url;
  std::string source;  // where it came from; of one not installed: where it would
  std::string sha256;  // as recorded when it was installed; of one not installed: as the catalogue has it
  uint64_t size_bytes = 0;
  bool installed = false;
  bool verified = false;  // installed, hash matched then, and neither size nor time have changed since
  bool in_catalogue = false;
  bool is_default = false;
};

struct PullOptions {
  bool offline = false;  // use no network: local sources alone
  // Use this instead of the catalogue's sources: a folder that holds the file (as NAME.gguf or under its maker's name), or any source text.
  std::string from;
  DownloadOptions download;
};

struct PullReport {
  ModelInfo model;
  bool already_there = false;
  std::vector<std::string> failed_sources;  // what went wrong with the sources that were tried before the one that served
};

class ModelStore {
 public:
  ModelStore(std::string folder, Catalogue catalogue) : folder_(std::move(folder)), catalogue_(std::move(catalogue)) {}
  // CacheDir()/models with the built-in and the user's catalogue.
  static Result<ModelStore> Open();

  const Catalogue& catalogue() const { return catalogue_; }
  const std::string& folder() const { return folder_; }

  // What is installed and what could be: the catalogue in its order, then other files in the folder by name.
  Result<std::vector<ModelInfo>> List() const;
  // One of them; kNotFound names those there are.
  Result<ModelInfo> Describe(std::string_view name) const;

  // The path of a model file. An existing file wins, or the weights in a folder; else a name that is installed. kNotFound says how to get
  // it.
  Result<std::string> Resolve(std::string_view name_or_path) const;

  // Installs a model of the catalogue, or the entry given (see EntryForSource). Goes on where an earlier pull stopped. Nothing is
  // installed unless size and SHA-256 are as expected: kInvalidInput names both. Other errors as in download.h and pypi.h.
  Result<PullReport> Pull(std::string_view name, const PullOptions& options, const TransferControl& control) const;
  Result<PullReport> Pull(const CatalogueEntry& entry, const PullOptions& options, const TransferControl& control) const;

  // Reads the whole file and compares its hash with the record's and the catalogue's: kInvalidInput on a difference, naming both. With
  // neither to compare to, it records the hash found.
  Result<ModelInfo> Verify(std::string_view name, const TransferControl& control) const;

  // Removes the model, its record and what an unfinished pull left.
  Result<void> Remove(std::string_view name) const;

  std::string PathOf(std::string_view name) const;

 private:
  ModelInfo Info(std::string_view name) const;
  std::string KnownNames() const;
  std::string folder_;
  Catalogue catalogue_;
};

}  // namespace tradewind
