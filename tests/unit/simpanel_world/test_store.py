"""The store: one file, durable, safe under parallel use, refused where it is another's."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from resellerplan.simpanel.store import ConstraintError, Store, StoreRefused, use_up_ids


def add(store: Store, name: str) -> None:
    with store.writing() as db:
        db.execute("INSERT INTO meta VALUES (?, '1')", (name,))


def add_twice(store: Store) -> None:
    with store.writing() as db:
        db.execute("INSERT INTO meta VALUES ('a', '1')")
        db.execute("INSERT INTO meta VALUES ('a', '1')")


def names(store: Store) -> list[str]:
    with store.reading() as db:
        return [row[0] for row in db.execute("SELECT key FROM meta ORDER BY key")]


def test_a_read_sees_a_snapshot_and_waits_for_no_writer() -> None:
    with Store.temporary() as store:
        add(store, "a")
        with store.reading() as db:
            assert len(db.execute("SELECT * FROM meta").fetchall()) == 1
            add(store, "b")
            assert len(db.execute("SELECT * FROM meta").fetchall()) == 1
        with store.writing() as db:
            db.execute("INSERT INTO meta VALUES ('c', '1')")
            assert names(store) == ["a", "b"]


def test_a_reading_connection_can_not_write() -> None:
    with Store.temporary() as store, store.reading() as db, pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("INSERT INTO meta VALUES ('a', '1')")


def test_what_raises_is_undone() -> None:
    with Store.temporary() as store:
        with pytest.raises(ConstraintError):
            add_twice(store)
        assert names(store) == []


def test_32_threads_read_and_write_at_once_and_nothing_is_lost() -> None:
    errors: list[BaseException] = []
    with Store.temporary() as store:

        def work(thread: int) -> None:
            try:
                for number in range(20):
                    add(store, f"{thread:02}-{number:02}")
                    assert f"{thread:02}-{number:02}" in names(store)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert len(names(store)) == 640


def test_an_answered_write_survives_a_killed_process(tmp_path: Path) -> None:
    """A process writes and says so; it is killed without a word in the middle of it."""
    path = tmp_path / "world.db"
    Store.create(path).close()
    program = (
        "import sys\nfrom pathlib import Path\nfrom resellerplan.simpanel.store import Store\n"
        "store = Store.open(Path(sys.argv[1]))\nn = 0\n"
        "while True:\n    store.set_meta(f'{n:06}', '1')\n    print(n, flush=True)\n    n += 1\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [int(process.stdout.readline()) for _ in range(50)][-1]
        process.kill()
        rest = [int(line) for line in process.stdout.read().splitlines() if line.strip().isdigit()]
    said = max([said, *rest])
    with Store.open(path) as store:
        assert names(store)[: said + 1] == [f"{number:06}" for number in range(said + 1)]


def test_numbers_are_never_given_twice() -> None:
    with Store.temporary() as store:
        with store.writing() as db:
            db.execute("INSERT INTO servers (server_name) VALUES ('a')")
            db.execute("DELETE FROM servers")
            db.execute("INSERT INTO servers (server_name) VALUES ('b')")
            use_up_ids(db, "servers", 7)
            use_up_ids(db, "servers", 3)
            db.execute("INSERT INTO servers (server_name) VALUES ('c')")
        with store.reading() as db:
            assert [row[0] for row in db.execute("SELECT server_id FROM servers ORDER BY 1")] == [2, 8]


def test_a_store_is_for_its_owner_only_and_a_temporary_one_goes(tmp_path: Path) -> None:
    with Store.create(tmp_path / "w.db") as store:
        assert store.path.stat().st_mode & 0o077 == 0
    temporary = Store.temporary()
    folder = temporary.path.parent
    assert folder.exists()
    temporary.close()
    temporary.close()
    assert not folder.exists()


@pytest.mark.parametrize("content", [None, b"not a database at all, but long enough to be looked at", b""])
def test_a_file_that_is_no_world_is_refused_with_what_to_do(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StoreRefused) as caught:
        Store.open(path)
    assert "panel seed" in caught.value.hint


def test_another_schema_version_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    Store.create(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.close()
    with pytest.raises(StoreRefused) as caught:
        Store.open(path)
    assert "99" in str(caught.value)
    assert "panel dump" in caught.value.hint


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    Store.create(path).close()
    with pytest.raises(StoreRefused, match="already exists"):
        Store.create(path)


def test_two_processes_may_share_a_store(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with Store.create(path) as one, Store.open(path) as other:
        done: list[float] = []
        with one.writing() as db:
            db.execute("INSERT INTO meta VALUES ('a', '1')")

            def add_later() -> None:
                add(other, "b")
                done.append(time.monotonic())

            thread = threading.Thread(target=add_later)
            thread.start()
            time.sleep(0.1)
            assert done == []
        thread.join()
        assert names(one) == ["a", "b"]
