// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "store.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <memory>

#include "errors.h"
#include "search.h"
#include "store/profile_store.h"

namespace nb = nanobind;
using namespace nb::literals;  // NOLINT(google-build-using-namespace): "name"_a

namespace tradewind::python {
namespace {

std::unique_ptr<ProfileStore> OpenStore(const std::string& path, bool read_only) {
  return std::make_unique<ProfileStore>(Unlocked([&] { return ProfileStore::Open(path, {.read_only = read_only}); }));
}

nb::list TrialsOf(const ProfileStore& store, const std::optional<std::string>& tunable, const std::optional<std::string>& device,
                  bool history) {
  nb::list out;
  for (const TrialRecord& record : Unlocked([&] { return store.Trials({.tunable = tunable, .device_id = device, .history = history}); })) {
    nb::dict trial;
    trial["id"] = record.id;
    trial["tunable"] = record.key.tunable;
    trial["workload"] = record.key.workload_id;
    trial["device"] = record.key.device_id;
    trial["setting"] = record.key.setting;
    trial["measurements"] = ToDict(record.measurements);
    trial["build"] = record.build;
    trial["started_at"] = record.started_at;
    trial["seconds"] = record.seconds;
    out.append(trial);
  }
  return out;
}

nb::list DevicesOf(const ProfileStore& store) {
  nb::list out;
  for (const Device& device : Unlocked([&] { return store.Devices(); })) {
    nb::dict one;
    one["id"] = device.id;
    one["cpu_model"] = device.cpu_model;
    one["origin"] = device.origin;
    out.append(one);
  }
  return out;
}

nb::dict WorkloadsOf(const ProfileStore& store) {
  nb::dict out;
  for (const StoredWorkload& workload : Unlocked([&] { return store.Workloads(); })) out[nb::str(workload.id.c_str())] = workload.name;
  return out;
}

}  // namespace

void DefineStore(nb::module_& m) {
  nb::class_<ProfileStore>(m, "Store")
      .def_static("open", &OpenStore, "path"_a, "read_only"_a)
      .def_prop_ro("path", &ProfileStore::path)
      .def("trials", &TrialsOf, "tunable"_a.none(), "device"_a.none(), "history"_a)
      .def("devices", &DevicesOf)
      .def("workloads", &WorkloadsOf)
      .def(
          "remove", [](ProfileStore& store, const std::vector<int64_t>& ids) { return Unlocked([&] { return store.Remove(ids); }); },
          "ids"_a);
}

}  // namespace tradewind::python
