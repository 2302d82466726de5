"""pytest-wslgo: an acceptance test for Go development environments.

Only the version stands here: this module is imported by every pytest run on a machine that has the plugin.
"""

__version__ = "0.1.0"
