"""Who may open which address (trust.md, S1). An address without a row here fails the test."""

from enum import StrEnum


class Audience(StrEnum):
    """Who is let in; everybody else is led to the login or told that there is nothing."""

    PUBLIC = "public"  # whoever comes
    LINK = "link"  # a client with the link of just this thing
    TEAM = "team"  # everybody who works in the salon
    BRANCH = "branch"  # who works in the branch of the thing
    FRONT = "front"  # of these the reception and the owner
    TREATS = "treats"  # of these masters and the owner
    OWNER = "owner"  # the office
    NOBODY = "nobody"  # only in the demo


P, L, T, B, F, H, O, N = (  # noqa: E741
    Audience.PUBLIC,
    Audience.LINK,
    Audience.TEAM,
    Audience.BRANCH,
    Audience.FRONT,
    Audience.TREATS,
    Audience.OWNER,
    Audience.NOBODY,
)

# the whole admin is the owner's: every page of it that is not named below
PREFIXES = {"admin:": O}

ROWS = {
    "admin:login": P,
    "admin:logout": P,
    "admin:jsi18n": P,
    "": P,  # what the admin answers to an address it does not know
    "account_login": P,
    "logo": P,
    "account_logout": P,
    "account_inactive": P,
    "account_signup": P,
    "account_reauthenticate": T,
    "account_email": T,
    "account_email_verification_sent": P,
    "account_change_password": T,
    "account_set_password": T,
    "account_reset_password": P,
    "account_confirm_login_code": P,
    "account_confirm_email": P,
    "account_reset_password_from_key_done": P,
    "account_reset_password_from_key": P,
    "account_reset_password_done": P,
    "mfa_index": T,
    "mfa_authenticate": P,
    "mfa_reauthenticate": T,
    "mfa_activate_totp": T,
    "mfa_deactivate_totp": T,
    "mfa_view_recovery_codes": T,
    "mfa_generate_recovery_codes": T,
    "mfa_download_recovery_codes": T,
    "set_language": P,
    "brand_css": P,
    "manifest": P,
    "favicon": P,
    "service_worker": P,
    "styleguide": P,
    "desk:healthz": P,
    "desk:readyz": P,
    # a client's own pages: what is at hand here is another client's
    "my:home": P,
    "my:language": P,
    "my:open": P,
    "my:stop": P,
    "my:book_start": P,
    "my:book_times": P,
    "my:book_details": P,
    "my:appointment": L,
    "my:appointment_confirm": L,
    "my:appointment_move": L,
    "my:appointment_cancel": L,
    "my:appointment_calendar": L,
    "my:appointment_ask": L,
    "my:offer": L,
    "my:offer_more": L,
    "my:offer_stop": L,
    "my:feedback": L,
    "my:answer": L,
    "my:answer_book": L,
    "my:preferences": L,
    "my:unsubscribe": L,
    # a stranger books: nobody is told who is known
    "book:start": P,
    "book:times": P,
    "book:details": P,
    "book:code": P,
    "book:code_again": P,
    "mailbox:letters": N,
    "mailbox:letter": N,
    "mailbox:html": N,
    "mailbox:file": N,
    "office:import": O,
    "office:import_run": O,
    "office:import_confirm": O,
    "office:import_discard": O,
    "office:export": O,
    "office:fallouts": O,
    "desk:today": T,
    "desk:branch": T,
    "desk:calendar": T,
    "desk:calendar_feed": T,
    "desk:calendar_stamp": T,
    "desk:calendar_visit": B,
    "desk:calendar_times": B,
    "desk:calendar_move": B,
    "desk:calendar_reasons": B,
    "desk:calendar_cancel": B,
    "desk:calendar_undo": B,
    "desk:calendar_master": B,
    # of these a master her own
    "desk:calendar_off": B,
    "desk:calendar_off_remove": B,
    "desk:visit_new": T,
    "calendar_feed": P,
    "desk:my_feed": T,
    "desk:feed": F,
    "desk:feed_open": F,
    "desk:feed_revoke": F,
    "desk:bad_day_new": T,
    "desk:bad_day": B,
    "desk:bad_day_undo": F,
    "desk:bad_day_tell": F,
    "desk:visit": B,
    "desk:arrive": B,
    "desk:start": B,
    "desk:confirm": B,
    "desk:finish": B,
    "desk:heard": B,
    "desk:move": B,
    "desk:cancel": B,
    "desk:no_show": B,
    "desk:undo": B,
    "desk:send_now": B,
    # contacts, rhythm, notes and loyalty are the salon's
    "desk:clients": T,
    "desk:client_new": T,
    "desk:client": T,
    "desk:client_edit": T,
    "desk:client_status": T,
    "desk:client_receipts": T,
    "desk:note_add": T,
    "desk:note_restore": T,
    "desk:note_new": T,
    "desk:note": T,
    "desk:note_pin": T,
    "desk:note_asked": T,
    "desk:note_unasked": T,
    "desk:note_remove": T,
    "desk:health_retire": H,
    "desk:complaints": T,
    "desk:complaint_new": T,
    "desk:complaint": B,
    "desk:complaint_answer": B,
    "desk:complaint_resolve": B,
    "desk:complaint_reopen": B,
    "desk:calls": T,
    "desk:call_done": B,
    "desk:call_undo": B,
    "desk:call_survey": F,
    "desk:checkout": B,
    "desk:checkout_times": B,
    "desk:checkout_new": T,
    "desk:receipt": B,
    "desk:refund": F,
}


def audience_of(name: str) -> Audience | None:
    """The row of an address by its name; none if nobody has written one."""
    if name in ROWS:
        return ROWS[name]
    return next((audience for prefix, audience in PREFIXES.items() if name.startswith(prefix) and name != prefix), None)
