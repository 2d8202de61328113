// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"

#include <yaml-cpp/yaml.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <utility>

namespace tradewind {
namespace {

// llama.cpp's short names of several letters, which CLI11 would read as one letter with a value.
constexpr std::array<std::pair<const char*, const char*>, 10> kLongShortNames = {{{"-ctk", "--cache-type-k"},
                                                                                  {"-ctv", "--cache-type-v"},
                                                                                  {"-tb", "--threads-batch"},
                                                                                  {"-ub", "--ubatch-size"},
                                                                                  {"-np", "--parallel"},
                                                                                  {"-sys", "--system-prompt"},
                                                                                  {"-jf", "--json-schema-file"},
                                                                                  {"-pg", "--pg"},
                                                                                  {"-fa", "--flash-attn"},
                                                                                  {"-ngl", "--n-gpu-layers"}}};

// The environment's twin of an option: TRADEWIND_CACHE_TYPE_K of "-x,--cache-type-k"; empty for one without a long name.
std::string EnvironmentName(const std::string& names) {
  const size_t at = names.find("--");
  if (at == std::string::npos) return {};
  std::string name = names.substr(at + 2, names.find(',', at) - at - 2);
  for (char& c : name) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return "TRADEWIND_" + name;
}

// A YAML file of "long-name: value" lines; values may be lists. CLI11 reads it before the environment, so what the environment sets is left
// out here.
class YamlConfig final : public CLI::Config {
 public:
  std::string to_config(const CLI::App*, bool, bool, std::string) const override { return {}; }
  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    std::vector<CLI::ConfigItem> found;
    try {
      for (const auto& entry : YAML::Load(input)) {
        CLI::ConfigItem item;
        item.name = entry.first.as<std::string>();
        if (const char* set = std::getenv(EnvironmentName("--" + item.name).c_str()); set != nullptr && *set) continue;
        if (entry.second.IsSequence()) {
          for (const auto& value : entry.second) item.inputs.push_back(value.as<std::string>());
        } else {
          item.inputs.push_back(entry.second.as<std::string>());
        }
        found.push_back(std::move(item));
      }
    } catch (const YAML::Exception& e) {
      throw CLI::FileError("the configuration file is not a YAML map of option names to values: " + std::string(e.what()));
    }
    return found;
  }
};

// The file that TRADEWIND_CONFIG names, else the user's if there is one; the options of all commands share it.
std::string DefaultConfig() {
  if (const char* named = std::getenv("TRADEWIND_CONFIG"); named != nullptr && *named) return named;
  const char* xdg = std::getenv("XDG_CONFIG_HOME");
  const char* home = std::getenv("HOME");
  const std::string folder = xdg != nullptr && *xdg == '/' ? xdg : home != nullptr ? std::string(home) + "/.config" : "";
  const std::string path = folder + "/tradewind/config.yaml";
  std::error_code unreachable;
  return !folder.empty() && std::filesystem::exists(path, unreachable) ? path : "";
}

}  // namespace

struct Arguments::Impl {
  Impl(const std::string& command, const std::string& summary) : app(summary, "tradewind " + command), name(command) {
    app.config_formatter(std::make_shared<YamlConfig>());
    const std::string config = DefaultConfig();
    app.set_config("--config", config, "YAML file of defaults for the options (Env:TRADEWIND_CONFIG)", !config.empty());
    app.allow_config_extras(CLI::config_extras_mode::ignore_all);
    app.get_formatter()->column_width(34);
  }
  template <typename T>
  CLI::Option* Add(const std::string& names, T* value, const std::string& help) {
    CLI::Option* option = app.add_option(names, *value, help);
    const std::string environment = EnvironmentName(names);
    if (!environment.empty()) option->envname(environment);
    return option;
  }
  CLI::App app;
  std::string name;
};

Arguments::Arguments(std::string command, std::string summary) : impl_(std::make_unique<Impl>(command, summary)) {}
Arguments::~Arguments() = default;

void Arguments::Positional(const std::string& name, std::string* value, const std::string& help, bool required) {
  impl_->app.add_option(name, *value, help)->required(required);
}
void Arguments::Positionals(const std::string& name, std::vector<std::string>* values, const std::string& help) {
  impl_->app.add_option(name, *values, help);
}
void Arguments::Option(const std::string& names, std::string* value, const std::string& help) {
  impl_->Add(names, value, help);
}
void Arguments::Option(const std::string& names, int64_t* value, const std::string& help) {
  impl_->Add(names, value, help)->capture_default_str();
}
void Arguments::Option(const std::string& names, double* value, const std::string& help) {
  impl_->Add(names, value, help)->capture_default_str();
}
void Arguments::Option(const std::string& names, std::optional<std::string>* value, const std::string& help) {
  impl_->Add(names, value, help);
}
void Arguments::Option(const std::string& names, std::optional<int64_t>* value, const std::string& help) {
  impl_->Add(names, value, help);
}
void Arguments::Option(const std::string& names, std::vector<std::string>* values, const std::string& help) {
  impl_->Add(names, values, help)->expected(1)->take_all();
}
void Arguments::Output(const std::string& names, std::optional<std::string>* value, const std::string& help) {
  impl_->app.add_option(names, *value, help)->configurable(false);
}
void Arguments::Flag(const std::string& names, bool* value, const std::string& help) {
  CLI::Option* option = impl_->app.add_flag(names, *value, help);
  const std::string environment = EnvironmentName(names);
  if (!environment.empty()) option->envname(environment);
}
void Arguments::List(const std::string& names, std::vector<std::string>* values, const std::string& help) {
  impl_->app.add_option(names, *values, help)->expected(1, -1)->take_all();
}

Result<bool> Arguments::Parse(int argc, char** argv) {
  std::vector<std::string> words;
  for (int i = argc - 1; i >= 0; --i) {  // CLI11 takes the words last first
    std::string word = argv[i];
    for (const auto& [short_name, long_name] : kLongShortNames) {
      if (word == short_name) word = long_name;
    }
    words.push_back(std::move(word));
  }
  try {
    impl_->app.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    std::cout << impl_->app.help() << std::flush;
    return false;
  } catch (const CLI::Error& e) {
    return Fail(StatusCode::kInvalidInput, std::string(e.what()) + "; see `tradewind " + impl_->name + " --help`");
  }
  return true;
}

}  // namespace tradewind
