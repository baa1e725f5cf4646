"""SSHSIG: what OpenSSH signs is read here, what is signed here OpenSSH checks, and nothing else."""

import struct
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from signing import sshsig
from signing.sshsig import NAMESPACE, Malformed

OWN = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
MESSAGE = b'{"decision":"yes"}'
GOOD = sshsig.sign(OWN, MESSAGE)

# Made by OpenSSH 9.2: ssh-keygen -t ed25519; printf hello | ssh-keygen -Y sign -n decision@ntm -f k
STOCK_LINE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJm+B2OIYU/M7Me6nIHy2uD/Hf7nr0Joy2TNt8zKyxph"
STOCK_SIGNATURE = """\
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgmb4HY4hhT8zsx7qcgfLa4P8d/u
evQmjLZM23zMrLGmEAAAAMZGVjaXNpb25AbnRtAAAAAAAAAAZzaGE1MTIAAABTAAAAC3Nz
aC1lZDI1NTE5AAAAQBcCu0aEdAK3TbAKYPHiamQiWVCANj68GPc7biaIsozB/CLx9ofKN1
BJLDYpBPCLpKMLbXz5iwB1X2xiGk2exAg=
-----END SSH SIGNATURE-----
"""


def string(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


def armored(blob: bytes) -> str:
    written = b64encode(blob).decode()
    lines = [written[at : at + 70] for at in range(0, len(written), 70)]
    return "\n".join((sshsig._BEGIN, *lines, sshsig._END, ""))


def forged(
    *,
    magic: bytes = b"SSHSIG",
    version: int = 1,
    key: bytes | None = None,
    namespace: bytes = NAMESPACE.encode(),
    reserved: bytes = b"",
    hash_name: bytes = b"sha512",
    algorithm: bytes = b"ssh-ed25519",
    mark: bytes | None = None,
    after: bytes = b"",
) -> str:
    """A signature with one part that is not as it should be."""
    own = OWN.sign(sshsig.signed_data(MESSAGE)) if mark is None else mark
    return armored(
        magic
        + struct.pack(">I", version)
        + string(b64decode(sshsig.key_of(OWN).blob) if key is None else key)
        + string(namespace)
        + string(reserved)
        + string(hash_name)
        + string(string(algorithm) + string(own))
        + after
    )


def ed25519(point: bytes) -> bytes:
    return string(b"ssh-ed25519") + string(point)


def ssh_keygen(*arguments: str | Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["ssh-keygen", *map(str, arguments)], input=given, capture_output=True, check=False
    )


def test_what_is_signed_is_known_by_its_key() -> None:
    assert sshsig.verify(GOOD, MESSAGE) == sshsig.key_of(OWN)


def test_a_signature_of_openssh_is_read() -> None:
    key = sshsig.read_key(STOCK_LINE)

    assert sshsig.verify(STOCK_SIGNATURE, b"hello") == key
    assert key.fingerprint == "SHA256:7CzT4EwJ1zAmqdT/hlqIqW2DqngRJKn0T0HsAmQYvmw"


def test_the_same_key_and_message_give_the_same_signature() -> None:
    assert sshsig.sign(OWN, MESSAGE) == GOOD == forged()


def test_openssh_checks_what_is_signed_here(tmp_path: Path) -> None:
    allowed, signature = tmp_path / "allowed", tmp_path / "signature"
    allowed.write_text(sshsig.allowed_signer("CB-0017", sshsig.key_of(OWN)) + "\n")
    signature.write_text(GOOD)
    check = ("-Y", "verify", "-f", allowed, "-I", "CB-0017", "-s", signature, "-n")

    assert ssh_keygen(*check, NAMESPACE, given=MESSAGE).returncode == 0
    assert ssh_keygen(*check, NAMESPACE, given=MESSAGE + b" ").returncode != 0
    assert ssh_keygen(*check, "git", given=MESSAGE).returncode != 0


@pytest.mark.parametrize("hash_name", ["sha256", "sha512"])
def test_what_openssh_signs_is_checked_here(tmp_path: Path, hash_name: str) -> None:
    file = tmp_path / "key"
    ssh_keygen("-q", "-t", "ed25519", "-N", "", "-f", file)

    made = ssh_keygen(
        "-q", "-Y", "sign", "-n", NAMESPACE, "-O", f"hashalg={hash_name}", "-f", file, given=MESSAGE
    )

    key = sshsig.read_key(file.with_suffix(".pub").read_text("utf-8"))
    assert sshsig.verify(made.stdout.decode(), MESSAGE) == key


def test_openssh_takes_our_key_by_its_fingerprint(tmp_path: Path) -> None:
    file = tmp_path / "key.pub"
    file.write_text(f"{sshsig.line(sshsig.key_of(OWN))} CB-0017\n")

    assert sshsig.key_of(OWN).fingerprint in ssh_keygen("-l", "-f", file).stdout.decode()


@pytest.mark.parametrize(
    ("signature", "because"),
    [
        ("", "no signature"),
        ("no signature at all", "no signature"),
        ("ký tên \u202e", "no signature"),
        (GOOD[:-40], "no signature"),
        (GOOD + "more", "no signature"),
        (GOOD + GOOD, "base64"),
        (GOOD.replace("\n", "\r\n"), "no signature"),
        ("x" * 3_000_000, "too long"),
        (armored(b""), "no signature"),
        (armored(b64decode("".join(GOOD.split("\n")[1:-2]))[:-1]), "cut off"),
        (armored(b"\xff" * 400), "OpenSSH, version 1"),
        (armored(b"SSHSIG\x00\x00\x00\x01" + b"\xff" * 200), "cut off"),
        (GOOD.replace("U1NI", "U1N*"), "base64"),
        (GOOD.replace("U1NI", "U1Né"), "base64"),
        (forged(magic=b"SSHSIC"), "version 1"),
        (forged(version=2), "version 1"),
        (forged(after=b"\x00"), "cut off"),
        (forged(after=string(b"")), "parts"),
        (forged(namespace=b"git"), "decision@ntm"),
        (forged(namespace=b"decision@ntm\x00"), "decision@ntm"),
        (forged(reserved=b"x"), "nothing may stand"),
        (forged(hash_name=b"sha1"), "hash"),
        (forged(hash_name=b"sha256"), "wrong"),
        (forged(algorithm=b"ssh-rsa"), "algorithm"),
        (forged(key=string(b"ssh-rsa") + string(b"\x01\x00\x01") + string(b"n" * 99)), "one of"),
        (forged(key=string(b"sk-ssh-ed25519@openssh.com") + string(bytes(32))), "FIDO"),
        (forged(key=b""), "parts"),
        (forged(key=ed25519(bytes(31))), "only its owner"),
        (forged(key=ed25519(b"\xff" * 32)), "only its owner"),
        (forged(key=ed25519(b"\x05" + bytes(31)) + string(b"")), "parts"),
        (forged(mark=b""), "64 bytes"),
        (forged(mark=bytes(63)), "64 bytes"),
        (forged(mark=bytes(64)), "wrong"),
        (forged(mark=b"\xff" * 64), "wrong"),
        (forged(mark=OWN.sign(MESSAGE)), "wrong"),
    ],
)
def test_a_malformed_signature_is_refused_and_not_quoted(signature: str, because: str) -> None:
    with pytest.raises(Malformed, match=because) as refused:
        sshsig.verify(signature, MESSAGE)

    assert len(str(refused.value)) < 120


def test_another_message_is_not_signed() -> None:
    with pytest.raises(Malformed, match="wrong"):
        sshsig.verify(GOOD, MESSAGE + b" ")


def test_no_letter_of_a_signature_can_be_another() -> None:
    for at, letter in enumerate(GOOD):
        for other in {chr(ord(letter) ^ 1), "A", "\n", "="} - {letter}:
            with pytest.raises(Malformed):
                sshsig.verify(GOOD[:at] + other + GOOD[at + 1 :], MESSAGE)


def order(y: int) -> int | None:
    """How many multiples a point of the curve has, by its equation; None for more than eight."""
    p = 2**255 - 19
    d = -121665 * pow(121666, -1, p) % p
    square = (y * y - 1) * pow(d * y * y + 1, -1, p) % p
    x = pow(square, (p + 3) // 8, p)
    if (x * x - square) % p:
        x = x * pow(2, (p - 1) // 4, p) % p
    assert (x * x - square) % p == 0, "is no point"
    at, (u, v) = 1, (x, y)
    while (u, v) != (0, 1) and at <= 8:
        k = d * u * x * v * y % p
        sums = (u * y + x * v) * pow(1 + k, -1, p), (v * y + u * x) * pow(1 - k, -1, p)
        u, v = sums[0] % p, sums[1] % p
        at += 1
    return at if at <= 8 else None


def test_the_points_of_small_order_are_those_of_the_curve() -> None:
    assert sorted(order(y) or 0 for y in sshsig._SMALL) == [1, 2, 4, 8, 8]


@pytest.mark.parametrize("sign", [0, 1 << 255])
@pytest.mark.parametrize("y", sorted({*sshsig._SMALL, sshsig._P, sshsig._P + 1}))
def test_a_key_by_which_anybody_can_sign_is_refused(y: int, sign: int) -> None:
    point = (y + sign).to_bytes(32, "little")

    with pytest.raises(Malformed, match="only its owner"):
        sshsig.read_key(f"ssh-ed25519 {b64encode(ed25519(point)).decode()}")


def test_the_library_alone_would_take_such_a_key() -> None:
    neutral = (1).to_bytes(32, "little")

    # What nobody signed is "valid" under the neutral point, whatever the message.
    Ed25519PublicKey.from_public_bytes(neutral).verify(neutral + bytes(32), MESSAGE)

    with pytest.raises(Malformed, match="only its owner"):
        sshsig.verify(forged(key=ed25519(neutral), mark=neutral + bytes(32)), MESSAGE)


@pytest.mark.parametrize(
    ("line", "because"),
    [
        ("", "whole line"),
        ("ssh-ed25519", "whole line"),
        (f"ssh-rsa {STOCK_LINE.split()[1]}", "line names"),
        ("ssh-ed25519 AAAA*", "base64"),
        (f"ssh-ed25519 {STOCK_LINE.split()[1][:-4]}", "cut off"),
        ("ssh-ed25519 " + "A" * 5_000, "too long"),
    ],
)
def test_a_line_that_is_no_key_is_refused(line: str, because: str) -> None:
    with pytest.raises(Malformed, match=because):
        sshsig.read_key(line)
