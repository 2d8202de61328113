// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Registry: things of one kind by name (knobs, metrics, strategies, policies, architectures). Filled once, by the function that the build
// generates out of every file's Register function (cmake/Folders.cmake), then only read: reading is thread-safe.
//
//   void RegisterTtft(Registry<MetricFactory>& registry) { registry.Add("ttft_ms", MakeTtft); }
//   for (const auto& [name, factory] : registry.All()) ...
#pragma once

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace tradewind {

template <typename T>
class Registry {
 public:
  using Map = std::map<std::string, T, std::less<>>;

  // Takes the thing. A name that is empty or taken is a bug in the registering file: it ends the program, also in release builds.
  void Add(std::string name, T thing) {
    if (name.empty() || things_.count(name) != 0) {
      std::fprintf(stderr, "tradewind: bug: Registry::Add: the name \"%s\" is %s; two files register it, or one does so twice\n",
                   name.c_str(), name.empty() ? "empty" : "taken");
      std::abort();
    }
    things_.emplace(std::move(name), std::move(thing));
  }

  // nullptr where there is none of that name. The pointer lives as long as the registry.
  const T* Find(std::string_view name) const {
    const auto found = things_.find(name);
    return found == things_.end() ? nullptr : &found->second;
  }

  // In the order of the names.
  const Map& All() const { return things_; }

 private:
  Map things_;
};

}  // namespace tradewind
