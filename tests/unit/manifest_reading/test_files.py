"""The only reader: every way a file can fail to be a text is a finding, and memory stays bounded."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from resellerplan.diagnostics import Place
from resellerplan.manifest.files import STDIN, Files
from resellerplan.manifest.gather import gather
from resellerplan.manifest.limits import Limits


def codes(files: Files) -> list[str]:
    return [finding.code for finding in files.findings]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a: 1\n\0", "RP1020"),
        ("a: ü\n".encode("utf-16"), "RP1019"),
        ("a: ü\n".encode("utf-16-be"), "RP1020"),
        ("a: ü\n".encode("utf-32"), "RP1019"),
        ("a: ü\n".encode("windows-1252"), "RP1019"),
        (b"\xff\xfea", "RP1019"),
    ],
)
def test_bytes_that_are_no_utf8_are_told(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / "m.yaml").write_bytes(data)
    files = Files(here=tmp_path)
    assert files.text_of("m.yaml") is None
    assert codes(files) == [code]


def test_the_place_of_a_wrong_byte_is_its_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_bytes("a: ü\r\nbä: ".encode() + b"\xfc\n")
    files = Files(here=tmp_path)
    files.text_of("m.yaml")
    assert files.findings[0].place == Place("m.yaml", 2, 5)
    assert "Windows-1252" in files.findings[0].hint


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert Files(here=tmp_path).text_of("m.yaml") == "a: 1\n"


def test_what_is_not_there_or_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    files = Files(here=tmp_path)
    assert [files.text_of(name) for name in ("nope", "nope/x", "folder", "loop", "/dev/zero", "a\0b", "x" * 5000)] == [None] * 7
    assert codes(files) == ["RP1001", "RP1001", "RP1002", "RP1023", "RP1002", "RP1002", "RP1002"]


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    def refused(descriptor: int, count: int) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "m.yaml").write_text("a: 1")
    files = Files(here=tmp_path, read=refused)
    assert files.text_of("m.yaml") is None
    assert [(one.code, one.label) for one in files.findings] == [("RP1002", "Permission denied")]


def test_a_file_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text("a: 1\n")

    def interfered(descriptor: int, count: int) -> bytes:
        data = os.read(descriptor, 3)
        with path.open("a") as stream:
            stream.write("b: 2\n" if not data or len(path.read_bytes()) < 20 else "")
        return data

    files = Files(here=tmp_path, read=interfered)
    assert files.text_of("m.yaml") is None
    assert codes(files) == ["RP1021"]


def test_a_file_of_200_mb_is_refused_without_being_read(tmp_path: Path) -> None:
    with (tmp_path / "m.yaml").open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)
    files = Files(here=tmp_path)
    tracemalloc.start()
    assert files.text_of("m.yaml") is None
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert codes(files) == ["RP1018"]
    assert "200 MB" in files.findings[0].label
    assert peak < 1_000_000


def test_what_grows_without_end_is_read_to_the_limit_only(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_bytes(b"x")
    files = Files(here=tmp_path, limits=Limits(file_bytes=1000), read=lambda _, count: b"y" * 400)
    assert files.text_of("m.yaml") is None
    assert codes(files) == ["RP1018"]


def test_all_files_together_are_bounded(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).write_bytes(b"x" * 400)
    files = Files(here=tmp_path, limits=Limits(total_bytes=1000))
    assert [files.text_of(name) is None for name in ("a", "b", "c")] == [False, False, True]
    assert codes(files) == ["RP1018"]


def test_standard_input_is_a_path(tmp_path: Path) -> None:
    files = Files(here=tmp_path, stdin=lambda limit: b"a: 1\n"[:limit])
    documents, _ = gather(["-"], files)
    assert [(document.file, document.data) for document in documents] == [(STDIN, {"a": 1})]
    assert gather(["-"], Files(here=tmp_path))[0] == ()


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def gathered(folder: Path, *paths: str, **limits: int) -> tuple[list[str], list[str]]:
    files = Files(here=folder, limits=Limits(**limits))
    documents, findings = gather(paths, files)
    return [document.file for document in documents], [one.code for one in (*findings, *files.findings)]


def test_a_folder_stands_for_its_manifest_and_several_paths_add_up(tmp_path: Path) -> None:
    write(tmp_path, {"a/resellerplan.yaml": "x: 1", "b.yaml": "y: 1", "resellerplan.yaml": "z: 1"})
    assert gathered(tmp_path, "a", "b.yaml") == (["a/resellerplan.yaml", "b.yaml"], [])
    assert gathered(tmp_path) == (["resellerplan.yaml"], [])


def test_includes_are_relative_to_their_file_sorted_and_read_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "top/resellerplan.yaml": "include: ['customers/*.yaml', ../shared.yaml]",
            "top/customers/b.yaml": "include: ../../shared.yaml",
            "top/customers/a.yaml": "include: [../resellerplan.yaml]",
            "top/customers/.hidden.yaml": "x: 1",
            "top/customers/note.txt": "x: 1",
            "shared.yaml": "x: 1",
        },
    )
    names, told = gathered(tmp_path, "top")
    assert names == ["top/resellerplan.yaml", "top/customers/a.yaml", "top/customers/b.yaml", "shared.yaml"]
    assert told == []


def test_a_file_by_two_names_is_one_file(tmp_path: Path) -> None:
    write(tmp_path, {"resellerplan.yaml": "x: 1"})
    (tmp_path / "link.yaml").symlink_to("resellerplan.yaml")
    assert gathered(tmp_path, "resellerplan.yaml", "./resellerplan.yaml", "link.yaml") == (["resellerplan.yaml"], [])


def test_two_stars_go_down_and_a_circle_of_links_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"resellerplan.yaml": "include: ['d/**/*.yaml']", "d/a.yaml": "x: 1", "d/e/f/b.yaml": "y: 1"})
    assert gathered(tmp_path) == (["resellerplan.yaml", "d/a.yaml", "d/e/f/b.yaml"], [])
    (tmp_path / "d/e/back").symlink_to("..")
    (tmp_path / "d/e/again").symlink_to("../../d")
    assert gathered(tmp_path) == (["resellerplan.yaml"], ["RP1023"])


@pytest.mark.parametrize(
    ("include", "code"),
    [
        ("nope.yaml", "RP1001"),
        ("'none/*.yaml'", "RP1022"),
        ("{a: b}", "RP1025"),
        ("[1]", "RP1025"),
        ("['{{ vars.x }}.yaml']", "RP1025"),
        ('["a\\0b"]', "RP1016"),
        ("['']", "RP1025"),
    ],
)
def test_an_include_that_leads_nowhere_is_told(tmp_path: Path, include: str, code: str) -> None:
    write(tmp_path, {"resellerplan.yaml": f"include: {include}"})
    assert code in gathered(tmp_path)[1]


def test_too_many_files_are_told(tmp_path: Path) -> None:
    write(tmp_path, {"resellerplan.yaml": "include: ['d/*.yaml']", **{f"d/{n}.yaml": "x: 1" for n in range(9)}})
    assert gathered(tmp_path, files=5)[1] == ["RP1024"]


def test_a_manifest_read_without_libyaml_gets_one_note(tmp_path: Path, without_libyaml: None) -> None:
    write(tmp_path, {"resellerplan.yaml": "include: [b.yaml]", "b.yaml": "x: 1"})
    assert gathered(tmp_path) == (["resellerplan.yaml", "b.yaml"], ["RP1026"])
