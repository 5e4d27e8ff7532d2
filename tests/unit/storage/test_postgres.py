"""What a PostgreSQL database can be like when a store is opened in it."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from harness.errors import StoreError
from harness.records import Attempt, Response, Signature
from harness.storage import Kept, RunRecord, RunStatus, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgres import Server

RUN = RunRecord("r", "suite", "system", RunStatus.STARTED, "2026-11-22T05:34:40Z", None, 1, 3, Signature(()))
SECRET = "hunter2"  # noqa: S105 - nobody's
END_ALL = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'extraction-harness' AND pid <> pg_backend_pid()"""


def kept(*documents: str, raw: str = "{}") -> list[Kept]:
    return [Kept(Response(document, 0, (Attempt(raw, 0.5),))) for document in documents]


@pytest.fixture
def address(postgres: Server) -> str:
    return postgres.new_store()


@pytest.fixture
def schema(address: str) -> str:
    return address.rpartition("%3D")[2]


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_refuses_a_newer_version_and_leaves_it_alone(address: str, schema: str, postgres: Server) -> None:
    open_store(address).close()
    postgres.execute(f"ALTER TABLE {schema}.store_version ALTER version TYPE integer USING 7")
    with pytest.raises(StoreError, match="has version 7; this harness reads version 2\n  update"):
        open_store(address)


def test_refuses_a_database_with_tables_of_something_else(address: str, schema: str, postgres: Server) -> None:
    postgres.execute(f"CREATE TABLE {schema}.runs (distance integer)")
    with pytest.raises(StoreError, match="is not a store, and has a table runs\n  give the store a database"):
        open_store(address)


def test_tables_of_other_names_do_not_matter(address: str, schema: str, postgres: Server) -> None:
    postgres.execute(f"CREATE TABLE {schema}.bookmarks (url text)")
    with open_store(address) as store:
        store.create_run(RUN, ())


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_a_url_may_leave_the_driver_out(address: str, scheme: str) -> None:
    with open_store(address.replace("postgresql+psycopg", scheme)) as store:
        store.create_run(RUN, ())
    with open_store(address) as store:
        assert store.run("latest") == RUN


def test_a_server_that_is_away_is_an_error_without_the_password() -> None:
    with pytest.raises(StoreError, match="refused") as caught:
        open_store(f"postgresql+psycopg://me:{SECRET}@127.0.0.1:{closed_port()}/runs")
    assert SECRET not in str(caught.value)
    assert "start the server" in caught.value.hint


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        (f"postgresql+psycopg://me:{SECRET}@127.0.0.1:port/runs", "write postgresql"),
        (f"postgresql+psycopg://me:{SECRET}/x@127.0.0.1:1/runs", "start the server"),
        (f"postgresql+psycopg://me@127.0.0.1:1/runs?password={SECRET}&sslmode=nonsense", "check the settings"),
        (f"postgresql+psycopg://me@127.0.0.1:1/runs?password={SECRET}&nonsense=1", "check the settings"),
    ],
)
def test_an_address_that_is_wrong_is_an_error_without_the_password(address: str, hint: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(address)
    assert SECRET not in str(caught.value)
    assert hint in caught.value.hint


def test_a_database_or_a_user_that_is_not_there_is_said(postgres: Server) -> None:
    with pytest.raises(StoreError, match='"nothing" does not exist\n  check the name of the database'):
        open_store(postgres.address.replace("/postgres?", "/nothing?"))
    with pytest.raises(StoreError, match='role "nobody" does not exist\n  check the user'):
        open_store(postgres.address.replace("//postgres@", f"//nobody:{SECRET}@"))


def test_a_missing_driver_is_named(address: str) -> None:
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from harness.errors import StoreError; from harness.storage import open_store\n"
        "try: open_store(sys.argv[1])\n"
        "except StoreError as error: print(error.seen, '|', error.hint)"
    )
    done = subprocess.run([sys.executable, "-c", code, address], capture_output=True, text=True, check=True)
    seen, hint = done.stdout.strip().split(" | ")
    assert seen == "the driver for PostgreSQL is not installed"
    assert hint == "install it: pip install 'extraction-harness[postgres]'"


def test_four_processes_make_one_store(address: str) -> None:
    code = "import sys; from harness.storage import open_store\nopen_store(sys.argv[1]).close()"
    words = [sys.executable, "-c", code, address]
    started = [subprocess.Popen(words, stderr=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate()[1] for process in started] == [b""] * 4
    with open_store(address) as store:
        store.create_run(RUN, ())


def test_a_connection_lost_while_nobody_used_it_is_made_again(address: str, postgres: Server) -> None:
    with open_store(address) as store:
        store.create_run(RUN, ())
        store.append("r", kept("a"))
        postgres.execute(END_ALL)
        store.append("r", kept("b"))
        postgres.execute(END_ALL)
        assert len(store.standing("r")) == 2


def test_a_connection_lost_while_writing_is_an_error_and_the_store_goes_on(
    address: str, postgres: Server
) -> None:
    def dying() -> Iterator[Kept]:
        yield from kept(*(f"d{number}" for number in range(100)))
        postgres.execute(END_ALL)
        yield from kept(*(f"e{number}" for number in range(100)))

    with open_store(address) as store:
        store.create_run(RUN, ())
        store.append("r", kept("before"))
        with pytest.raises(StoreError, match="terminat") as caught:
            store.append("r", dying())
        assert "what was stored is kept" in caught.value.hint
        store.append("r", kept("after"))
        assert set(store.standing("r")) == {("before", 0), ("after", 0)}


def test_a_connection_lost_while_reading_is_an_error_and_the_store_goes_on(
    address: str, postgres: Server
) -> None:
    with open_store(address) as store:
        store.create_run(RUN, ())
        store.append("r", kept(*(f"d{number:03}" for number in range(200)), raw="x" * 10_000))
        reading = store.responses("r")
        next(reading)
        postgres.execute(END_ALL)
        with pytest.raises(StoreError, match="the store cannot be used"):
            list(reading)
        assert len(list(store.responses("r"))) == 200


def test_a_server_that_takes_no_writes_can_be_read(address: str) -> None:
    with open_store(address) as store:
        store.create_run(RUN, ())
    with open_store(f"{address}%20-cdefault_transaction_read_only%3Don") as store:
        assert store.run("latest") == RUN
        with pytest.raises(StoreError, match="read-only transaction"):
            store.append("r", kept("a"))
        with pytest.raises(StoreError, match="read-only transaction"):
            store.delete_run("r")


def test_documents_are_in_the_order_of_code_points_whatever_the_server_thinks(address: str) -> None:
    names = ["a", "B", "Z", "b", "ä", "я", "😀", "a b", "a-b", "_"]
    with open_store(address) as store:
        store.create_run(RUN, ())
        store.append("r", kept(*names))
        assert [one.document for one in store.responses("r")] == sorted(names)
        assert store.planned("r") == ()
