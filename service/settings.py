"""The settings of a server, read from the environment once."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Self

import platformdirs

from service.errors import InvalidInput
from service.limits import Limits

MIN_DAYS, MAX_DAYS = 0.0001, 36_500.0
"""How long a model may be told to be kept: from some seconds to a century."""

PRIVATE = "127.0.0.0/8, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, ::1, fc00::/7"
"""What only a Space's own proxies reach it from."""

SPACE_STORAGE = Path("/data")
"""The folder of a Space that survives its restarts, where it has one."""


@dataclass(frozen=True)
class Settings:
    """Where to listen, where to keep things, and how much to run at a time."""

    port: int
    data_folder: Path
    forgets: bool
    """Whether a restart forgets all: on a Space, whose own disk is made afresh."""
    workers: int
    dask: str | None
    on_space: bool
    program_seconds: int
    """Seconds of the processor for a program that somebody wrote; 0 has none run."""
    limits: Limits
    root_path: str
    """The path, or the whole address, under which a reverse proxy shows the page; empty without one."""
    address: str
    """Where the page is, if that is known: an address without a final slash, or empty."""
    trusted_proxies: tuple[str, ...]
    """The addresses and networks of the proxies whose X-Forwarded-* headers count."""

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Read PORT or GRADIO_SERVER_PORT, GRADIO_ROOT_PATH, what Spaces set, and what begins with LAB_.

        Raises InvalidInput naming the variable and its value.
        """
        data_folder = env.get("LAB_DATA")
        stored = "SPACE_ID" in env and os.access(SPACE_STORAGE, os.W_OK)
        default = str(SPACE_STORAGE) if stored else platformdirs.user_data_dir("backprop-lab")
        return cls(
            port=_whole(env, "PORT", _whole(env, "GRADIO_SERVER_PORT", 7860, most=65_535), most=65_535),
            data_folder=Path(data_folder or default),
            forgets="SPACE_ID" in env and not stored and not data_folder,
            workers=_whole(env, "LAB_WORKERS", min(os.cpu_count() or 1, 256), most=256),
            dask=env.get("LAB_DASK") or None,
            on_space="SPACE_ID" in env,
            program_seconds=_whole(env, "LAB_PROGRAM_SECONDS", 30, least=0, most=3600),
            limits=_limits(env),
            root_path=_root_path(env.get("GRADIO_ROOT_PATH", "")),
            address=f"https://{env['SPACE_HOST']}" if env.get("SPACE_HOST") else "",
            trusted_proxies=_proxies(env.get("LAB_TRUSTED_PROXIES", PRIVATE if "SPACE_ID" in env else "")),
        )


def _root_path(text: str) -> str:
    if text and not text.startswith(("/", "http://", "https://")):
        raise InvalidInput(
            "GRADIO_ROOT_PATH", text, "a path such as /lab, or an address such as https://example.org/lab"
        )
    return text.rstrip("/")


def _proxies(text: str) -> tuple[str, ...]:
    proxies = tuple(each for part in text.split(",") if (each := part.strip()))
    for each in proxies:
        try:
            ip_network(each)
        except ValueError:
            allowed = "addresses or networks, separated by commas, such as 127.0.0.1, 10.0.0.0/8"
            raise InvalidInput("LAB_TRUSTED_PROXIES", text, allowed) from None
    return proxies


LIMITS = {
    "jobs": "LAB_MAX_JOBS",
    "jobs_per_address": "LAB_MAX_JOBS_PER_ADDRESS",
    "jobs_per_owner": "LAB_MAX_JOBS_PER_OWNER",
    "models": "LAB_MAX_MODELS",
    "models_per_address": "LAB_MAX_MODELS_PER_ADDRESS",
    "datasets": "LAB_MAX_DATASETS",
    "datasets_megabytes": "LAB_MAX_DATASETS_MB",
    "database_megabytes": "LAB_MAX_DATABASE_MB",
    "calls_per_minute": "LAB_MAX_CALLS_PER_MINUTE",
    "calls_at_once": "LAB_MAX_CALLS_AT_ONCE",
    "calls_at_once_per_address": "LAB_MAX_CALLS_AT_ONCE_PER_ADDRESS",
    "request_megabytes": "LAB_MAX_REQUEST_MB",
}
"""The variables of the limits that are whole numbers."""
MAX_LIMIT = 1_000_000_000
MAX_CALLS_AT_ONCE = 100_000
"""Gradio keeps a place for each."""


def _limits(env: Mapping[str, str]) -> Limits:
    most = {"calls_at_once": MAX_CALLS_AT_ONCE}
    whole = {
        name: _whole(env, each, getattr(Limits, name), most=most.get(name, MAX_LIMIT))
        for name, each in LIMITS.items()
    }
    return Limits(**whole, model_days=_days(env, "LAB_MODEL_DAYS", Limits.model_days))


def _days(env: Mapping[str, str], name: str, default: float) -> float:
    text = env.get(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,20})?", text) or not MIN_DAYS <= float(text) <= MAX_DAYS:
        allowed = f"a number of days from {MIN_DAYS:g} to {MAX_DAYS:,.0f}, such as 30 or 0.5"
        raise InvalidInput(name, text, allowed)
    return float(text)


def _whole(env: Mapping[str, str], name: str, default: int, most: int, least: int = 1) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise InvalidInput(name, text, f"a whole number from {least} to {most}")
    return int(text)
