// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "store/trial_notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/store_testing.h"

namespace tradewind {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class TrialNotesTest : public StoreTest {};

TEST_F(TrialNotesTest, ComeBackFromTheStore) {
  auto store = OpenWithNames(Path());
  ASSERT_TRUE(store) << store.error().ToString();
  TrialRecord trial = SomeTrial("a=1");
  trial.notes_json = ToNotesJson({.unmeasurable = {"energy_j", "a \"quoted\"\nname"}});
  ASSERT_TRUE(store->AddTrial(trial));
  const auto found = store->FindTrial(trial.key);
  ASSERT_TRUE(found && *found);
  EXPECT_THAT(ParseTrialNotes((*found)->notes_json).unmeasurable, ElementsAre("energy_j", "a \"quoted\"\nname"));
}

TEST_F(TrialNotesTest, NothingToSayIsNoText) {
  EXPECT_EQ(ToNotesJson({}), "");
  EXPECT_THAT(ParseTrialNotes("").unmeasurable, IsEmpty());
}

TEST_F(TrialNotesTest, WhatOthersWroteIsLeftOut) {
  EXPECT_THAT(ParseTrialNotes(R"({"noise": 0.1, "unmeasurable": ["energy_j", 3, null, ["x"]]})").unmeasurable, ElementsAre("energy_j"));
  for (const char* json : {"{", "[]", "3", "null", R"({"unmeasurable": "energy_j"})", R"({"unmeasurable": {"a": 1}})", R"({"noise": 0})"}) {
    ParseTrialNotes(json);
  }
  EXPECT_THAT(ParseTrialNotes(R"({"unmeasurable": 7})").unmeasurable, IsEmpty());
  EXPECT_THAT(ParseTrialNotes("[\"unmeasurable\"]").unmeasurable, IsEmpty());
}

}  // namespace
}  // namespace tradewind
