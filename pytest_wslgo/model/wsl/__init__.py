"""What WSL reads, writes and prints: its configuration files as it reads them itself, ``wsl.exe``, its messages.

All rules are WSL's own (https://github.com/microsoft/WSL): each module names the source file that it follows.
"""
