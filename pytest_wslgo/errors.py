"""What can go wrong outside the claims themselves (DESIGN: refuted, could-not-check and not-applicable never mix).

An ``AssertionError`` is raised by suites alone and means *refuted*. Everything here means *could not be judged*, and
carries the reason that the ledger stores. The text of an error is whole sentences for the user: what was met, where,
and what to do.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Reason(StrEnum):
    """Why a claim could not be judged; the ledger's words."""

    MISSING_TOOL = "missing-tool"
    NO_PRIVILEGE = "no-privilege"
    NO_NETWORK = "no-network"
    TIMEOUT = "timeout"
    TARGET_LOST = "target-lost"
    DECLARED_ABSENT = "declared-absent"
    ERROR = "error"


class WslgoError(Exception):
    """The root: something kept a claim from being judged."""

    reason: Reason = Reason.ERROR


class BadInput(WslgoError):
    """What the caller gave (an option, a file, a host, a claim id) is wrong; the run ends with a usage error."""


class MissingTool(WslgoError):
    """A program that the check needs is not on the target."""

    reason = Reason.MISSING_TOOL


class Waits(WslgoError):
    """The check needs something that another claim is about, and that is not there: mend that first."""

    reason = Reason.MISSING_TOOL


class NoPrivilege(WslgoError):
    """The check needs a right (root, a namespace, ptrace) that this run does not have."""

    reason = Reason.NO_PRIVILEGE


class NoNetwork(WslgoError):
    """The check needs the network, and ``--wslgo-network`` was not given."""

    reason = Reason.NO_NETWORK


class DeadlineExceeded(WslgoError):
    """A command ran longer than its deadline and was killed."""

    reason = Reason.TIMEOUT


class TargetLost(WslgoError):
    """The target does not answer: it could not be reached, or the connection broke."""

    reason = Reason.TARGET_LOST


class DeclaredAbsent(WslgoError):
    """The owner of the target declares that this part is not there (or only a recorded snapshot is judged)."""

    reason = Reason.DECLARED_ABSENT


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something could not be had, as a value: stored for the other processes of a run, which raise it again."""

    reason: Reason
    why: str

    def error(self) -> WslgoError:
        """Return the error to raise."""
        error = WslgoError(self.why)
        error.reason = self.reason
        return error

    @classmethod
    def of(cls, error: WslgoError) -> Trouble:
        """Return what ``error`` says."""
        return cls(error.reason, str(error))


def nearest(given: str, valid: Iterable[str]) -> str:
    """Return ``" (did you mean 'x'?)"`` for the valid word nearest to ``given``, or ``""`` when none is near.

    >>> nearest("devbx", ["devbox", "nightly"])
    " (did you mean 'devbox'?)"
    """
    close = difflib.get_close_matches(given, list(valid), n=1, cutoff=0.5)
    return f" (did you mean '{close[0]}'?)" if close else ""
