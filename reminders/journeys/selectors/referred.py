"""Who brought whom."""

from crm.people.models import Client


def is_ring(friend: int, bringer: int) -> bool:
    """Whether the one who brought her was, through others, brought by her."""
    seen = {bringer}
    above = _brought_by(bringer)
    while above is not None and above != friend and above not in seen:
        seen.add(above)
        above = _brought_by(above)
    return above == friend


def _brought_by(client: int) -> int | None:
    return Client.objects.filter(pk=client).values_list("referred_by", flat=True).first()
