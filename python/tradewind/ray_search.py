# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""The same search, its trials spread over the machines of a Ray cluster."""
from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tradewind import evaluators, searching
from tradewind.errors import Error
from tradewind.function import Tunable
from tradewind.progress import Show
from tradewind.results import Result

RETRIES = 3
# A task cancelled at the moment at which it begins or ends brings down the process that cancels it (ray issue 54738; seen with 2.60). So
# tasks that are about to end are left to, and only those that run for longer are cancelled.
GRACE_SECONDS = 2.0


def search_on_ray(tunable: Tunable, *, device_class: str, parallel: int, retries: int = RETRIES, cpus: float = 1, share: float = 1,
                  strategy: str = "", trials: int | None = None, seed: int = 1, store: str | os.PathLike[str] | None = None,
                  constraints: str | Iterable[str] = (), axes: Sequence[str] = (), reference: Sequence[float] = (), fidelity: str = "",
                  time: float | None = None, parameters: Mapping[str, Any] | None = None, progress: Show = False) -> Result:
    """As tradewind.search, each trial a Ray task. Proposals, the store and the frontier stay here, so the result is that of one process
    with the same seed and the same `parallel`, where the function answers the same.

    device_class  a custom resource: trials run only where a node offers it (ray start --resources='{"phone": 1}'). Results are filed under
                  it as their device
    parallel      trials in flight
    retries       a trial whose worker is lost is begun again elsewhere, so often; what the function itself raises is no reason to
    cpus, share   what a trial holds of a node: CPUs, and of the device class

    Joins the running cluster of ray.init, or else starts a local one."""
    ray = _ray()
    searching.check(tunable)
    if not ray.is_initialized():
        ray.init(log_to_driver=False)
    if device_class not in ray.cluster_resources():
        offered = sorted(name for name in ray.cluster_resources() if not name.startswith(("node:", "object_store", "memory", "CPU", "GPU")))
        raise Error(f"no node of this Ray cluster offers the device class {device_class!r}; there are {', '.join(offered) or 'none'}: "
                    f"start a node by ray start --address=HOST:PORT --resources='{{\"{device_class}\": 1}}'", "not_found")
    request = searching.request_of(strategy=strategy, trials=trials, seed=seed, parallel=parallel, constraints=constraints, axes=axes,
                                   reference=reference, time=time, parameters=parameters)
    request.fidelity = searching.fidelity_of(tunable, fidelity)
    function = tunable.function  # alone: a worker needs no Tradewind
    task = ray.remote(lambda arguments: function(**arguments)).options(
        num_cpus=cpus, resources={device_class: share}, max_retries=retries, retry_exceptions=False, name=tunable.name)

    def abandon(tasks: list[Any]) -> None:
        _, longer = ray.wait(tasks, num_returns=len(tasks), timeout=GRACE_SECONDS) if tasks else ([], [])
        for one in longer:
            ray.cancel(one, force=True)

    evaluator = evaluators.SideBySide(tunable, task.remote, ray.get, abandon)
    return searching.run(tunable.subject(device_class), request, evaluator, store, progress, tunable.completed)


def _ray() -> Any:
    try:
        import ray
    except ImportError:
        raise Error('Ray is not installed; install it by pip install "./python[ray]"', "unsupported") from None
    return ray
