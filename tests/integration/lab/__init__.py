"""Makers of real machines to test targets on: root file systems, an sshd on loopback, a podman container."""
