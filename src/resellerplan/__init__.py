"""resellerplan: hosting customers, plans and spaces as code, planned and applied against a SolidCP / FuseCP panel.

Here lives: the version and the small public face. Does not know: anything else. Start reading at: docs/dev.md, then cli/main.py.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
