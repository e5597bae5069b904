"""Who brought whom, partners with their codes, and clubs, as files (practices.md, P51). A partner's PIN stays here."""

from django.db.models import Q

from crm.office.importing import values
from crm.office.importing.mirrors.belonging import branch_day, in_branch, of
from crm.office.importing.mirrors.columns import (
    CLIENT,
    RECEIPT,
    SERVICE,
    Column,
    Reference,
    day,
    moment,
    number,
    one,
    text,
    whole,
    yes,
)
from crm.office.importing.mirrors.earning import RULE
from crm.office.importing.mirrors.mirror import Many, Mirror, Said
from crm.office.importing.run import Run
from crm.team.models import Branch
from loyalty.clubs.models import Club, ClubChoice, ClubMember
from loyalty.partners.models import Partner, PartnerBatch, PartnerCode, PartnerEvent, PartnerStatement
from loyalty.referrals.models import ReferralClaim, ReferralCode

PARTNER = Reference(Partner, "slug")
CODE = Reference(PartnerCode, of_branch=False)
CLUB = Reference(Club, "name", of_branch=False)


def _claimed(run: Run, said: list[Said]) -> list[Said]:
    return [{"claimed_on": branch_day(run, each["claimed_at"])} for each in said]


def _settled(claim: ReferralClaim) -> bool:
    """Points were given for a visit, at a moment."""
    paid = claim.state in (ReferralClaim.State.PAID, ReferralClaim.State.RETURNED)
    return not paid or (claim.sale_id is not None and claim.settled_at is not None)


def _codes(run: Run, said: list[Said]) -> list[Said]:
    """Each of the partner's with the batch it was made in."""
    batches = {
        (partner, made_at): pk
        for partner, made_at, pk in PartnerBatch.objects.filter(
            partner__in={each["partner_id"] for each in said}
        ).values_list("partner", "made_at", "pk")
    }
    return [
        {
            "made_on": branch_day(run, each["made_at"]),
            "batch_id": batches.get((each["partner_id"], each["_batch"])) if each["_batch"] else None,
        }
        for each in said
    ]


def _of_its_side(code: PartnerCode) -> bool:
    return (code.client_id is not None, code.batch_id is not None) == (
        code.side == PartnerCode.Side.THERE,
        code.side == PartnerCode.Side.HERE,
    )


def _events(_run: Run, said: list[Said]) -> list[Said]:
    partners = dict(PartnerCode.objects.filter(pk__in={each["code_id"] for each in said}).values_list("pk", "partner"))
    return [{"partner_id": partners[each["code_id"]]} for each in said]


def _clubs(run: Run, said: list[Said]) -> list[Said]:
    return [{"branch_id": run.branch.pk if each["_branch"] else None} for each in said]


def _clubs_here(branch: Branch) -> Q:
    """The branch's own, and the salon's in the folder of each branch."""
    return Q(branch=branch) | Q(branch__isnull=True)


OF_BRANCH = Column(
    "of_branch", "branch", "_branch", lambda value, _place: "yes" if value else "",
    lambda row, column, _run: values.yes(row, column), empty=False,
)  # fmt: skip


CIRCLE = (
    Mirror(
        "referral_codes.csv", ReferralCode,
        (text("code", needed=True), one("client", "client", CLIENT, needed=True), moment("made", "made_at", needed=True)),
        here=of("client__branch"), same=("code",),
    ),
    Mirror(
        "referrals.csv", ReferralClaim,
        (
            one("friend", "friend", CLIENT, needed=True), one("brought_by", "bringer", CLIENT, needed=True),
            text("state", needed=True), text("via", needed=True), text("doubt"),
            moment("claimed", "claimed_at", needed=True), moment("decided", "decided_at"), one("receipt", "sale", RECEIPT),
            moment("settled", "settled_at"), whole("bringer_points", empty=0), whole("friend_points", empty=0),
        ),
        here=of("friend__branch"), same=("friend_id", "claimed_at"), follows=_claimed, holds=_settled,
    ),
    Mirror(
        "partners.csv", Partner,
        (
            text("name", needed=True), text("slug", needed=True), text("kind"), text("contact"), text("gives_there"),
            whole("percent_here", needed=True), yes("active", "is_active", empty=True),
            day("from", "from_on", needed=True), day("until", "until_on"), whole("code_days", empty=14),
        ),
        here=of("branch"), same=("slug",), follows=in_branch, many=(Many("services", "services", SERVICE),),
    ),
    Mirror(
        "partner_batches.csv", PartnerBatch,
        (
            one("partner", "partner", PARTNER, needed=True), whole("count", needed=True),
            day("valid_until", "valid_until", needed=True), moment("made", "made_at", needed=True),
        ),
        here=of("partner__branch"), same=("partner_id", "made_at"),
    ),
    Mirror(
        "partner_codes.csv", PartnerCode,
        (
            one("partner", "partner", PARTNER, needed=True), text("side", needed=True), text("code", needed=True),
            one("client", "client", CLIENT), moment("batch", "_batch", path="batch__made_at"),
            moment("made", "made_at", needed=True), day("valid_until", "valid_until", needed=True),
            moment("used", "used_at"),
        ),
        here=of("partner__branch"), same=("code",), follows=_codes, holds=_of_its_side,
    ),
    Mirror(
        "partner_events.csv", PartnerEvent,
        (
            one("code", "code", CODE, needed=True), text("kind", needed=True), moment("when", "at", needed=True),
            day("date", "on", needed=True), one("receipt", "sale", RECEIPT), number("saved", needed=True),
        ),
        here=of("partner__branch"), same=("code_id", "kind", "at"), follows=_events,
    ),
    Mirror(
        "partner_months.csv", PartnerStatement,
        (
            one("partner", "partner", PARTNER, needed=True), day("month", "month", needed=True),
            whole("taken", needed=True), whole("confirmed", needed=True), whole("used", needed=True),
            number("saved", needed=True), day("settled", "settled_on", needed=True),
            moment("closed", "settled_at", needed=True),
        ),
        here=of("partner__branch"), same=("partner_id", "month"),
    ),
    Mirror(
        "clubs.csv", Club,
        (
            text("name", needed=True), OF_BRANCH, yes("active", "is_active", empty=True), text("rule", needed=True),
            whole("top_percent", empty=20), whole("days", empty=365), whole("min_visits", empty=10), text("stage", needed=True),
            whole("percent", empty=0), day("offer_from", "offer_from"), day("offer_until", "offer_until"),
            whole("extra_days", empty=0),
        ),
        here=_clubs_here, same=("name",), follows=_clubs,
        many=(Many("services", "services", SERVICE), Many("earning_rules", "rules", RULE)),
    ),
    Mirror(
        "club_members.csv", ClubMember,
        (
            one("club", "club", CLUB, needed=True), one("client", "client", CLIENT, needed=True),
            day("since", "since", needed=True), day("until", "until"),
        ),
        here=of("client__branch"), same=("club_id", "client_id", "since"),
    ),
    Mirror(
        "club_choices.csv", ClubChoice,
        (
            one("club", "club", CLUB, needed=True), one("client", "client", CLIENT, needed=True),
            yes("in", "is_in", empty=True),
        ),
        here=of("client__branch"), same=("club_id", "client_id"),
    ),
)  # fmt: skip
