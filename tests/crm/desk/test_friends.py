"""At the desk: who brought whom, codes for the partners', the club on her card (practices.md, P27 to P29)."""

import pytest

from crm.people.models import Client
from loyalty.clubs.models import Club, ClubMember
from loyalty.partners.models import Partner, PartnerCode
from loyalty.points.models import RefusedBenefit
from loyalty.referrals.models import ReferralClaim
from loyalty.referrals.selectors import claim_of
from loyalty.referrals.services import ensure_code
from tests.factories import NOW, TODAY, make_client
from tests.loyalty.till import held, pay, rules

pytestmark = pytest.mark.django_db
FRIENDS = "/clients/{}/friends/"


def test_friend_is_tied_by_code_or_name_and_a_slip_taken_back(cast, desk):
    rules(referral_on=True, spending_on=False)
    browser = desk(cast.receptionist)
    new = make_client(branch=cast.branch, name="Nova")
    page = FRIENDS.format(new.pk)
    assert cast.vera.name in browser.get(page, {"q": cast.vera.name[:3]}).content.decode()

    wrong = browser.post(page, {"code": "7K3M9QPXTC"}, follow=True).content.decode()
    browser.post(page, {"bringer": cast.dina.pk})
    browser.post(page, {"withdraw": "1"})
    said = browser.post(page, {"code": ensure_code(client=cast.vera, now=NOW)}, follow=True).content.decode()
    pay(Client.objects.get(pk=new.pk), 50)

    assert "Nobody has this code" in wrong
    assert RefusedBenefit.objects.get().reason == "nobody"
    assert "both get their points with her first paid visit" in said
    assert (held(cast.vera), held(cast.dina)) == ((200, 0), (0, 0))
    assert "brought 1 friend" in browser.get(f"/clients/{cast.vera.pk}/").content.decode()
    assert "200 points for it so far" in browser.get(FRIENDS.format(cast.vera.pk)).content.decode()


def test_somebody_new_is_written_down_with_her_friends_code(cast, desk):
    code = ensure_code(client=cast.vera, now=NOW)

    desk(cast.user_of(cast.anna)).post("/clients/new/", {"name": "Nova", "only_client": "1", "friend_code": code})

    assert claim_of(Client.objects.get(name="Nova")).bringer == cast.vera


def test_only_the_owner_decides_what_is_held(cast, desk):
    rules(referral_on=True, spending_on=False)
    daughter = make_client(branch=cast.branch, name="Daughter", phone=cast.vera.phone)
    desk(cast.receptionist).post(FRIENDS.format(daughter.pk), {"bringer": cast.vera.pk})
    pay(Client.objects.get(pk=daughter.pk), 50)
    claim = claim_of(daughter)
    decide = f"/referrals/{claim.pk}/decide/"

    assert desk(cast.receptionist).post(decide, {"answer": "grant"}).status_code == 403
    assert "The owner decides" in desk(cast.receptionist).get("/referrals/").content.decode()
    assert (claim_of(daughter).state, held(cast.vera)) == (ReferralClaim.State.HELD, (0, 0))
    assert decide in desk(cast.owner).get("/referrals/").content.decode()
    desk(cast.owner).post(decide, {"answer": "grant"})

    assert (claim_of(daughter).state, held(cast.vera), held(daughter)) == (
        ReferralClaim.State.PAID,
        (200, 0),
        (100, 0),
    )


def test_card_shows_her_club_and_gives_codes_for_partners(cast, desk):
    petal = Partner.objects.create(
        name="Petal (made up)", slug="petal", gives_there="10 % off", branch=cast.branch, from_on=TODAY
    )
    club = Club.objects.create(name="Inner circle", rule=Club.Rule.BY_HAND)
    ClubMember.objects.create(club=club, client=cast.vera, since=TODAY)
    browser, page = desk(cast.receptionist), f"/clients/{cast.vera.pk}/partners/"

    browser.post(page, {"partner": petal.pk})
    browser.post(page, {"partner": petal.pk})

    code = PartnerCode.objects.get().code
    assert f"{code[:5]} {code[5:]}" in browser.get(page).content.decode()
    assert "Inner circle" in browser.get(f"/clients/{cast.vera.pk}/").content.decode()
    assert "Nothing is agreed" in browser.post(page, {"partner": "999"}, follow=True).content.decode()
