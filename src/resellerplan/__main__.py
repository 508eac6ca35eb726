"""Run the command line: `resellerplan` and `python -m resellerplan`.

``--version`` is answered here, before anything that is not ours is imported: it is what scripts and editors ask most often.
"""

import gc
import sys

from resellerplan import __version__

_NEW_OBJECTS = 100_000
"""So many new objects between two looks for cycles: a start makes thousands that all stay, and to look at every 700th, the default,
takes a tenth of it."""


def run() -> int:
    """Start the program with the process's arguments; return its exit code."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        sys.stdout.write(f"resellerplan {__version__}\n")
        return 0
    gc.set_threshold(_NEW_OBJECTS)
    from resellerplan.cli.main import from_process

    code = from_process(arguments)
    gc.freeze()  # what is left goes with the process: no need to look through it once more
    return code


if __name__ == "__main__":
    sys.exit(run())
