"""`ntm codec`: a new key, and whom it will not serve."""

from pathlib import Path

from stack import payload_keys
from tests.console.terminal import Terminal


def test_a_new_key_encrypts_and_the_old_one_is_kept(tmp_path: Path) -> None:
    payload_keys.ensure(tmp_path)
    before = payload_keys.read(tmp_path / "payload-keys")

    answer = Terminal(tmp_path).run("codec", "rotate")

    new, *old = payload_keys.read(tmp_path / "payload-keys")
    assert answer.status == 0
    assert old == [*before]
    encrypts, decrypts = answer.out.splitlines()
    assert encrypts.startswith("encrypts: ")
    assert decrypts.startswith("decrypts only: ")
    assert new.hex() not in answer.out


def test_without_keys_it_says_which_file_is_missing(tmp_path: Path) -> None:
    answer = Terminal(tmp_path).run("codec", "rotate")

    assert answer.status == 2
    assert answer.err.startswith(f"ntm: {tmp_path / 'payload-keys'}: is not there\n")


def test_other_machines_are_not_served_without_a_token(tmp_path: Path) -> None:
    payload_keys.ensure(tmp_path)
    terminal = Terminal(tmp_path)

    open_to_all = terminal.run("codec", "--host", "0.0.0.0")
    guessable = terminal.run("codec", NTM_CODEC_TOKEN="secret")

    assert open_to_all.status == guessable.status == 2
    assert "NTM_CODEC_TOKEN" in open_to_all.err
    assert "secret" not in guessable.err
