// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The interval that statistics compute. It is defined in base, because measurements (core) carry it.
#pragma once

#include "base/interval.h"
