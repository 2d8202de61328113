// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared_data.h"
#include "store_test_util.h"

namespace tradewind {
namespace {

using ::testing::HasSubstr;

TEST(CatalogueTest, TheBuiltInOneHasADefaultWithAnOpenLicence) {
  const TempFolder empty;
  const ScopedEnv config("XDG_CONFIG_HOME", empty.path()), named("TRADEWIND_CATALOGUE", std::nullopt);
  const auto catalogue = LoadCatalogue();
  ASSERT_TRUE(catalogue) << catalogue.error().ToString();
  ASSERT_NE(catalogue->Default(), nullptr);
  EXPECT_EQ(catalogue->Default()->name, "smollm2-135m");
  EXPECT_EQ(catalogue->Default()->licence, "Apache-2.0");
  ASSERT_NE(catalogue->Find("qwen2.5-coder-0.5b"), nullptr);
  EXPECT_EQ(Slurp(SourcePath("data/catalogue.yaml")).find("pandas"), std::string::npos) << "what stands in the tests' catalogue alone";
}

TEST(CatalogueTest, TheUsersFileAddsAndOverrides) {
  const TempFolder folder;
  std::filesystem::create_directories(folder / "tradewind");
  Spill(folder / "tradewind/catalogue.yaml", "models:\n" + EntryYaml("mine", "    default: true\n") + EntryYaml("smollm2-135m"));
  const ScopedEnv config("XDG_CONFIG_HOME", folder.path());
  {
    const ScopedEnv named("TRADEWIND_CATALOGUE", std::nullopt);
    const auto catalogue = LoadCatalogue();
    ASSERT_TRUE(catalogue) << catalogue.error().ToString();
    EXPECT_EQ(catalogue->Find("smollm2-135m")->size_bytes, 7u);
    EXPECT_EQ(catalogue->Default()->name, "mine");
    EXPECT_NE(catalogue->Find("qwen2.5-coder-0.5b"), nullptr);
  }
  const ScopedEnv named("TRADEWIND_CATALOGUE", folder / "absent.yaml");
  const auto absent = LoadCatalogue();
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(absent.error().message(), HasSubstr("TRADEWIND_CATALOGUE"));
}

TEST(CatalogueTest, MakesAnEntryOfASource) {
  const auto entry = EntryForSource("https://example.org/x/SmolLM2_Q4+.gguf", "", "");
  ASSERT_TRUE(entry) << entry.error().ToString();
  EXPECT_EQ(entry->name, "smollm2_q4-");
  EXPECT_EQ(entry->size_bytes, 0u);
  EXPECT_EQ(EntryForSource("/a/b.gguf", "named", kHashOfAbc)->sha256, kHashOfAbc);
  EXPECT_FALSE(EntryForSource("/a/b.gguf", "../x", ""));
  EXPECT_FALSE(EntryForSource("/a/b.gguf", "x", "12"));
  EXPECT_FALSE(EntryForSource("/a/.gguf", "", ""));
}

}  // namespace
}  // namespace tradewind
