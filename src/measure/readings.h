// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Workloads whose samples are answered by readings: recorded tables, closed forms, nets of pictures. Each sample is asked once, by its id,
// as many at once as keep the instance busy.
#pragma once

#include <vector>

#include "core/tunable.h"
#include "core/workload.h"

namespace tradewind {

// The mean of each metric over the workload's recalled samples, in the order first met; none where it has no such samples. Of one sample
// the reading stands as it is. Of several, the interval is 95 %: Wilson's where every value is 0 or 1, else Student's; the origin is the
// least sure. Behind them the instance's rate_metric, if it has one. kInternal if the tunable gives no reading.
Result<std::vector<Measurement>> Recall(Instance& instance, const Setting& request, const Workload& workload);

}  // namespace tradewind
