"""An editable and a plain installation both find the schemas, start, and are what pyproject.toml says."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from resellerplan import __version__
from resellerplan.cli.packaged_schemas import schema_folder, schema_names, schema_of

TOP = Path(__file__).parents[2]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the build backend of this environment: nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-deps", "--no-build-isolation", "--quiet"]
    argv = [*pip, "-w", str(folder), str(TOP)]
    done = subprocess.run(argv, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_the_checkout_finds_its_schemas() -> None:
    assert schema_folder() == TOP / "schemas"
    assert {"manifest", "world"} <= set(schema_names())


def test_the_wheel_holds_the_schemas_the_types_marker_and_the_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {f"resellerplan/schemas/{name}.schema.json" for name in schema_names()} <= set(names)
    assert "resellerplan/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith("tests/")]


def test_a_plain_installation_finds_its_schemas_and_its_templates(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import resellerplan; assert resellerplan.__file__.startswith(sys.argv[1]), resellerplan.__file__\n"
        "from resellerplan.cli.packaged_schemas import schema_of, schema_names\n"
        "print(len(schema_of('manifest')), *schema_names())\n"
        "from resellerplan.cli.main import main\n"
        "raise SystemExit(main(['panel', 'seed', sys.argv[2]], {}))\n"
    )
    argv = [sys.executable, "-P", "-c", program, str(tmp_path / "site"), str(tmp_path / "panel.sqlite")]
    done = subprocess.run(argv, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == f"{len(schema_of('manifest'))} {' '.join(schema_names())}"


def test_the_version_is_a_literal_and_the_same_everywhere() -> None:
    text = (TOP / "src" / "resellerplan" / "__init__.py").read_text(encoding="utf-8")
    assert f'__version__ = "{__version__}"' in text
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
    assert f"## {__version__}" in (TOP / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_lowest_versions_that_are_tested_are_the_lower_bounds() -> None:
    lowest = {}
    for line in (TOP / "constraints-lowest.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, version = line.partition("==")
            lowest[name.lower()] = version
    extras = [text for wanted in PROJECT["project"]["optional-dependencies"].values() for text in wanted]
    bounds = dict(re.split(r">=", text) for text in [*PROJECT["project"]["dependencies"], *extras])
    assert {name.lower() for name in bounds} == set(lowest)
    for name, bound in bounds.items():
        tested = lowest[name.lower()]
        assert tested == bound or tested.startswith(f"{bound}."), f"{name}: {tested} is tested, {bound} is promised"


def test_every_dependency_is_locked() -> None:
    locked = {
        re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower()
        for line in (TOP / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    wanted = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    names = {re.sub(r"[-_.]+", "-", re.split(r"[>=<]", text)[0]).lower() for text in wanted}
    assert names <= locked


def test_the_program_starts_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "resellerplan", "--version"], capture_output=True, text=True)
    assert done.stdout == f"resellerplan {__version__}\n"
