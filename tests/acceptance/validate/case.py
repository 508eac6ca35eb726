"""One case: the files of a folder, what ``validate`` says about them, and how to write that down anew.

A folder holds the files of a manifest and ``expected`` (what was printed, the exit code); it may hold ``args`` (more arguments).
What can't lie in a repository (links, files of 70 MB) is made by a function of preparations.py.
``python -m tests.acceptance.validate.case`` writes every ``expected`` anew; look at the difference before you commit it.
"""

from __future__ import annotations

import shlex
import shutil
import sys
import tempfile
from pathlib import Path

from tests.acceptance.validate.preparations import PREPARATIONS
from tests.support.command_line import resellerplan

__all__ = ["CASES", "FOLDER", "said_about"]

FOLDER = Path(__file__).parent / "cases"
CASES = sorted(path.name for path in FOLDER.iterdir())
_OURS = {"args", "expected"}


def said_about(name: str, work: Path) -> str:
    """What ``validate`` prints about a case whose files are copied to ``work``."""
    source = FOLDER / name
    shutil.copytree(source, work, ignore=lambda _, names: _OURS.intersection(names), dirs_exist_ok=True)
    (work / ".git").mkdir()
    if name in PREPARATIONS:
        PREPARATIONS[name](work)
    args = shlex.split((source / "args").read_text(encoding="utf-8")) if (source / "args").exists() else []
    ran = resellerplan("validate", *args, folder=work)
    assert ran.out == "", "text goes to standard error"
    return f"$ {shlex.join(['resellerplan', 'validate', *args])}\n{ran.err}exit code {ran.code}\n"


def main() -> None:
    for name in sys.argv[1:] or CASES:
        with tempfile.TemporaryDirectory() as work:
            (FOLDER / name / "expected").write_text(said_about(name, Path(work)), encoding="utf-8")


if __name__ == "__main__":
    main()
