"""A sweep on a SLURM cluster: dask-jobqueue asks for jobs, each brings workers, and the sweep uses them.

pip install dask-jobqueue
python docs/examples/on_slurm.py design.toml out/mysweep
"""

from __future__ import annotations

import sys
from pathlib import Path

from dask_jobqueue import SLURMCluster

from experiments.sweeps.driver import sweep

MEMORY_LIMIT = "268435456"
"""Below this size memory is not given back to the system after every array, which would cost more than the model."""


def main(design: Path, out: Path, *, jobs: int = 8, cores: int = 32) -> Path:
    """Run the design on ``jobs`` jobs of ``cores`` workers each; returns the folder, which all of them must see."""
    settings = [f"export {name}={MEMORY_LIMIT}" for name in ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_")]
    with SLURMCluster(
        cores=cores, processes=cores, memory=f"{cores} GB", walltime="08:00:00",
        job_script_prologue=[*settings, "export OPENBLAS_NUM_THREADS=1"],
    ) as cluster:  # fmt: skip
        cluster.scale(jobs=jobs)
        return sweep(design, out, engine="dask", scheduler=cluster.scheduler_address).folder


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), Path(sys.argv[2])))
