"""A stored ledger: its form as types, from which the published JSON Schema is made, and its reading.

Structs of msgspec and not dataclasses, because a fleet's gate reads tens of thousands of verdicts in a second. A reader
passes over keys that it does not know: a later plugin may add some without raising the ledger's version.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from pytest_wslgo.errors import BadInput, Reason
from pytest_wslgo.model.claims import Severity, Who  # noqa: TC001 - as above
from pytest_wslgo.model.platform import PlatformKind  # noqa: TC001 - as above
from pytest_wslgo.model.verdicts import Verdict  # noqa: TC001 - as above
from pytest_wslgo.report.ledger import LEDGER_VERSION

SCHEMA = Path(__file__).with_name("ledger.schema.json")
"""The published schema; ``ledger_schema`` makes it, and tests/unit/test_stored.py holds the two together."""
SCHEMA_ID = f"urn:pytest-wslgo:ledger:{LEDGER_VERSION}"

_INSTANT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"
Instant = Annotated[datetime, Meta(tz=True, extra_json_schema={"pattern": _INSTANT})]
Seconds = Annotated[float, Meta(ge=0)]
Count = Annotated[int, Meta(ge=0)]
ClaimId = Annotated[str, Meta(description="area.what-holds; stable for ever", pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")]


class StoredPlatform(msgspec.Struct, frozen=True, gc=False):
    """What a target is, and which evidence says so."""

    kind: PlatformKind
    distro: str | None
    release: str | None
    arch: str | None
    libc: str | None
    kernel: str | None
    evidence: tuple[str, ...]


class StoredToolchain(msgspec.Struct, frozen=True, gc=False):
    """One Go SDK that the run used."""

    goroot: str
    version: str
    origin: str


class StoredTarget(msgspec.Struct, frozen=True, gc=False):
    """One machine under test; `platform` is null and `lost` says why when it could not be read."""

    name: str
    spec: str
    platform: StoredPlatform | None
    toolchains: tuple[StoredToolchain, ...]
    lost: str | None = None


class StoredRemedy(msgspec.Struct, frozen=True, gc=False):
    """One safe way to mend what a refuted claim shows."""

    text: str
    run: str | None
    who: Who


class StoredAcceptance(msgspec.Struct, frozen=True, gc=False):
    """The waiver that covers a waived verdict."""

    owner: str
    reason: str
    expires: Instant
    link: str | None = None


class StoredVerdict(msgspec.Struct, frozen=True, gc=False):
    """The verdict on one claim on one target; `why` is the observed fact."""

    claim: ClaimId
    severity: Severity
    target: str
    verdict: Verdict
    reason: Reason | None
    why: str
    remedy: tuple[StoredRemedy, ...]
    nodeids: tuple[str, ...]
    seconds: Seconds
    evidence: Annotated[
        msgspec.Raw, Meta(description="By check, what it recorded.", extra_json_schema={"type": "object"})
    ]
    waiver: StoredAcceptance | None = None


class StoredSummary(msgspec.Struct, frozen=True, gc=False, rename="kebab"):
    """How many verdicts there are of each kind."""

    verified: Count
    refuted: Count
    not_applicable: Count
    not_checked: Count
    waived: Count


class StoredUnmet(msgspec.Struct, frozen=True, gc=False):
    """One thing that the profile asks for and the run does not show."""

    claim: ClaimId
    target: str
    why: str


class StoredWaiver(msgspec.Struct, frozen=True, gc=False):
    """A waiver that must be looked at."""

    claim: ClaimId
    target: str
    state: Literal["expired", "stale"]
    owner: str
    reason: str
    expires: Instant
    link: str | None = None


class StoredGate(msgspec.Struct, frozen=True, gc=False):
    """What the profile's gate said when the run ended; `sentences` says in words what is unmet."""

    profile: str
    passed: bool
    unmet: tuple[StoredUnmet, ...]
    waivers: tuple[StoredWaiver, ...]
    status: Annotated[
        Literal[0, 1, 10, 11], Meta(description="What the run exits with when nothing else goes wrong.")
    ] = 0
    deselected: Annotated[bool, Meta(description="The caller chose a part of the book.")] = False
    sentences: Annotated[tuple[str, ...], Meta(description="The answer in words, and each thing that is unmet.")] = ()


class StoredLedger(msgspec.Struct, frozen=True, gc=False):
    """Every verdict of one run of `pytest --wslgo`."""

    ledger: Literal[1]
    plugin: Annotated[str, Meta(description="Version of pytest-wslgo that wrote it.")]
    started: Instant
    seconds: Seconds
    profile: str
    targets: tuple[StoredTarget, ...]
    verdicts: tuple[StoredVerdict, ...]
    summary: StoredSummary
    gate: StoredGate


_DECODER = msgspec.json.Decoder(StoredLedger)


def read_ledger(path: Path) -> StoredLedger:
    """Read a ledger.

    Raises:
        BadInput: the file cannot be read, is cut, is no JSON, is no ledger, or one of another version; one sentence.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot read the ledger {path}: {error.strerror or error}") from None
    try:
        return _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(f"{path} {_trouble(data, error)}. {_ADVICE}") from None


_ADVICE = "Write it again with --wslgo-ledger."


def _trouble(data: bytes, error: Exception) -> str:
    """Say what is wrong with a file that is not read as a ledger."""
    if not data.strip():
        return "is not a ledger: it is empty"
    try:
        tree = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as malformed:
        if "truncated" in str(malformed):
            return "is cut: its JSON ends too early"
        return f"is not a ledger: it is no JSON ({malformed})"
    if not isinstance(tree, dict) or "ledger" not in tree:
        return f'is not a ledger: expected a JSON object with "ledger": {LEDGER_VERSION}'
    if tree["ledger"] != LEDGER_VERSION or isinstance(tree["ledger"], bool):
        return f"has ledger version {tree['ledger']!r}; this plugin reads version {LEDGER_VERSION}"
    return f"is not a whole ledger: {error}"


def ledger_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the ledger."""
    (about,), parts = msgspec.json.schema_components([StoredLedger], ref_template="#/$defs/{name}")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID}
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode({**head, **about, "$defs": parts}))
    return told
