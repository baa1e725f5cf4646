"""What the Web UI and the `temporal` command are shown, and who else asks in vain."""

import asyncio
import base64
import re
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf import json_format
from temporalio.api.common.v1 import Payload, Payloads

from office import peers
from office.codec_server import LOOPBACK, Access, Codec
from tests.domain.story import CLEARANCE, TO_CLEARANCE
from tests.workflows.conftest import Office, beside
from tests.workflows.test_encryption import CODE, CODEC, LISTED, plain

PAGE = "http://127.0.0.1:8233"
TOKEN = "a" * 32
SECRET = plain({"case": CODE})


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    access = Access(origins=frozenset({PAGE}), token=TOKEN)
    with Codec((LOOPBACK, 0), CODEC, access) as codec:
        serving = threading.Thread(target=codec.serve_forever, kwargs={"poll_interval": 0.02})
        serving.start()
        yield f"http://{LOOPBACK}:{codec.server_address[1]}"
        codec.shutdown()
        serving.join()


def ask(
    url: str, body: bytes | None = None, method: str = "POST", **headers: str
) -> tuple[int, str, Any]:
    """Status, body and headers of an answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, body, named, method=method)  # http, ours
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=5) as reply:
            return reply.status, reply.read().decode(), reply.headers
    except urllib.error.HTTPError as failure:
        return failure.code, failure.read().decode(), failure.headers


def preflight(url: str, origin: str, headers: str) -> tuple[int, str, Any]:
    """What a browser asks before it asks."""
    return ask(url, method="OPTIONS", Origin=origin, Access_Control_Request_Headers=headers)


def of(*payloads: Payload) -> bytes:
    return json_format.MessageToJson(Payloads(payloads=payloads)).encode()


def read(body: str) -> list[Payload]:
    return list(json_format.Parse(body, Payloads()).payloads)


def test_what_is_decoded_is_what_was_encoded(server: str) -> None:
    status, body, _ = ask(f"{server}/encode", of(SECRET, SECRET))
    sealed = read(body)
    again, opened, headers = ask(f"{server}/decode", of(*sealed, SECRET))

    assert (status, again) == (200, 200)
    assert CODE not in str(sealed)
    assert read(opened) == [SECRET, SECRET, SECRET]
    assert headers["Cache-Control"] == "no-store"


def test_a_browser_may_ask_from_the_page_of_the_web_ui_and_from_no_other(server: str) -> None:
    sealed = of(CODEC.seal(SECRET))
    asked = "content-type,x-namespace"

    allowed, _, headers = preflight(server, PAGE, asked)
    # As the Web UI asks.
    asked_at = f"{server}/decode?preserveStorageRefs=true"
    status, body, shown = ask(asked_at, sealed, Origin=PAGE)

    assert (allowed, status) == (204, 200)
    assert headers["Access-Control-Allow-Origin"] == shown["Access-Control-Allow-Origin"] == PAGE
    assert headers["Access-Control-Allow-Headers"] == "content-type,x-namespace"
    assert read(body) == [SECRET]

    for stranger in ("http://evil.example", "null", "http://127.0.0.1:8234", f"{PAGE}.evil"):
        refused, _, headers = preflight(server, stranger, asked)
        denied, said, _ = ask(f"{server}/decode", sealed, Origin=stranger)
        # Even with the token: a page that got hold of it is still another page.
        with_token, _, _ = ask(
            f"{server}/decode", sealed, Origin=stranger, Authorization=f"Bearer {TOKEN}"
        )
        assert (refused, denied, with_token) == (403, 403, 403)
        assert "Access-Control-Allow-Origin" not in headers
        assert CODE not in said


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/decode", b"{", 400),
        ("/decode", b"\xff", 400),
        ("/decode", b'{"payloads": [{"data": 7}]}', 400),
        ("/else", b"{}", 404),
    ],
)
def test_what_is_no_question_is_refused(server: str, path: str, body: bytes, status: int) -> None:
    assert ask(f"{server}{path}", body)[0] == status


def test_what_was_tampered_with_is_not_shown(server: str) -> None:
    sealed = CODEC.seal(SECRET)
    sealed.data = sealed.data[:-1] + bytes([sealed.data[-1] ^ 1])

    status, said, _ = ask(f"{server}/decode", of(sealed))

    assert status == 400
    assert said.startswith("payload: is not as it was encrypted with key ")


def test_a_request_larger_than_a_page_of_history_is_not_read(server: str) -> None:
    assert ask(f"{server}/decode", b"{}", Content_Length=str(10**9))[0] == 413


def test_another_users_process_is_told_apart_by_the_kernels_table(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = of(CODEC.seal(SECRET))
    monkeypatch.setattr(peers, "_SUPERUSER", 1)
    monkeypatch.setattr("os.geteuid", lambda: 12_345)

    refused, said, _ = ask(f"{server}/decode", sealed)
    wrong, _, _ = ask(f"{server}/decode", sealed, Authorization="Bearer wrong")
    status, body, _ = ask(f"{server}/decode", sealed, Authorization=f"Bearer {TOKEN}")

    assert (refused, wrong, status) == (401, 401, 200)
    assert "needs the token" in said
    assert read(body) == [SECRET]


def test_the_kernels_table_names_the_user_at_the_other_end() -> None:
    table = (
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
        "   0: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0\n"
        "   1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001\n"
    )
    sixth = table.replace("0100007F", "0000000000000000FFFF00000100007F")

    for told in (table, sixth):
        assert peers.user_of(told, (LOOPBACK, 50_000), (LOOPBACK, 8_080)) == 1001
        assert peers.user_of(told, (LOOPBACK, 50_001), (LOOPBACK, 8_080)) is None
    assert not peers.is_own(("192.0.2.1", 50_000), ("192.0.2.2", 8_080))


@pytest.mark.asyncio
async def test_the_temporal_command_reads_a_history_through_it(office: Office, server: str) -> None:
    await office.at("2024-02-05")
    office.recorded(*TO_CLEARANCE)
    await office.clear()
    await office.ask(LISTED)
    show = [beside("temporal"), "workflow", "show", "--workflow-id", office.stream(CLEARANCE)]
    where = ["--address", office.client.service_client.config.target_host, "--output", "json"]

    sealed, opened = [
        await asyncio.to_thread(said_by, *show, *where, *more)
        for more in ((), ("--codec-endpoint", server))
    ]

    assert CODE.encode() not in sealed
    assert CODE.encode() in opened


def said_by(*command: str) -> bytes:
    """What the payloads of a printed history hold."""
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    return b"".join(
        base64.b64decode(data) for data in re.findall(r'"data": "([^"]*)"', told.stdout)
    )
