"""A made-up day, for the style guide only. Nobody in it exists."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

SARAJEVO = ZoneInfo("Europe/Sarajevo")


def _at(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, 21, hour, minute, tzinfo=SARAJEVO)


TRUE_AT = _at(10, 52)

TIMELINE: list[dict[str, Any]] = [
    {
        "starts_at": _at(9),
        "ends_at": _at(10),
        "name": "Lejla Begić",
        "services": "Manicure, gel",
        "state": "done",
        "state_icon": "check",
        "state_word": "done",
        "facts": [{"icon": "calendar", "text": "Next visit on 12 December at 9:00"}],
    },
    {
        "starts_at": _at(10),
        "ends_at": _at(11),
        "name": "Mirela Kovač",
        "services": "Brow lamination",
        "state": "off",
        "state_icon": "block",
        "state_word": "did not come",
    },
    {"now": TRUE_AT},
    {
        "starts_at": _at(11),
        "ends_at": _at(12, 30),
        "name": "Amra Hodžić",
        "services": "Lash refill 2D · Brow tint",
        "state": "next",
        "open": True,
        "actions": "desk/_styleguide_actions.html",
        "facts": [
            {"icon": "ask", "tone": "accent", "label": "Ask about", "text": "the exam on 12 June"},
            {"icon": "health", "tone": "bad", "word": "Allergy:", "text": "cyanoacrylate glue, use the sensitive one"},
            {"icon": "late", "tone": "warn", "word": "9 days late.", "text": "She comes every 24 days"},
            {"icon": "neutral", "text": "Merely satisfied last time: the music was too loud"},
            {"icon": "promise", "tone": "accent", "label": "Promised", "text": "a sample of the brow oil"},
            {"icon": "cup", "text": "Black coffee without sugar, likes it quiet"},
            {"icon": "points", "text": "340 points · Gold card"},
        ],
    },
    {"starts_at": _at(12, 30), "gap": "1 h 15 min", "suits": "Dina", "late": "4 days late"},
    {
        "starts_at": _at(13, 45),
        "ends_at": _at(15),
        "name": "Анна Воробьёва",
        "services": "Наращивание ресниц, 3D",
        "state": "waiting",
        "state_icon": "waiting",
        "state_word": "12 min",
        "chips": [
            {"label": "allergy", "icon": "health", "tone": "bad"},
            {"label": "birthday on Friday", "icon": "cake"},
        ],
        "facts": [{"icon": "cup", "text": "Green tea"}],
    },
    {
        "starts_at": _at(15, 15),
        "ends_at": _at(16),
        "name": "نور الحداد",
        "services": "Lash refill, volume",
        "chips": [{"label": "first visit", "icon": "sparkle", "tone": "accent"}],
        "facts": [{"icon": "person", "text": "Sent by Amra"}],
    },
]

CHIPS = [
    {"label": "Wednesday regular"},
    {"label": "ask about the exam", "icon": "ask", "tone": "accent"},
    {"label": "on rhythm", "icon": "check", "tone": "good"},
    {"label": "9 days late", "icon": "late", "tone": "warn"},
    {"label": "allergy", "icon": "health", "tone": "bad"},
    {"label": "birthday on Friday", "icon": "cake"},
]

PROPOSALS = [
    {"value": "1", "day": "Tue 15 Dec", "hour": "11:00", "who": "Selma", "best": True},
    {"value": "2", "day": "Wed 16 Dec", "hour": "11:30", "who": "Selma"},
    {"value": "3", "day": "Thu 17 Dec", "hour": "10:00", "who": "Edin"},
]
OTHER_SLOTS = [{"value": f"{hour}", "day": "Fri 18 Dec", "hour": f"{hour}:15"} for hour in (9, 10, 11, 12)]

MONEY = [
    {"label": "Lash refill 2D", "sub": "with Selma", "value": "60.00"},
    {"label": "Brow tint", "value": "16.00"},
    {"label": "Gold card 10 %", "value": "− 7.60", "less": True},
    {"label": "Points", "sub": "0 of 340", "value": "0.00"},
]
BENEFITS = [
    {"text": "Gold card: 10 % off, better than the voucher by 3.00"},
    {
        "text": "Birthday voucher: 4.60 off",
        "why": "The gold card saves her more. The voucher stays hers until 30 November.",
        "lost": True,
    },
]

LASHES = [
    {"value": "perfect", "label": "Perfect", "icon": "heart"},
    {"value": "fell_out", "label": "Some fell out", "icon": "neutral"},
    {"value": "itching", "label": "Itching or swelling", "icon": "health"},
]
VIEWS = [{"value": "day", "label": "Day"}, {"value": "week", "label": "Week"}, {"value": "list", "label": "List"}]

NOTICES = [
    {"text": "The figures of the day are frozen at its end."},
    {"tone": "good", "text": "Amra sees her next visit in her mail."},
    {"tone": "accent", "icon": "gift", "text": "The pot covers a gift: she does not expect one."},
    {"tone": "warn", "title": "Waiting for 12 minutes.", "text": "Her coffee: black, without sugar."},
    {
        "tone": "bad",
        "title": "This hour was just taken.",
        "text": "Three others are free.",
        "url": "#",
        "url_label": "Show them",
    },
]

TABS = [
    {"label": "All", "url": "#", "current": True},
    {"label": "Due soon", "url": "#", "count": 4},
    {"label": "Late", "url": "#"},
    {"label": "Lapsed", "url": "#"},
]
PEOPLE = [
    {
        "title": "Amra Hodžić",
        "sub": "every 24 days, 9 late",
        "url": "#",
        "avatar": True,
        "trail": "Tue 15 Dec",
        "trail_sub": "11:00",
    },
    {"title": "Анна Воробьёва", "sub": "first visit on Friday", "url": "#", "avatar": True, "unread": True},
    {"title": "نور الحداد", "sub": "every 30 days, on rhythm", "url": "#", "avatar": True, "trail": "2 Jan"},
    {"title": "Call Dina Suljić", "sub": "5 at the last visit. By 14:00", "url": "#", "icon": "phone"},
]
HISTORY = [
    {"when": "12 Aug", "what": "Lash set 2D"},
    {"when": "4 Sep", "what": "Refill"},
    {"when": "28 Sep", "what": "Refill", "state": "missed", "word": "missed"},
    {"when": "5 Oct", "what": "Refill, brows"},
    {"when": "29 Oct", "what": "Refill", "state": "cancelled", "word": "cancelled"},
    {"when": "15 Dec", "what": "Refill", "state": "ahead", "word": "booked"},
]
STATS = [
    {
        "label": "Turnover this week",
        "value": "2,480.00 KM",
        "compare": "last year 2,110.00 KM",
        "definition": "Paid in money since Monday, without taxes, less what was given back.",
    },
    {"label": "Rebooked on the spot", "value": "61 %", "compare": "last year 48 %"},
]
FORM_DATA = {
    "name": "Amra Hodžić",
    "phone": "",
    "service": "refill",
    "day": "2026-11-21",
    "note": "Daughter's exam on 12 June.",
    "pinned": "on",
    "channel": "email",
}

# nine to five, in quarters of an hour from nine
CALENDAR_ROWS = 32
CALENDAR_HOURS = [{"row": 4 * index, "label": f"{9 + index}:00"} for index in range(8)]
CALENDAR_NOW = 7
CALENDAR: list[dict[str, Any]] = [
    {
        "name": "Selma",
        "blocks": [
            {
                "kind": "visit",
                "row": 0,
                "rows": 4,
                "url": "#",
                "hour": "9:00",
                "name": "Lejla Begić",
                "what": "Manicure, gel",
                "state": "done",
                "state_icon": "check",
                "state_word": "done",
            },
            {
                "kind": "visit",
                "row": 8,
                "rows": 6,
                "url": "#",
                "hour": "11:00",
                "name": "Amra Hodžić",
                "what": "Lash refill 2D · Brow tint",
            },
            {"kind": "shut", "row": 14, "rows": 4, "label": "Break"},
            {
                "kind": "visit",
                "row": 19,
                "rows": 5,
                "url": "#",
                "hour": "13:45",
                "name": "Анна Воробьёва",
                "what": "Наращивание ресниц, 3D",
                "state": "waiting",
                "state_icon": "waiting",
                "state_word": "12 min",
            },
            {"kind": "free", "row": 24, "rows": 4, "url": "#", "label": "Book 15:00 with Selma"},
        ],
    },
    {
        "name": "Edin",
        "blocks": [
            {"kind": "shut", "row": 0, "rows": 4, "label": "From 10:00"},
            {
                "kind": "visit",
                "row": 4,
                "rows": 4,
                "url": "#",
                "hour": "10:00",
                "name": "Mirela Kovač",
                "what": "Brow lamination",
                "state": "off",
                "state_icon": "block",
                "state_word": "did not come",
            },
            {
                "kind": "visit",
                "row": 10,
                "rows": 2,
                "url": "#",
                "hour": "11:30",
                "name": "نور الحداد",
                "what": "Brow tint",
            },
            {
                "kind": "visit",
                "row": 12,
                "rows": 8,
                "url": "#",
                "hour": "12:00",
                "name": "Dina Suljić",
                "what": "Colour and cut",
            },
        ],
    },
    {
        "name": "Maja",
        "sub": "until 14:00",
        "blocks": [
            {"kind": "visit", "row": 2, "rows": 6, "url": "#", "hour": "9:30", "name": "Sara Ilić", "what": "Haircut"},
            {"kind": "shut", "row": 20, "rows": 12, "label": "Home"},
        ],
    },
]

NOTES = [
    {
        "icon": "story",
        "tone": "accent",
        "kind": "Story",
        "day": "2 November",
        "author": "Selma",
        "text": "Her daughter sits the exam for the conservatory.",
        "ask": "Ask on 12 June",
    },
    {
        "icon": "health",
        "tone": "bad",
        "kind": "Health",
        "day": "5 October",
        "author": "Selma",
        "text": "Reacted to the strong glue. Only the sensitive one.",
        "veiled": True,
    },
    {
        "icon": "formula",
        "kind": "Style",
        "day": "12 August",
        "text": "Curl D, 11 to 13 mm, 2D, cat-eye.",
        "pinned": True,
        "url": "#",
    },
]
SAID = [
    {
        "text": "Dear Amra, how are your lashes? One tap is enough.",
        "when": "11 Nov, 11:00",
        "ours": True,
        "channel_icon": "sms",
        "state_word": "delivered",
    },
    {"text": "Some fell out on the left :( can I come on Friday?", "when": "11 Nov, 11:12", "channel_icon": "sms"},
    {
        "text": "Friday at 10 is yours. Selma",
        "when": "11 Nov, 11:20",
        "ours": True,
        "failed": True,
        "channel_icon": "sms",
        "state_word": "not delivered, call her",
    },
]
