"""Whose process is at the other end of a connection on this machine."""

import ipaddress
import os
from pathlib import Path

Address = tuple[str, int]

# What the kernel says of its connections; the second one of those that were opened as IPv6.
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LOCAL, _REMOTE, _USER = 1, 2, 7
_SUPERUSER = 0


def is_own(peer: Address, ours: Address) -> bool:
    """Whether the peer is a process of our own user, or the superuser's.

    False for whoever is on another machine, and where the kernel does not say (other than Linux).
    """
    if not ipaddress.ip_address(peer[0]).is_loopback:
        return False
    return any(
        user_of(table.read_text("ascii"), peer, ours) in (os.geteuid(), _SUPERUSER)
        for table in _TABLES
        if table.exists()
    )


def user_of(table: str, peer: Address, ours: Address) -> int | None:
    """The user who holds the other end of a connection, by the kernel's table."""
    for line in table.splitlines()[1:]:
        fields = line.split()
        if fields[_LOCAL].endswith(_spelled(peer)) and fields[_REMOTE].endswith(_spelled(ours)):
            return int(fields[_USER])
    return None


def _spelled(address: Address) -> str:
    """As the table has it: the bytes of an IPv4 address backwards, the port as it is read."""
    host, port = address[0], address[1]
    return f"{ipaddress.IPv4Address(host).packed[::-1].hex().upper()}:{port:04X}"
