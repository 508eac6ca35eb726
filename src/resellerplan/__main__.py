"""Run the command line: `resellerplan` and `python -m resellerplan`.

``--version`` is answered here, before anything that is not ours is imported: it is what scripts and editors ask most often.
"""

import sys

from resellerplan import __version__


def run() -> int:
    """Start the program with the process's arguments; return its exit code."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        sys.stdout.write(f"resellerplan {__version__}\n")
        return 0
    from resellerplan.cli.main import from_process

    return from_process(arguments)


if __name__ == "__main__":
    sys.exit(run())
