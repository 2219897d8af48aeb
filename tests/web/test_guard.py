"""Who may ask the explorer: each line of the table of its security."""

from __future__ import annotations

import asyncio
import json
import re
import socket

import click
import pytest
from click.testing import CliRunner

from sim.cli.commands.explore import command
from sim.web.guard import HEADERS, own_names
from sim.web.server import address_of, bound, new_token
from tests.web.asking import HOME, LIBRARY, PORT, ask, server

APP = server()
POINT = "/api/point/chicken"


def test_its_own_page_is_answered():
    assert ask(APP, "/").status == 200
    assert ask(APP, "/api/scenarios").json["first"] == "standoff_2021"
    assert ask(APP, POINT).status == 200


@pytest.mark.parametrize("host", [f"localhost:{PORT}", f"[::1]:{PORT}", f"LOCALHOST:{PORT}"])
def test_every_name_of_this_machine_with_our_port_is_ours(host):
    assert ask(APP, POINT, host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:80", "localhost:9", f"127.0.0.1.evil.example:{PORT}",
        f"[::1:{PORT}", f"[::2]:{PORT}", f"0.0.0.0:{PORT}", "", None, f"127.0.0.1:{PORT}@evil.example", f" {HOME}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", POINT])
def test_another_name_or_port_is_refused(host, path):
    assert ask(APP, path, host=host).status == 400


def test_two_names_at_once_are_refused():
    assert ask(APP, "/", headers=[("host", "evil.example")]).status == 400


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "nonsense"])
def test_pages_of_others_are_refused(site):
    assert ask(APP, POINT, sec_fetch_site=site).status == 403
    assert ask(APP, "/", sec_fetch_site=site).status == 403


def test_an_address_that_somebody_typed_is_answered():
    assert ask(APP, "/", sec_fetch_site="none").status == 200
    assert ask(APP, "/", sec_fetch_site=None).status == 200


def test_answers_need_our_header():
    assert ask(APP, POINT, x_standoff=None).status == 403
    assert ask(APP, POINT, headers=[("x-standoff", "1")]).status == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get"])
def test_nothing_but_reading(method):
    answer = ask(APP, POINT, method, headers=[("origin", "https://evil.example")])
    assert answer.status == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_head_has_no_body():
    assert ask(APP, "/", "HEAD").body == b""
    assert ask(APP, "/", "HEAD", host="evil.example").body == b""


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml", "/static/../app.py", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd",
        "/style.css/../../app.py", "//etc/passwd", "/api/scenario/../../pyproject", "/api/scenario/..%2f..%2fpyproject",
        "/api/picture/chicken/../../x", "/app.py", "/static/index.html",
    ],
)  # fmt: skip
def test_paths_lead_nowhere_else(path):
    assert ask(APP, path).status == 404


@pytest.mark.parametrize("name", ["nobody", "chicken.toml", "CHICKEN", "", "chicken%00", "/etc/passwd"])
def test_only_names_that_were_there_at_the_start_are_known(name):
    assert ask(APP, f"/api/scenario/{name}").status == 404


