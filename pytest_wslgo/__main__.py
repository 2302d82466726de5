"""``python -m pytest_wslgo``: the commands that work on stored ledgers, without pytest."""

from __future__ import annotations

import gc
import sys

from pytest_wslgo.commands import main

if __name__ == "__main__":
    gc.disable()  # a fleet's ledgers are many small values that all live to the end: looking for garbage is in vain
    sys.exit(main(sys.argv[1:]))
