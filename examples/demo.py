"""The main job, shown: seed an embedded panel, validate, plan, apply, plan; change the manifest; plan, apply, plan.

    python examples/demo.py

Everything happens in a throw-away folder; nothing of yours is read or written, and nothing leaves this machine.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent
PASSWORDS = {"MUELLER_PASSWORD": "Fliesen-2026!", "SCHMIDT_PASSWORD": "Privat-2026!"}
GUIDE, CHANGED = "webpanel-guide", "webpanel-guide-changed"


def program() -> list[str]:
    """The command beside this Python, else the module."""
    script = Path(sys.executable).with_name("resellerplan.exe" if os.name == "nt" else "resellerplan")
    return [str(script)] if script.exists() else [sys.executable, "-m", "resellerplan"]


def way_there() -> list[str]:
    """What makes the shell find the command, where it does not yet."""
    folder = Path(program()[0]).parent
    if shutil.which("resellerplan") is not None:
        return []
    activate = folder / "activate"
    shown = os.path.relpath(activate) if activate.is_relative_to(Path.cwd()) else str(activate)
    return [f"{f'. {shlex.quote(shown)}':<46} # so that this shell finds the command"] if activate.exists() else []


class Demo:
    """A throw-away folder, an environment of its own, and commands that are shown before they run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TERM") if name in os.environ}
        home = str(folder / "home")
        self.after_output = False
        self.environ: dict[str, str] = kept | {"HOME": home, "RESELLERPLAN_DATA_DIR": str(folder / "state"), "PYTHONUTF8": "1"}

    def say(self, text: str) -> None:
        """A sentence between two commands."""
        print(f"\n# {text}", flush=True)
        self.after_output = False

    def set(self, variables: Mapping[str, str]) -> None:
        """Set variables, and show how a person would."""
        for name, value in variables.items():
            print(f"$ export {name}={shlex.quote(value)}", flush=True)
        self.environ.update(variables)

    def run(self, *words: str, expect: int = 0) -> None:
        """Show a command, run it, and stop where it does not end as it must."""
        print(("\n" if self.after_output else "") + f"$ {shlex.join(['resellerplan', *words])}", flush=True)
        self.after_output = True
        code = subprocess.run([*program(), *words], cwd=self.folder, env=self.environ, check=False).returncode
        if code != expect:
            sys.exit(f"the demo went wrong: exit code {code} where {expect} was expected")


def main() -> int:
    """Run the demo; 0 where everything went as it must."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="resellerplan-demo-") as name:
        folder = Path(name)
        for example in (GUIDE, CHANGED):
            shutil.copytree(EXAMPLES / example, folder / example)
        shutil.copy(EXAMPLES / "panel.yaml", folder / "panel.yaml")
        demo = Demo(folder)
        demo.say("A panel to play with: one file, with a reseller who has a package of his own.")
        demo.run("panel", "seed", "panel.sqlite", "--start", "panel.yaml")
        demo.set({"RESELLERPLAN_URL": "embedded:panel.sqlite", **PASSWORDS})
        demo.say("The manifest of a web host's guide: two plans, a customer with a domain, one without.")
        demo.run("validate", GUIDE)
        demo.run("plan", GUIDE)
        demo.run("apply", GUIDE, "--auto-approve")
        demo.say("A second plan has nothing to do; --detailed-exitcode proves it with exit code 0.")
        demo.run("plan", GUIDE, "--detailed-exitcode")
        demo.say("A month later: a dearer and larger plan, a new e-mail address, and a space on another plan.")
        demo.run("plan", CHANGED, "--detailed-exitcode", expect=2)
        demo.run("apply", CHANGED, "--auto-approve")
        demo.run("plan", CHANGED, "--detailed-exitcode")
        demo.say("What the panel holds now, and that no letter went out on its own.")
        demo.run("show", "live")
        demo.run("panel", "outbox", "panel.sqlite")
        demo.say(f"That took {time.monotonic() - started:.0f} seconds; the folder is gone again. To try next:")
    for line in way_there():
        print(f"    {line}")
    print(
        "    resellerplan panel seed my-panel.sqlite        # a panel of your own to play with\n"
        "    export RESELLERPLAN_URL=embedded:my-panel.sqlite\n"
        "    resellerplan show live                         # what is there\n"
        "    cp -r examples/webpanel-guide my-estate        # change it, then: resellerplan plan my-estate\n"
        "    resellerplan login https://panel.example:9002  # your real panel; `plan` only ever reads it"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
