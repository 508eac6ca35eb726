"""The folders of configuration, state and cache, by the platform's custom; nothing is written into the user's repository."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

__all__ = ["cache_folder", "configuration_folder", "state_folder"]

_NAME = "resellerplan"


def configuration_folder(environ: Mapping[str, str]) -> Path:
    """``$XDG_CONFIG_HOME/resellerplan``, or what the platform has instead. Holds ``config.yaml`` and ``credentials.yaml``."""
    return _folder(environ, "XDG_CONFIG_HOME", ".config", "user_config_dir")


def state_folder(environ: Mapping[str, str]) -> Path:
    """``RESELLERPLAN_DATA_DIR``, else ``$XDG_STATE_HOME/resellerplan``. Holds journals of runs and traces of bugs."""
    given = environ.get("RESELLERPLAN_DATA_DIR")
    return Path(given).expanduser() if given else _folder(environ, "XDG_STATE_HOME", ".local/state", "user_state_dir")


def cache_folder(environ: Mapping[str, str]) -> Path:
    """``$XDG_CACHE_HOME/resellerplan``. May be thrown away at any time."""
    return _folder(environ, "XDG_CACHE_HOME", ".cache", "user_cache_dir")


def _folder(environ: Mapping[str, str], variable: str, below_home: str, of_platform: str) -> Path:
    given = environ.get(variable)
    if given:
        return Path(given) / _NAME
    home = environ.get("HOME")
    if home and "LOCALAPPDATA" not in environ:
        return Path(home) / below_home / _NAME
    import platformdirs

    return Path(getattr(platformdirs, of_platform)(_NAME, appauthor=False))
