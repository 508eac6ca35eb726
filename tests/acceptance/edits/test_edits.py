"""A folder per edit: ``before`` holds the files, ``args`` the command, ``after`` the files it leaves, ``expected`` what it says.

Where ``after`` is missing the files must be as they were. ``python -m tests.acceptance.edits.test_edits`` writes ``after`` and
``expected`` anew; look at the difference before you commit it.
"""

from __future__ import annotations

import shlex
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from resellerplan.manifest.codes import CODES
from tests.support.command_line import resellerplan

FOLDER = Path(__file__).parent / "cases"
CASES = sorted(path.name for path in FOLDER.iterdir())


def said_about(name: str, work: Path) -> str:
    """What the command of a case says, run on a copy of its files in ``work``."""
    shutil.copytree(FOLDER / name / "before", work, dirs_exist_ok=True)
    args = shlex.split((FOLDER / name / "args").read_text(encoding="utf-8"))
    ran = resellerplan(*args, folder=work)
    return f"$ {shlex.join(['resellerplan', *args])}\n{ran.out}{ran.err}exit code {ran.code}\n"


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("name", CASES)
def test_an_edit_leaves_these_files_and_says_this(name: str, tmp_path: Path) -> None:
    said = said_about(name, tmp_path)
    assert said == (FOLDER / name / "expected").read_text(encoding="utf-8")
    after = FOLDER / name / "after"
    assert files_of(tmp_path) == files_of(after if after.exists() else FOLDER / name / "before")
    assert ("exit code 0" in said) == after.exists() or "--check" in said or "--diff" in said


def test_the_codes_of_edits_are_shown() -> None:
    shown = "".join((FOLDER / name / "expected").read_text(encoding="utf-8") for name in CASES)
    elsewhere = {
        "RP1801",
        "RP1805",
        "RP1809",
    }  # need somebody else at the files or a panel (test_on_a_panel.py, tests/unit/manifest_reading/test_saving.py)
    assert {code for code in CODES if code.startswith("RP18") and f"[{code}]" not in shown} == elsewhere


def main() -> None:
    for name in sys.argv[1:] or CASES:
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            said = said_about(name, work)
            (FOLDER / name / "expected").write_text(said, encoding="utf-8")
            shutil.rmtree(FOLDER / name / "after", ignore_errors=True)
            if files_of(work) != files_of(FOLDER / name / "before"):
                shutil.copytree(work, FOLDER / name / "after")


if __name__ == "__main__":
    main()
