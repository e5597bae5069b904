"""The side of the office: its pages grouped in the salon's words, not in those of tables."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

# group -> (words, icon, name of the address)
GROUPS: list[tuple[Any, list[tuple[Any, str, str]]]] = [
    (
        _("The salon"),
        [
            (_("This week"), "insights", "admin:index"),
            (_("Desk"), "storefront", "desk:today"),
        ],
    ),
    (
        _("Clients"),
        [
            (_("Clients"), "group", "admin:crm_client_changelist"),
            (_("Twice in the book?"), "difference", "office:doubles"),
            (_("Cards made one"), "merge", "admin:crm_clientmerge_changelist"),
            (_("Tags"), "sell", "admin:crm_tag_changelist"),
            (_("Notes"), "sticky_note_2", "admin:crm_note_changelist"),
            (_("Appointments"), "calendar_month", "admin:crm_appointment_changelist"),
            (_("Waiting list"), "hourglass_empty", "admin:crm_waitingentry_changelist"),
            (_("Visits"), "footprint", "admin:crm_visit_changelist"),
            (_("Readings of health notes"), "health_and_safety", "admin:crm_healthnotereading_changelist"),
        ],
    ),
    (
        _("When something goes wrong"),
        [
            (_("Complaints"), "sentiment_dissatisfied", "admin:crm_complaint_changelist"),
            (_("How complaints ended"), "query_stats", "office:complaints"),
            (_("Causes of complaints"), "list_alt", "admin:crm_complaintcause_changelist"),
            (_("Words of the five steps"), "record_voice_over", "admin:crm_stepwords_changelist"),
            (_("Free redos"), "replay", "admin:crm_redo_changelist"),
            (_("Compensations"), "volunteer_activism", "admin:loyalty_compensation_changelist"),
            (_("Feedback"), "star", "admin:crm_feedback_changelist"),
            (_("Quotes"), "format_quote", "admin:crm_quote_changelist"),
            (_("Answers after a visit"), "question_answer", "admin:crm_afteranswer_changelist"),
            (_("What fell out"), "healing", "office:fallouts"),
            (_("Calls to make"), "call", "admin:crm_call_changelist"),
            (_("Promises"), "handshake", "admin:crm_promise_changelist"),
        ],
    ),
    (
        _("The shop"),
        [
            (_("What the shop brings"), "storefront", "office:shop"),
            (_("Orders"), "local_shipping", "admin:crm_order_changelist"),
            (_("Moves of stock"), "swap_vert", "admin:crm_stockmove_changelist"),
            (_("Stock takes"), "inventory", "admin:crm_stocktake_changelist"),
            (_("Supplier orders"), "shopping_cart", "admin:crm_supplierorder_changelist"),
            (_("Out of stock, helped"), "volunteer_activism", "admin:crm_stockhelp_changelist"),
            (_("Places that have it"), "pin_drop", "admin:crm_place_changelist"),
        ],
    ),
    (
        _("The salon's standard"),
        [
            (_("How it is kept"), "fact_check", "office:standards"),
            (_("Better than told"), "timer", "office:margin"),
            (_("Standards and lessons"), "checklist", "admin:crm_standard_changelist"),
            (_("Steps of visits"), "task_alt", "admin:crm_visitstep_changelist"),
            (_("Handbook"), "auto_stories", "admin:crm_handbookentry_changelist"),
            (_("Small helps"), "umbrella", "admin:crm_helpkind_changelist"),
            (_("Moments of care"), "favorite", "admin:crm_helpgiven_changelist"),
            (_("How the team feels"), "mood", "office:team_scores"),
            (_("What clients feel, and where"), "route", "office:touchpoints"),
            (_("Touchpoints"), "pin_drop", "admin:crm_touchpoint_changelist"),
            (_("Feedback at touchpoints"), "reviews", "admin:crm_feltat_changelist"),
            (_("Audits of touchpoints"), "visibility", "admin:crm_touchpointaudit_changelist"),
        ],
    ),
    (
        _("Messages"),
        [
            (_("Journeys"), "route", "admin:reminders_journey_changelist"),
            (_("What offers bring"), "balance", "effects"),
            (_("Campaigns"), "campaign", "campaigns"),
            (_("Texts"), "edit_note", "admin:reminders_messagetext_changelist"),
            (_("Messages"), "mail", "admin:reminders_message_changelist"),
            (_("Sending"), "send", "sending"),
            (_("On paper"), "print", "admin:reminders_paperletter_changelist"),
            (_("What clients allow"), "approval_delegation", "admin:reminders_contactpermission_changelist"),
            (_("Consents, with evidence"), "verified", "admin:reminders_consentevent_changelist"),
            (_("Rules of messages"), "tune", "admin:reminders_messagesettings_changelist"),
            (_("Quiet days and hours"), "bedtime", "admin:reminders_narrowedwindow_changelist"),
            (_("Mailbox of the demo"), "inbox", "mailbox:letters"),
        ],
    ),
    (
        _("Money"),
        [
            (_("Sales"), "receipt_long", "admin:crm_sale_changelist"),
            (_("Closed days"), "event_available", "admin:crm_dayclose_changelist"),
            (_("Rebookings declined"), "event_busy", "admin:crm_rebookingdecline_changelist"),
        ],
    ),
    (
        _("Loyalty"),
        [
            (_("Watch over the programme"), "monitoring", "loyalty_watch"),
            (_("Points of clients"), "loyalty", "admin:loyalty_pointsaccount_changelist"),
            (_("Ledger"), "menu_book", "admin:loyalty_ledgerentry_changelist"),
            (_("Pending points"), "hourglass_top", "admin:loyalty_pendinggrant_changelist"),
            (_("Points to decide"), "gavel", "admin:loyalty_gesturerequest_changelist"),
            (_("Rules of earning"), "percent", "admin:loyalty_earningrule_changelist"),
            (_("Rewards"), "redeem", "admin:loyalty_reward_changelist"),
            (_("Refused benefits"), "do_not_disturb_on", "admin:loyalty_refusedbenefit_changelist"),
            (_("Closed books"), "lock", "admin:loyalty_periodclose_changelist"),
            (_("Vouchers"), "confirmation_number", "admin:loyalty_voucher_changelist"),
            (_("Gift certificates"), "card_giftcard", "admin:loyalty_giftcertificate_changelist"),
            (_("Campaigns of vouchers"), "local_activity", "admin:loyalty_campaign_changelist"),
            (_("Cards"), "id_card", "admin:loyalty_card_changelist"),
            (_("Card levels"), "stairs", "admin:loyalty_cardlevel_changelist"),
            (_("Referrals"), "diversity_3", "admin:loyalty_referralclaim_changelist"),
            (_("Partners"), "handshake", "admin:loyalty_partner_changelist"),
            (_("Clubs"), "workspace_premium", "admin:loyalty_club_changelist"),
            (_("Gifts and extras"), "redeem", "admin:loyalty_gift_changelist"),
            (_("Gifts given"), "volunteer_activism", "admin:loyalty_giftgiven_changelist"),
            (_("Gift pots"), "savings", "admin:loyalty_giftpot_changelist"),
            (_("Rules of loyalty"), "tune", "admin:loyalty_loyaltysettings_changelist"),
            (_("Set up the programme"), "savings", "loyalty_set_up"),
        ],
    ),
    (
        _("What we offer"),
        [
            (_("Services"), "spa", "admin:crm_service_changelist"),
            (_("Full and empty hours"), "calendar_view_week", "chairs"),
            (_("Rooms and chairs"), "chair", "admin:crm_room_changelist"),
            (_("Products"), "shopping_bag", "admin:crm_product_changelist"),
        ],
    ),
    (
        _("Team"),
        [
            (_("Masters"), "badge", "admin:crm_master_changelist"),
            (_("Time off"), "beach_access", "admin:crm_timeoff_changelist"),
            (_("Logins"), "key", "admin:crm_user_changelist"),
            (_("Branches"), "location_on", "admin:crm_branch_changelist"),
            (_("Booking by QR code"), "qr_code_2", "desk:poster"),
            (_("Salon settings"), "settings", "admin:crm_crmsettings_changelist"),
            (_("Bring in from elsewhere"), "upload_file", "office:import"),
            (_("Take everything out"), "download", "office:export"),
        ],
    ),
]


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups with their links; a page that is not wired leaves no dead link."""
    groups = []
    for title, entries in GROUPS:
        items = []
        for words, icon, name in entries:
            if name == "mailbox:letters" and not settings.DEMO:
                continue
            try:
                url = reverse(name)
            except NoReverseMatch:
                continue
            item = {"title": words, "icon": icon, "link": url}
            if name in ("admin:index", "desk:today"):
                # every address of the office begins with theirs
                item["active"] = request.path == url
            items.append(item)
        if items:
            groups.append({"title": title, "separator": True, "collapsible": False, "items": items})
    return groups
