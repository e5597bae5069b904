"""By what one connection is counted, where guessing and asking are slowed."""

from ipaddress import IPv6Network, ip_address

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

IPV6_HOUSEHOLD = 64


def connection_of(request: HttpRequest) -> str:
    """The address behind the trusted proxies; of IPv6 the network of the household."""
    address = ip_address(get_adapter(request).get_client_ip(request))
    if address.version == 4:
        return str(address)
    return str(IPv6Network((address, IPV6_HOUSEHOLD), strict=False).network_address)
