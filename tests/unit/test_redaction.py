"""Secrets go, everything else stays: by example, and by properties over generated text."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_wslgo.model.redaction import MASK, forget, is_secret_name, learn, mask, mask_value

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "Zq7" + "x9Kd" * 9


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"ghp_{SECRET}", MASK),
        (f"token github_pat_{SECRET}!", f"token {MASK}!"),
        (f"see glpat-{SECRET}", f"see {MASK}"),
        ("key AKIAIOSFODNN7EXAMPLE.", f"key {MASK}."),
        (f"//registry.example/:_authToken=npm_{SECRET}", f"//registry.example/:_authToken={MASK}"),
        (f"_authToken={SECRET}", f"_authToken={MASK}"),
        ("xoxb-123456789012-abcdef", MASK),
        ("https://hooks.slack.com/services/T0/B0/abc", f"https://hooks.slack.com/services/{MASK}"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", MASK),
        ("https://ann:pw@host/x", f"https://ann:{MASK}@host/x"),
        ("https://ann:p@w@host/x", f"https://ann:{MASK}@host/x"),
        ("https://:pw@host", f"https://:{MASK}@host"),
        (f"https://{SECRET}@host", f"https://{MASK}@host"),
        ("GOPROXY=https://a:b@p.example,https://c:d@q.example|direct", f"GOPROXY=https://a:{MASK}@p.example,https://c:{MASK}@q.example|direct"),
        ("postgres://u:p,w@db/x", f"postgres://u:{MASK}@db/x"),
        ("AWS_SECRET_ACCESS_KEY=/a+b/c", f"AWS_SECRET_ACCESS_KEY={MASK}"),
        ("export DB_PASSWORD='two words' x", f"export DB_PASSWORD='{MASK}' x"),
        ("AccountName=a;AccountKey=abc==;Endpoint=e", f"AccountName=a;AccountKey={MASK};Endpoint=e"),
        ("https://x.example/b?sv=1&sig=abc%3D&se=2", f"https://x.example/b?sv=1&sig={MASK}&se=2"),
        ('{"password": "a\\"b", "user": "u"}', f'{{"password": "{MASK}", "user": "u"}}'),
        ("  api_key: abc\n", f"  api_key: {MASK}\n"),
        ("--token=abc next", f"--token={MASK} next"),
        ("Authorization: Basic dTpw\nHost: h", f"Authorization: {MASK}\nHost: h"),
        ("curl -H 'Authorization: Bearer abc' u", f"curl -H 'Authorization: {MASK}' u"),
        ("Set-Cookie: sid=1; Path=/\n", f"Set-Cookie: {MASK}\n"),
        (f"bearer {SECRET}", f"bearer {MASK}"),
        (f"/home/ann/backup_ghp_{SECRET}.txt", f"/home/ann/backup_{MASK}.txt"),
        ("https:/ann:pw@host/x", f"https:/ann:{MASK}@host/x"),
        ("password   = 'two words'", f"password   = '{MASK}'"),
        ("oauthtoken = abc", f"oauthtoken = {MASK}"),
        ("'machine h\\nlogin u\\npassword p\\n'", f"'machine h\\nlogin u\\npassword {MASK}\\n'"),
        ("login u\n password p", f"login u\n password {MASK}"),
        ("E     - password p", f"E     - password {MASK}"),
        (
            f"{'b3BlbnNzaC1rZXkt' * 4}\nb3BlbnNzaC1rZXkt==\n-----END RSA PRIVATE KEY-----",
            f"{MASK}\n-----END RSA PRIVATE KEY-----",
        ),
        ("machine h login u password p\nmachine i", f"machine h login u password {MASK}\nmachine i"),
        ("machine h\n  password p\n  login u", f"machine h\n  password {MASK}\n  login u"),
        ("default login u password p", f"default login u password {MASK}"),
        (
            "a\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb\n-----END OPENSSH PRIVATE KEY-----\nz",
            f"a\n-----BEGIN OPENSSH PRIVATE KEY-----{MASK}-----END OPENSSH PRIVATE KEY-----\nz",
        ),
        ("-----BEGIN RSA PRIVATE KEY-----\ncut", f"-----BEGIN RSA PRIVATE KEY-----{MASK}-----END RSA PRIVATE KEY-----"),
    ],
)  # fmt: skip
def test_secrets_are_masked(text: str, expected: str) -> None:
    assert mask(text) == expected
    assert mask(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "/usr/local/go/bin:/home/ann/go/bin:/mnt/c/Program Files/Go/bin",
        "3e27a6a50c1f0e5b8a0a5b3f1d7a3c9e5f7b1d2c",
        "golang.org/x/sys v0.1.0 h1:kunALQeHf1/185U1i0GOB/fy1IPRDDpuoOOqRReG57U=",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "GOPROXY=https://proxy.example,direct",
        "https://proxy.example/golang.org/x/tools/@v/v0.1.0.info",
        "ssh://git@github.com/x/y, git@github.com:x/y",
        "GOOGLE_APPLICATION_CREDENTIALS=/home/ann/key.json",
        "credentials=/etc/cifs.cred",
        "TOKEN_FILE=/run/secrets/x PASSWORD_STORE_DIR=/home/ann/.ps",
        "TOKENIZERS_PARALLELISM=false GOAUTH=netrc",
        "x.go:3:5: syntax error: unexpected token: newline",
        "compile: version \"go1.26.4\" does not match go tool version \"go1.22.1\"",
        "Basic authentication is off. The bearer of this letter",
        "C:\\134 /mnt/c 9p rw,aname=drvfs;path=C:\\;uid=1000,trans=fd 0 0",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "WSL_INTEROP=/run/WSL/410_interop SSH_AUTH_SOCK=/tmp/agent.1 PWD=/home/ann",
    ],
)  # fmt: skip
def test_ordinary_text_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    "name", ["TOKEN", "GITHUB_TOKEN", "npm_authToken", "dbPassword", "API_KEY", "x-api-key", "PASS"]
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)
    assert mask_value(name, "anything at all") == MASK
    assert mask_value(name, "") == ""


@pytest.mark.parametrize("name", ["PATH", "GOPATH", "COMPASS", "TOKEN_FILE", "SECRETARY", "KEYBOARD", "SSH_AUTH_SOCK"])
def test_names_of_other_things(name: str) -> None:
    assert not is_secret_name(name)
    assert mask_value(name, "anything at all") == "anything at all"


WORDS = st.sampled_from(
    ["ghp_" + SECRET, "https://", "u:p@", "host", ",direct", "PASSWORD=", "TOKEN: ", "\n", " ", '"', "'", "=", "@", ":",
     "Authorization: ", "Bearer ", "machine h login ", "password ", "-----BEGIN PRIVATE KEY-----", "***", "/a/b", ";",
     "-----END PRIVATE KEY-----", "eyJhbGciOiJI."]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(WORDS | st.text(max_size=4), max_size=14).map("".join)))
def test_masking_again_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


PASSWORDS = st.text(string.ascii_letters + string.digits + "!$%^*()_+-=,.~", min_size=8, max_size=30)


@given(st.lists(PASSWORDS, min_size=1, max_size=3))
def test_no_password_of_a_proxy_list_survives(passwords: list[str]) -> None:
    proxies = ",".join(f"https://ann:{password}@proxy{place}.example" for place, password in enumerate(passwords))
    shown = mask(f"{proxies},direct")
    assert shown == ",".join(f"https://ann:{MASK}@proxy{place}.example" for place in range(len(passwords))) + ",direct"


@given(st.text(string.ascii_lowercase + string.digits + "/._-", max_size=60).map(lambda path: f"/{path}"))
def test_no_path_is_eaten(path: str) -> None:
    assert mask(path) == path


@given(st.text("0123456789abcdef", min_size=7, max_size=64))
def test_no_hash_is_eaten(digest: str) -> None:
    assert mask(f"commit {digest}") == f"commit {digest}"


@pytest.fixture
def learnt() -> Iterator[None]:
    yield
    forget()


@pytest.mark.usefixtures("learnt")
def test_the_value_of_a_secret_variable_is_masked_wherever_it_stands() -> None:
    learn({"MY_TOKEN": "plain4word", "HOME": "/home/ann1", "PAGER": "less4all"})
    assert mask("it says plain4word!") == f"it says {MASK}!"
    assert mask("/home/ann1 less4all") == "/home/ann1 less4all"
    forget()
    assert mask("plain4word") == "plain4word"


@pytest.mark.usefixtures("learnt")
@pytest.mark.parametrize("value", ["true", "postgres", "password", "/run/secrets/x1", "12345678", "a1"])
def test_what_may_as_well_be_a_word_or_a_path_is_not_learnt(value: str) -> None:
    learn({"DB_PASSWORD": value})
    assert mask(f"see {value}") == f"see {value}"
