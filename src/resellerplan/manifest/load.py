"""THE DOOR of this room: paths in, an estate with everything there is to tell out.

    paths -> texts (files) -> documents (parsing, expand) -> do they fit? (shape) -> estate (build) -> what does it mean? (checks)

Nothing is raised for what is wrong in a manifest: all of it is in ``Loaded.findings``. ``Loaded.demand()`` raises where a command
can't go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from resellerplan.manifest.loaded import Loaded, LoadOptions

__all__ = ["LoadOptions", "Loaded", "load"]


def load(paths: Sequence[str], variables: Mapping[str, object] | None = None, options: LoadOptions | None = None) -> Loaded:
    """Read the manifests at ``paths`` (files, folders, ``-``) as one estate.

    ``variables`` are values for templates (``--var``, RESELLERPLAN_VAR_name). Reads files and standard input; nothing else. What is
    wrong in them, a file that is missing included, is among ``Loaded.findings``, with its place; nothing is raised for it.
    """
    from resellerplan.manifest.collector import collector_paused
    from resellerplan.manifest.reading import read

    with collector_paused():
        return read(paths, variables or {}, options or LoadOptions())
