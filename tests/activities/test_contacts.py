"""`contacts.toml`: who is reached how, and what cannot be used."""

from pathlib import Path

import pytest

from activities.contact_file import load, place
from activities.contacts import NOBODY, ContactsError
from domain.values import Post, Role, UnitCode
from tests.activities.office import SECRET

WHOLE = """
[hours]
opens = 07:00:00
closes = 16:30:00
digest_at = 07:00:00

[retry]
attempts = 3

[mail]
host = "smtp.example.vn"
port = 587
sender = "ntm@example.vn"
user = "ntm"
password = { file = "PASSWORD" }

[webhook.chat]
url = "https://chat.example.vn/hooks/TOKEN-IN-URL"
secrets = [{ file = "KEY" }]

[[contact]]
post = "chair@hai-phong"
mail = "ct@example.vn"
webhooks = ["chat"]

[[contact]]
post = "chair@*"
mail = "ct-khac@example.vn"
language = "en"

[[contact]]
post = "*@an-duong"
drop = true
"""


def written(folder: Path, text: str) -> Path:
    (folder / "password").write_text("geheim\n")
    (folder / "key").write_text(SECRET)
    text = text.replace("PASSWORD", str(folder / "password")).replace("KEY", str(folder / "key"))
    file = folder / "contacts.toml"
    file.write_text(text, "utf-8")
    return file


def post(role: Role, unit: str) -> Post:
    return Post(role=role, unit=UnitCode(unit))


def test_the_contact_that_speaks_of_a_post_most_closely_counts(tmp_path: Path) -> None:
    contacts = load(written(tmp_path, WHOLE))

    assert contacts.of(post(Role.CHAIR, "hai-phong")).mail == "ct@example.vn"
    assert contacts.of(post(Role.CHAIR, "an-duong")).mail == "ct-khac@example.vn"
    assert contacts.of(post(Role.INVESTOR, "an-duong")).drop
    nobody = contacts.of(post(Role.INVESTOR, "kien-thuy"))
    assert (nobody.mail, nobody.webhooks, nobody.drop) == (None, (), True)
    assert contacts.retry.attempts == 3
    assert contacts.retry.first_seconds == 60


def test_what_is_read_never_shows_a_secret(tmp_path: Path) -> None:
    contacts = load(written(tmp_path, WHOLE))

    assert "geheim" not in repr(contacts)
    assert SECRET not in repr(contacts)
    assert contacts.mail is not None
    assert contacts.mail.password is not None
    assert contacts.mail.password.read() == "geheim"
    (tmp_path / "password").write_text("neu")
    assert contacts.mail.password.read() == "neu"


def test_without_a_file_everybody_is_written_to_the_folder_unless_one_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NTM_CONTACTS", raising=False)
    assert place(tmp_path) == tmp_path / "contacts.toml"
    assert load(place(tmp_path)) == NOBODY

    monkeypatch.setenv("NTM_CONTACTS", str(tmp_path / "danh-ba.toml"))
    assert place(tmp_path / "home") == tmp_path / "danh-ba.toml"
    with pytest.raises(ContactsError, match="is missing, and NTM_CONTACTS names it"):
        load(place(tmp_path))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("port = 587", "port = 0", "mail: port = 0; 1 to 65535"),
        ("port = 587", 'port = "587"', "mail.port: "),
        ("port = 587", "puerto = 587", "mail.puerto: is no field|mail.port: is missing"),
        ("port = 587", "port = 587\nsecurity = 'none'", "would send the password in the clear"),
        ("port = 587", "port = 587\nca_file = '/nowhere'", "ca_file = '/nowhere' holds no"),
        ("port = 587", "port = 587\ntimeout_seconds = 0.0", "timeout_seconds = 0.0; above 0"),
        ('user = "ntm"\n', "", "user and password go together"),
        ('{ file = "PASSWORD" }', '"geheim"', "mail.password: "),
        ('{ file = "PASSWORD" }', "{ }", "mail.password: name either a file or a variable"),
        ('{ file = "PASSWORD" }', '{ file = "/nowhere" }', "file /nowhere cannot be read"),
        ('{ file = "PASSWORD" }', '{ variable = "NTM_NO" }', "variable NTM_NO is not set"),
        ('{ file = "KEY" }', '{ file = "PASSWORD" }', "holds no whsec_ and at least 24 bytes"),
        ('[{ file = "KEY" }]', "[]", "webhook.chat: 0 secrets; one, or two"),
        ("https://", "http://", "webhook.chat: url must begin with https://"),
        ("https://", "https://user:TOKEN@", "url needs a host, and no user in it"),
        ("https://chat.example.vn", "https://[", "webhook.chat: url"),
        ("webhook.chat", 'webhook."Chat room"', "a name is lower-case letters"),
        ('"chair@*"', '"chair@hai-phong"', "contact 2: post = 'chair@hai-phong' stands above"),
        ('"chair@*"', '"boss@*"', "contact 2: post = 'boss@\\*'; write ROLE@UNIT"),
        ('"chair@*"', '"chair"', "contact 2: post = 'chair'; write ROLE@UNIT"),
        ('"chair@*"', '"chair@hải"', "contact 2: post = 'chair@hải'; write ROLE@UNIT"),
        ("ct-khac@example.vn", "a@b\\r\\nBcc: c@d", "mail of chair@\\* is no address"),
        ("ct-khac@example.vn", "ông A <a@b.vn>", "mail of chair@\\* is no address"),
        ('["chat"]', '["fax"]', "webhooks = 'fax'; there is no \\[webhook.fax\\]"),
        ('["chat"]', '["chat", "chat"]', "webhooks names one twice"),
        ("drop = true", "", "needs mail, webhooks or drop = true"),
        ('language = "en"', 'language = "fr"', "contact.1.language: "),
        ("attempts = 3", "attempts = 0", "retry: attempts = 0; 1 to 1000"),
        ("attempts = 3", "cap_seconds = 1", "first_seconds = 60, cap_seconds = 1"),
        ("closes = 16:30:00", "closes = 06:30:00", "hours: opens = 07:00:00; before closes"),
        ("digest_at = 07:00:00", "digest_at = 17:00:00", "digest_at = 17:00:00; from 07:00"),
        ("attempts = 3", "attempts = ", "is not TOML"),
    ],
)
def test_what_cannot_be_used_is_named_and_no_secret_with_it(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in WHOLE
    file = written(tmp_path, WHOLE.replace(old, new))

    with pytest.raises(ContactsError, match=said) as wrong:
        load(file)

    assert str(file) in str(wrong.value)
    assert "geheim" not in str(wrong.value)
    assert "TOKEN" not in str(wrong.value)


def test_whoever_may_not_read_the_secrets_may_still_ask_who_is_reached(tmp_path: Path) -> None:
    file = written(tmp_path, WHOLE)
    (tmp_path / "password").unlink()

    assert len(load(file, secrets=False).contact) == 3
    with pytest.raises(ContactsError, match=r"mail\.password: file .* cannot be read"):
        load(file)


def test_a_password_beyond_ascii_is_found_before_it_is_sent(tmp_path: Path) -> None:
    file = written(tmp_path, WHOLE)
    (tmp_path / "password").write_text("mật khẩu", "utf-8")

    with pytest.raises(ContactsError, match="beyond ASCII") as wrong:
        load(file)
    assert "mật" not in str(wrong.value)
