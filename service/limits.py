"""How much a lab holds at most, and for how long."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What is reached makes room where it may, and else refuses what is new with LimitReached.

    An owner is written "address/client"; one without a "/" is an address of its own.
    """

    jobs: int = 5_000
    """Jobs that have not ended; below, of the owners of one address, and of one owner."""
    jobs_per_address: int = 1_000
    jobs_per_owner: int = 250
    models: int = 100_000
    """Models; below, of the owners of one address."""
    models_per_address: int = 20_000
    datasets: int = 1_000
    """Data sets that were added; below, what they take together."""
    datasets_megabytes: int = 500
    database_megabytes: int = 2_000
    """What the database takes, without its write-ahead log, of which 16 MB are kept."""
    model_days: float = 30.0
    """Days after which a model goes that nobody has used, unless its run is pinned or named."""
    calls_per_minute: int = 20_000
    """Calls of endpoints, and events of pages, that come from one address."""
    calls_at_once: int = 2_000
    """Calls and events that are under way, such as open streams; below, of one address."""
    calls_at_once_per_address: int = 1_000
    request_megabytes: int = 12
    """What a request may hold."""

    def told(self) -> dict[str, str]:
        """What is allowed, by what it is about, in words."""
        return {
            "jobs": f"at most {self.jobs:,} that have not ended, {self.jobs_per_address:,} of them from one "
            f"address, {self.jobs_per_owner:,} of one caller",
            "models": f"at most {self.models:,}, {self.models_per_address:,} of them from one address; one "
            f"that nobody has used for {self.model_days:g} days goes, unless its run is pinned or named",
            "datasets": f"at most {self.datasets:,}, of {self.datasets_megabytes:,} MB together; one that no "
            "training uses goes after a day",
            "calls": f"at most {self.calls_per_minute:,} a minute from one address, and "
            f"{self.calls_at_once_per_address:,} at a time, of {self.calls_at_once:,} in all",
            "requests": f"at most {self.request_megabytes:,} MB each",
            "database": f"at most {self.database_megabytes:,} MB; what was unused longest makes room",
        }
