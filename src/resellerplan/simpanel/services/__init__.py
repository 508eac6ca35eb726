"""What each call of the panel does.

Here lives: one module per noun, whose handlers dispatch.py registers.
Does not know: bytes, SOAP, sockets.
Start reading at: users.py.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

__all__ = ["load_all"]


@cache
def load_all() -> tuple[str, ...]:
    """Import every module of this package, so that its calls and rules are registered; returns their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    for name in names:
        importlib.import_module(f"{__name__}.{name}")
    return tuple(names)
