// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The profile store as a class of the module.
#pragma once

#include <nanobind/nanobind.h>

namespace tradewind::python {

void DefineStore(nanobind::module_& m);

}  // namespace tradewind::python
