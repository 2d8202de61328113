// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/model_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/install_record.h"
#include "net/pull.h"
#include "store_test_util.h"

namespace tradewind {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ModelStoreTest : public ::testing::Test {
 protected:
  ModelStoreTest() { Spill(folder_ / "abc", "abc"); }
  ModelStore Store() {
    CatalogueEntry demo = MakeEntry("demo", 3, kHashOfAbc, {{folder_ / "abc"}});
    demo.is_default = true;
    return MakeStore(models_, {demo, MakeEntry("other", 6, kHashOfAbcdef, {{"https://127.0.0.1:1/a", "https://127.0.0.1:1/b"}})});
  }

  TempFolder folder_;
  std::string models_ = folder_ / "models";
};

TEST_F(ModelStoreTest, ListsWhatIsHereAndWhatCouldBe) {
  const ModelStore store = Store();
  auto models = store.List();
  ASSERT_TRUE(models) << "a folder that is not there yet is an empty one";
  ASSERT_EQ(models->size(), 2u);
  EXPECT_FALSE(models->at(0).installed);
  EXPECT_TRUE(models->at(0).is_default);
  EXPECT_EQ(models->at(0).size_bytes, 3u);
  EXPECT_EQ(models->at(1).source, "https://127.0.0.1:1/a and 1 more parts");
  ASSERT_TRUE(store.Pull("demo", {}, {}));
  Spill(store.PathOf("stray"), "put here by hand");
  Spill(models_ + "/.hidden.gguf", "");
  models = store.List();
  ASSERT_EQ(models->size(), 3u);
  EXPECT_TRUE(models->at(0).installed);
  EXPECT_TRUE(models->at(0).verified);
  EXPECT_EQ(models->at(0).licence, "MIT");
  EXPECT_FALSE(models->at(1).installed);
  EXPECT_EQ(models->at(2).name, "stray");
  EXPECT_TRUE(models->at(2).installed);
  EXPECT_FALSE(models->at(2).verified);
  EXPECT_FALSE(models->at(2).in_catalogue);
  EXPECT_EQ(models->at(2).licence, "unknown");
}

TEST_F(ModelStoreTest, ResolvesFoldersByTheirWeights) {
  const ModelStore store = Store();
  const std::string folder = models_ + "/minilm";
  std::filesystem::create_directories(folder);
  EXPECT_FALSE(store.Resolve(folder));
  Spill(folder + "/model.safetensors", "x");
  EXPECT_EQ(store.Resolve(folder).value(), folder + "/model.safetensors");
  EXPECT_EQ(store.Resolve("minilm").value(), folder + "/model.safetensors");
}

TEST_F(ModelStoreTest, ResolvesFilesThenNames) {
  const ModelStore store = Store();
  EXPECT_EQ(store.Resolve(folder_ / "abc").value(), folder_ / "abc");
  const auto absent = store.Resolve("demo");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(absent.error().message(), AllOf(HasSubstr("tradewind pull demo"), HasSubstr("3 B"), HasSubstr("MIT")));
  ASSERT_TRUE(store.Pull("demo", {}, {}));
  EXPECT_EQ(store.Resolve("demo").value(), models_ + "/demo.gguf");
  Spill(store.PathOf("stray"), "x");
  EXPECT_EQ(store.Resolve("stray").value(), store.PathOf("stray"));
  for (const char* text : {"nothing", "no/such.gguf", "/no/such", "such.gguf", "../models/demo", "", "-x"}) {
    const auto result = store.Resolve(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().ExitCode(), 2);
  }
  EXPECT_THAT(store.Resolve("nothing").error().message(), HasSubstr("demo, other, stray"));
}

TEST_F(ModelStoreTest, AFileInTheCurrentFolderWinsButAFolderDoesNot) {
  const ModelStore store = Store();
  ASSERT_TRUE(store.Pull("demo", {}, {}));
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path(folder_.path());
  std::filesystem::create_directory("demo");
  const auto by_name = store.Resolve("demo");
  std::filesystem::remove("demo");
  Spill("demo", "x");
  const auto by_file = store.Resolve("demo");
  std::filesystem::current_path(here);
  EXPECT_EQ(by_name.value(), models_ + "/demo.gguf");
  EXPECT_EQ(by_file.value(), "demo");
}

TEST_F(ModelStoreTest, VerifyFindsAChangedByte) {
  const ModelStore store = Store();
  EXPECT_EQ(store.Verify("demo", {}).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(store.Verify("nothing", {}).error().code(), StatusCode::kNotFound);
  ASSERT_TRUE(store.Pull("demo", {}, {}));
  EXPECT_TRUE(store.Verify("demo", {}));
  Spill(store.PathOf("demo"), "abd");
  const auto changed = store.Verify("demo", {});
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code(), StatusCode::kInvalidInput);
  // printf abd | sha256sum
  EXPECT_THAT(changed.error().message(), AllOf(HasSubstr(std::string(kHashOfAbc) + " expected"),
                                               HasSubstr("a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9 found")));
}

TEST_F(ModelStoreTest, AFileThatWasTouchedIsUnverifiedUntilItIsReadAgain) {
  const ModelStore store = Store();
  ASSERT_TRUE(store.Pull("demo", {}, {}));
  const auto time = std::filesystem::last_write_time(store.PathOf("demo"));
  std::filesystem::last_write_time(store.PathOf("demo"), time + std::chrono::seconds(5));
  EXPECT_FALSE(store.Describe("demo")->verified);
  EXPECT_TRUE(store.Verify("demo", {})->verified);
  EXPECT_TRUE(store.Describe("demo")->verified);
}

TEST_F(ModelStoreTest, VerifyTakesOverAFileOfTheCatalogueThatWasPutByHand) {
  const ModelStore store = Store();
  std::filesystem::create_directories(models_);
  Spill(store.PathOf("demo"), "abc");
  EXPECT_FALSE(store.Describe("demo")->verified);
  const auto verified = store.Verify("demo", {});
  ASSERT_TRUE(verified) << verified.error().ToString();
  EXPECT_TRUE(verified->verified);
  EXPECT_EQ(verified->licence, "MIT");
  Spill(store.PathOf("other"), "no such content");
  EXPECT_FALSE(store.Verify("other", {}));
}

TEST_F(ModelStoreTest, RemovesEverythingOfAModelAndNothingElse) {
  const ModelStore store = Store();
  EXPECT_EQ(store.Remove("demo").error().code(), StatusCode::kNotFound);
  EXPECT_EQ(store.Remove("../abc").error().code(), StatusCode::kInvalidInput);
  ASSERT_TRUE(store.Pull("demo", {}, {}));
  Spill(store.PathOf("demo") + ".part", "x");
  Spill(ResumePath(store.PathOf("demo") + ".part"), "x");
  std::filesystem::create_directory(store.PathOf("demo") + ".pull");
  ASSERT_TRUE(store.Remove("demo"));
  EXPECT_THAT(FilesIn(models_), IsEmpty());
  EXPECT_EQ(Slurp(folder_ / "abc"), "abc");
  Spill(store.PathOf("demo") + ".part", "what a stopped pull left");
  EXPECT_TRUE(store.Remove("demo"));
  EXPECT_THAT(FilesIn(models_), IsEmpty());
}

TEST_F(ModelStoreTest, DoesNotRemoveWhatIsBeingPulled) {
  const ModelStore store = Store();
  ASSERT_TRUE(store.Pull("demo", {}, {}));
  const auto lock = LockModel(models_, "demo", nullptr);
  ASSERT_TRUE(lock);
  EXPECT_EQ(store.Remove("demo").error().code(), StatusCode::kUnavailable);
  EXPECT_TRUE(store.Describe("demo")->installed);
}

TEST_F(ModelStoreTest, PullNamesWhatThereIs) {
  const auto report = Store().Pull("nothing", {}, {});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(report.error().message(), HasSubstr("demo, other"));
}

TEST_F(ModelStoreTest, OpensTheUsersFolder) {
  const ScopedEnv cache("XDG_CACHE_HOME", folder_.path()), config("XDG_CONFIG_HOME", folder_.path()),
      named("TRADEWIND_CATALOGUE", std::nullopt);
  const auto store = ModelStore::Open();
  ASSERT_TRUE(store);
  EXPECT_EQ(store->PathOf("x"), folder_ / "tradewind/models/x.gguf");
  EXPECT_NE(store->catalogue().Default(), nullptr);
}

}  // namespace
}  // namespace tradewind