@pytest.mark.parametrize(
    "query",
    [
        "set=collision:inf", "set=collision:nan", "set=nobody:1", "set=collision:__import__('os')", "set=collision:1+1",
        "set=collision:1&set=collision:2", "set=collision:1e99999", "set=collision:99", f"set=collision:{'1' * 33}",
        "set=collision", "x=nobody", "x=collision:0", "x=collision:1:0", "x=collision:1:1", "x=collision:-99:0",
        "x=collision:nan:0", "x=collision&y=collision", "x=collision&x=triumph", "points=402", "points=1", "points=1e2",
        "points=-5", "points=\u0665\u0665", "concept=nobody", "solver=nobody", "select=nobody", "nobody=1", "turn=a",
        "turn=a.b", f"turn={'a' * 33}.1", "turn=a.1&turn=b.1", "concept=subgame_perfect", "solver=abreu_sannikov",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["map", "point"])
def test_what_does_not_fit_is_refused_in_a_sentence(kind, query):
    answer = ask(APP, f"/api/{kind}/chicken?{query}")
    if kind == "point" and query == "select=nobody":
        assert answer.status == 422
    if kind == "map" and query in {"concept=subgame_perfect", "solver=abreu_sannikov", "select=nobody"}:
        answer = ask(APP, f"/api/{kind}/chicken?x=collision&{query}")
    assert answer.status == 422
    assert answer.body
    assert b"Traceback" not in answer.body
    assert str(LIBRARY["chicken"].parent).encode() not in answer.body


def test_no_more_settings_than_there_may_be():
    many = "&".join(f"set=n{number}:1" for number in range(65))
    answer = ask(APP, f"/api/point/chicken?{many}")
    assert (answer.status, b"at most 64" in answer.body) == (422, True)


def test_long_requests_are_refused():
    assert ask(APP, f"/?{'a' * 8192}").status == 431
    assert ask(APP, "/", headers=[("cookie", "a" * 8192)]).status == 431
    assert ask(APP, f"/?{'a' * 4000}").status == 200


@pytest.mark.parametrize("target", ["/", POINT, "/nowhere", "/api/point/chicken?set=a:b"])
def test_every_answer_says_what_a_page_may_do(target):
    answer = ask(APP, target)
    assert HEADERS.items() <= answer.headers.items()
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers


def test_refusals_say_it_too():
    assert HEADERS.items() <= ask(APP, "/", host="evil.example").headers.items()


def test_an_error_of_ours_tells_a_stranger_nothing(monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("secret")

    monkeypatch.setattr("sim.web.answers.game_here", broken)
    answer = ask(APP, POINT)
    assert answer.status == 500
    assert answer.body.startswith(b"Our fault")
    assert b"secret" not in answer.body
    assert "secret" in caplog.text


def test_sockets_and_lifespans_are_nobodys():
    async def unheard(*_):
        raise AssertionError

    asyncio.run(APP({"type": "websocket", "headers": []}, unheard, unheard))


def test_a_token_is_asked_of_every_answer():
    token = new_token()
    app = server(token=token)
    assert len(token) >= 43
    assert ask(app, "/").status == 200  # the page reads it from the link, which no server sees
    assert ask(app, POINT).status == 403
    assert ask(app, POINT, x_standoff=token[:-1]).status == 403
    assert ask(app, POINT, x_standoff=token).status == 200


def test_other_machines_need_a_token():
    assert address_of("localhost", token=False) == "127.0.0.1"
    assert address_of("[::1]", token=False) == "::1"
    assert address_of("192.0.2.7", token=True) == "192.0.2.7"
    for host, token in (("192.0.2.7", False), ("0.0.0.0", True), ("::", True), ("example.org", True)):
        with pytest.raises(ValueError, match="--host"):
            address_of(host, token=token)
    assert f"192.0.2.7:{PORT}" in own_names("192.0.2.7", PORT)
    assert f"192.0.2.7:{PORT}" not in own_names("127.0.0.1", PORT)


def test_it_listens_on_this_machine_only_and_says_when_a_port_is_taken():
    with bound("127.0.0.1", 0) as listening:
        address, port = listening.getsockname()
        with socket.create_connection((address, port), 5):
            pass  # who comes early waits, and is not refused
        assert address == "127.0.0.1"
        with pytest.raises(ValueError, match=f"port {port} .* --port 0"):
            bound("127.0.0.1", port)
        own = {found[4][0] for found in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
        for other in own - {"127.0.0.1"}:
            with pytest.raises(OSError, match=r"."), socket.create_connection((other, port), 0.5):
                pass


def test_the_end_of_an_answer_does_not_wait_for_an_acknowledgement():
    """asyncio sends at once on what is TCP by name, which a socket has from the one that listens."""
    listening = bound("127.0.0.1", 0)
    with listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.proto == socket.IPPROTO_TCP


def test_the_command_refuses_before_it_serves(monkeypatch):
    monkeypatch.setattr("sim.web.server.serve", lambda *_: pytest.fail("it served"))
    done = CliRunner().invoke(command, ["chicken", "--host", "192.0.2.7"])
    assert isinstance(done.exception, ValueError)
    done = CliRunner().invoke(command, ["nobody_here"])
    assert "no such file" in str(done.exception)


def test_the_command_prints_a_link_with_a_token_of_its_own(monkeypatch):
    served = []
    monkeypatch.setattr(
        "sim.web.server.serve", lambda app, listening: served.append((app, listening.getsockname()))
    )
    done = CliRunner().invoke(command, ["chicken", "--port", "0", "--token"])
    assert done.exception is None
    ((app, (address, port)),) = served
    link, token = re.match(r"(http://\S+)#scenario=chicken&token=(\S+)", done.stdout).groups()
    assert (link, address) == (f"http://127.0.0.1:{port}/", "127.0.0.1")
    assert ask(app, POINT, host=f"127.0.0.1:{port}", x_standoff=token).status == 200
    assert ask(app, POINT, host=f"127.0.0.1:{port}").status == 403
    assert isinstance(command, click.Command)


def test_a_hostile_scenario_is_data_and_stays_data(tmp_path):
    hostile = "<img src=x onerror=alert(1)>"
    file = tmp_path / "hostile.toml"
    file.write_text(
        f"schema = 1\ntitle = {json.dumps(hostile)}\nabout = {json.dumps(hostile)}\n"
        f'[players]\n"{hostile}" = ["{hostile}", "b"]\nB = ["a", "b"]\n'
        '[payoffs."<img src=x onerror=alert(1)>"]\na = [1, 1]\nb = [0, 0]\n[payoffs.b]\na = [0, 0]\nb = [1, 1]\n'
    )
    app = server({"hostile": file}, "hostile")
    answer = ask(app, "/api/point/hostile")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert hostile in json.dumps(answer.json)
