"""Who asks: the address that a request came from, and within it the session.

The machine is shared between addresses first, and what one gets between its sessions. So nobody gets more
by opening many sessions, and whoever is new behind an address that a class shares waits for nobody.
"""

from hashlib import blake2b
from ipaddress import IPv6Address, ip_address
from secrets import token_bytes

import gradio as gr
from starlette.datastructures import Address

KEY = token_bytes(16)
"""Of the hash that is kept in place of an address: a new one at each start."""
HOST_BITS = 64
"""Of an IPv6 address: whoever has one has all those that differ in these alone."""


def address_of(client: Address | None) -> str:
    """16 hexadecimal digits that stand for the address of whoever asks; of an IPv6 address, its network."""
    host = client.host if client is not None else ""
    return blake2b(_shared(host).encode(), digest_size=8, key=KEY).hexdigest()


def _shared(host: str) -> str:
    """What all have in common who may well be one."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> HOST_BITS << HOST_BITS))


def owner_of(request: gr.Request | None) -> str:
    """Whom to charge for what is asked, as "address/session"; nobody for what Python asks by itself."""
    if request is None:
        return ""
    return f"{address_of(request.client)}/{request.session_hash or ''}"
