"""``python -m pytest_wslgo``: the commands that work on stored ledgers, without pytest."""

from __future__ import annotations

import sys

from pytest_wslgo.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
