// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Where recorded tunables come from: table files that are built in (data/tables), the user's own, and the folders that their data lies in.
//
//   TW_ASSIGN(auto tunable, OpenRecorded("nasbench201", "pixel3", ""));
//   TW_ASSIGN(auto mine, OpenRecorded("./mine.yaml", "", ""));
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "recorded/recorded_tunable.h"

namespace tradewind {

// The names of the table files that are built in and of those in $XDG_DATA_HOME/tradewind/tables, ascending, each once.
std::vector<std::string> RecordedNames();
// Whether a name or path is meant for this library: one of the names, or a path that ends in .yaml.
bool IsRecorded(const std::string& name_or_path);

// A path (with a '/' or the ending .yaml), a name in $XDG_DATA_HOME/tradewind/tables, or one that is built in. kNotFound lists the names.
Result<TableSpec> FindTableSpec(const std::string& name_or_path);

// Loads a table file's data, for all its devices. Each file of it is looked for in `data_folder` or, where that is empty, in the folder
// TRADEWIND_DATA, in $XDG_DATA_HOME/tradewind/data/NAME, and beside the user's own table file. kNotFound says how to get it.
Result<std::shared_ptr<const RecordedTable>> LoadRecorded(const std::string& name_or_path, const std::string& data_folder);

// The same as a tunable on one device; `device` empty: the table's default.
Result<std::unique_ptr<RecordedTunable>> OpenRecorded(const std::string& name_or_path, const std::string& device,
                                                      const std::string& data_folder);

// Where a table's data is looked for, its own table file's folder aside: TRADEWIND_DATA where it is set, then
// $XDG_DATA_HOME/tradewind/data/NAME. `tradewind pull NAME` puts it into the first.
std::vector<std::string> RecordedDataFolders(const std::string& name);
// Where a file beside a table's data lies: in `data_folder`, or where that is empty in the first of RecordedDataFolders that holds it (the
// first of all, if none does).
std::string RecordedFile(const std::string& name, const std::string& file, const std::string& data_folder);

}  // namespace tradewind
