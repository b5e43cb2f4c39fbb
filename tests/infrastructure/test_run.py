"""`workflows run`: children that die come back, all end together, a busy port is named."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO

import pytest

from workflows.db import Database
from workflows.errors import ConfigurationError
from workflows.operation.run import children, refuse_busy_port, say_ready
from workflows.org.importing.applying import import_organisation
from workflows.settings import Settings, project_folder

STAYS = """
import os, signal, sys
signal.signal(signal.SIGTERM, lambda *_: (print("bye", flush=True), os._exit(0)))
print("start", os.getpid(), flush=True)
while True:
    signal.pause()
"""

FAILS = "import sys; print('start 0', flush=True); sys.exit(7)"

SUPERVISE = """
import os, sys
from workflows.operation.supervise import Child, Supervisor
child = Child("child", [sys.executable, "-c", sys.argv[1]], os.environ)
sys.exit(Supervisor([child], sys.argv[2]).run(ready=lambda: print("ready", flush=True)))
"""


Supervise = Callable[[str], "subprocess.Popen[str]"]


class Health(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def health() -> Iterator[str]:
    """The address of something that answers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Health) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/healthz"
        server.shutdown()
        thread.join()


@pytest.fixture
def supervise(health: str) -> Iterator[Supervise]:
    started: list[subprocess.Popen[str]] = []
    watchdogs: list[threading.Timer] = []

    def start(child: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, child, health],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        watchdog = threading.Timer(30, process.kill)  # so that a line that never comes is a failure and no hang
        watchdog.start()
        watchdogs.append(watchdog)
        return process

    yield start
    for watchdog in watchdogs:
        watchdog.cancel()
    for process in started:
        process.terminate()
        process.communicate(timeout=20)


def expect(stream: IO[str] | None, word: str) -> str:
    """The next line that begins with `word`."""
    assert stream is not None
    for line in stream:
        if line.startswith(word):
            return line.strip()
    pytest.fail(f"no line with {word!r}")


def test_it_says_when_it_can_serve(supervise: Supervise) -> None:
    expect(supervise(STAYS).stdout, "ready")


def test_a_killed_child_comes_back(supervise: Supervise) -> None:
    process = supervise(STAYS)
    first = int(expect(process.stdout, "start").split()[1])
    os.kill(first, signal.SIGKILL)
    second = int(expect(process.stdout, "start").split()[1])
    assert second != first


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_lets_the_children_finish(supervise: Supervise, number: signal.Signals) -> None:
    """Ctrl-C reaches every process of the terminal: only the supervisor takes it, the children are asked politely."""
    process = supervise(STAYS)
    expect(process.stdout, "start")
    os.killpg(process.pid, number)
    expect(process.stdout, "bye")
    assert process.wait(timeout=20) == 0


def test_a_child_that_cannot_start_ends_the_service(supervise: Supervise) -> None:
    process = supervise(FAILS)
    for _ in range(3):
        expect(process.stdout, "start")
    assert process.wait(timeout=20) == 7


def test_a_busy_port_is_named_with_a_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError) as refused:
            refuse_busy_port("127.0.0.1", port)
    free = int(refused.value.en.split("PORT=")[1].split()[0])
    assert str(port) in refused.value.zh
    assert free > port
    refuse_busy_port("127.0.0.1", free)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="WORKFLOWS_HOST"):
        refuse_busy_port("192.0.2.1", 8000)


@pytest.mark.parametrize(
    ("environment", "hint"),
    [
        ({"DATABASE_URL": "mysql://root@localhost/x"}, "DATABASE_URL"),
        ({"WORKFLOWS_DEMO": "1", "DATABASE_URL": "sqlite:///empty.db"}, "workflows db upgrade"),
    ],
)
def test_the_web_process_says_why_it_does_not_start(tmp_path: Path, environment: dict[str, str], hint: str) -> None:
    web = children({"PATH": os.environ["PATH"], "PORT": "0", **environment})[0]
    done = subprocess.run(web.command, env=web.environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count(hint) == 2, "once in each language"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("zh", ["http://127.0.0.1:8000", "workflows-demo", "  运营主管：陈思齐 chensiqi  林晓岚 linxiaolan", "  审计：韩文博 hanwenbo"]),
        ("en", ["http://127.0.0.1:8000", "workflows-demo", "  Administrator: 罗勇 luoyong"]),
    ],
)  # fmt: skip
def test_a_demo_says_where_it_runs_and_who_can_sign_in(
    sqlite_url: str, language: str, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database(sqlite_url)
    files = [(file.name, file.read_bytes()) for file in sorted((project_folder("sample") / "company").iterdir())]
    with database.write() as session:
        import_organisation(session, files, date(2026, 11, 2), datetime(2026, 11, 2, tzinfo=UTC))
    database.dispose()
    demo = {"DATABASE_URL": sqlite_url, "WORKFLOWS_DEMO": "1", "WORKFLOWS_LANGUAGE": language}
    say_ready(Settings.from_environment(demo))
    printed = capsys.readouterr().out
    assert all(line in printed for line in lines), printed
    say_ready(replace(Settings.from_environment(demo), demo=False))
    assert "workflows-demo" not in capsys.readouterr().out
