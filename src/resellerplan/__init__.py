"""resellerplan: hosting customers, plans and spaces as code, planned and applied against a SolidCP / FuseCP panel.

Here lives: the version and the small public face.
Does not know: anything else.
Start reading at: docs/dev.md, then cli/main.py.

The public names are imported when they are first asked for, so that ``resellerplan --version`` imports nothing.
"""

__version__ = "0.1.0"

_HOMES = {
    "Address": "resellerplan.model.address",
    "Estate": "resellerplan.model.estate",
    "Plan": "resellerplan.planning.plan",
    "Policy": "resellerplan.planning.policy",
    "ResellerPlanError": "resellerplan.errors",
    "Scope": "resellerplan.planning.scope",
    "make_plan": "resellerplan.planning.plan",
}

__all__ = ["Address", "Estate", "Plan", "Policy", "ResellerPlanError", "Scope", "__version__", "make_plan"]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'resellerplan' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
