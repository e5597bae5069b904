"""English."""

from reminders.messages.defaults.shape import Words

PHRASES = {
    "greeting": "Hello {name},",
    "greeting_nameless": "Hello,",
    "hello": "Hello {name}!",
    "hello_nameless": "Hello!",
    "closing": "Warmly,\n{salon}",
    "visit": "your appointment",
    "with": "with {master}",
    "duration": "about {duration}",
    "salon_time": "{hour} ({city} time)",
    "question": "How is everything holding up?",
    "good": "All is well",
    "mend": "Something needs mending",
    "alarm": "Something is not right",
    "safety": "Leave it alone for now: do not rub it and put nothing on it. If your breathing gets harder, your face swells or your sight changes, call the emergency number at once. Otherwise we will call you today.",
    "slots": "If you would like to come again, these times are free right now:",
    "instead": "These times are free for you right now:",
    "wishes_on": "Happy birthday!",
    "wishes_before": "Your birthday is just around the corner.",
    "cause_tenth": "You have been here ten times now. We noticed, and it makes us happy.",
    "cause_friend": "Somebody came to us because of you. There is no kinder thing you can say about us.",
    "cause_complaint": "You told us openly what was wrong, and let us put it right. Not everybody does.",
    "waiting_kept": "We keep it for you until {until}.",
    "waiting_first": "We have asked several who wait; whoever answers first has it.",
    "why_answer": "You get this because you wrote to us.",
    "meant_appointment": "Did you mean your appointment, {when}? You can move or cancel it here:",
    "with_friend": "two, for you and a friend",
    "why_service": "You get this because you have an appointment or an account with us.",
    "why_asked": "You get this because you asked us for it.",
    "why_care": "You get this because you were with us lately.",
    "why_marketing": "You get this because you said that we may write to you.",
    "by_itself": "By the link below it is applied by itself.",
    "any_service": "whichever service you choose",
    "for_services": "if you choose {services}",
    "quiet_hours": "It holds at hours when we are usually quiet.",
    "policy": "If you cannot come, please tell us at least {duration} before, so that somebody else can have the time.",
    "code": "{code} is your code.\n\nType it in where you are booking with {salon}; it is good for {minutes} minutes. If you are not booking anything, somebody may have mistyped an address: there is nothing for you to do.",
    "code_subject": "{code} is your code for {salon}",
    "code_sms": "{code} is your code for booking with {salon}. It is good for {minutes} minutes.",
    "why_code": "You get this because somebody typed this address on our booking page.",
}

TEXTS = {
    "reassurance": Words(
        subject="Thank you, and a good choice it was",
        body="""Thank you for coming to us. We think you chose just right, and we hope you feel it every time you look in the mirror.

So that it stays this way:
{care_guide}

What others say who chose the same:
{quotes}

And should anything be different from what you hoped for, do tell us. We will put it right, gladly.""",
        button="Everything on one page",
        sms="{hello} Thank you for coming, you chose just right. How to keep it that way: {link} {salon}",
    ),
    "feedback": Words(
        subject="How was it, honestly?",
        body="""You were with us on {visit_day}. How was it?

One number from 0 to 10 is enough, and a few words if you feel like it. What pleased you, we will keep. What did not, we want to know first.""",
        button="Tell us",
        sms="{hello} How was your visit, honestly? One number from 0 to 10: {link} {salon}",
    ),
    "lashes": Words(
        subject="{question}",
        body="""{question}

One tap is enough. If something needs mending, we will mend it; that is what we are here for.

{offer}""",
        button="Answer with one tap",
        sms="{hello} {question} One tap is enough: {link} {salon}",
    ),
    "due_soon": Words(
        subject="Is it time for you again?",
        body="""By our reckoning it is nearly time for your next visit. The good hours go first, so here they are before anybody else takes them.

{offer}""",
        button="Choose a time",
        sms="{hello} It is nearly time for your next visit. Free hours for you: {link} {salon}",
    ),
    "win_back": Words(
        subject="We miss you",
        body="""We have not seen you for a while, and we miss you.

Come back and your next visit costs {percent} less, {for_what}.

Your code is {code}. It holds if you book by {book_until} and come by {valid_until}.

{limits}

{by_itself}

And if something was not as it should have been, please tell us. We would rather know.

{offer}""",
        button="I would like to come",
        sms="""{hello} We miss you.
Your next visit costs {percent} less: book by {book_until}, code {code}.
{limits}
Choose a time: {link} {salon}""",
    ),
    "second_win_back": Words(
        subject="Your chair is still here",
        body="""Just once more, and then we will leave you in peace: you are missed here.

Your {percent} off is still yours. We have kept it for you until {valid_until}; the code is {code}.

{limits}

Whenever you feel like it, we are glad to see you.

{offer}""",
        button="Choose a time",
        sms="""{hello} You are missed here.
Your {percent} off is still yours until {valid_until}, code {code}.
{limits}
Choose a time: {link} {salon}""",
    ),
    "birthday": Words(
        subject="For your birthday",
        body="""{wishes}

We wish you a year full of good days, and time for yourself in each of them.

A present is waiting for you here: {gift}, on us. Come and get it by {valid_until}; your code is {code}.""",
        button="Choose a day",
        sms="""{hello} {wishes}
A present is waiting for you until {valid_until}: {gift}.
{link} {salon}""",
    ),
    "reminder_24h": Words(
        subject="See you {day}, {hour}",
        body="""We are looking forward to seeing you.

{details}

Is it still good for you? Confirm with one tap. If something has come up, move it or cancel it just as easily, and somebody else will be happy about the hour.""",
        button="Confirm or change",
        sms="""{hello} See you {day}, {hour}, {master}.
{address}.
Confirm or change: {link} {salon}""",
    ),
    "reminder_2h": Words(
        subject="See you today at {hour}",
        body="""Only a little while now.

{details}

Running late? Tell us, and we will find a way.""",
        button="Your appointment",
        sms="""{hello} See you today at {hour}, {master}.
{address}.
{link} {salon}""",
    ),
    "confirmation": Words(
        subject="You are booked: {day}, {hour}",
        body="""It is settled, and we look forward to seeing you.

{details}

And then:
{series}

The time is in the file that comes with this letter: one tap and it is in your calendar. If your plans change, so can the appointment.""",
        button="Your appointment",
        sms="""{hello} You are booked: {day}, {hour}, {master}.
{address}.
And then: {dates}.
Change or cancel: {link} {salon}""",
    ),
    "change": Words(
        subject="Your new time: {day}, {hour}",
        body="""Your appointment has a new time.

{details}

These move with it:
{series}

It was to be {before}.

If it does not suit you, choose another one; it takes a minute.""",
        button="Your appointment",
        sms="""{hello} Your new time: {day}, {hour}, {master}.
These move too: {dates}.
Another time: {link} {salon}""",
    ),
    "cancellation": Words(
        subject="Cancelled: {day}, {hour}",
        body="""Your appointment on {day}, {hour}, is cancelled.

Cancelled with it:
{series}

If you would like another time, the free ones are one tap away. We would be glad.""",
        button="Choose another time",
        sms="""{hello} Your appointment on {day}, {hour}, is cancelled.
Cancelled too: {dates}.
Another time: {link} {salon}""",
    ),
    "master_ill": Words(
        subject="We are sorry: {day}, {hour}",
        body="""We are so sorry: {master} is ill, and your appointment on {day}, {hour}, cannot take place.

{offer}

If none of them suits, all other free times are one tap away. Your points and vouchers wait for you.

As a small apology, {percent} off your next visit is yours up to {valid_until}. It comes off by itself.""",
        button="Choose another time",
        sms="{hello} We are sorry: {master} is ill, your appointment on {day}, {hour}, cannot take place. Another time: {link} {salon}",
    ),
    "master_late": Words(
        subject="Today at {hour}, we are sorry",
        body="""We are so sorry: {master} is late. Your appointment begins at {hour}.

{details}

It was to be {before}.

If that does not suit you, choose another time or cancel; one tap is enough.

As a small apology, {percent} off your next visit is yours up to {valid_until}. It comes off by itself.""",
        button="Your appointment",
        sms="{hello} We are sorry: {master} is late. Your appointment begins at {hour}. Another time: {link} {salon}",
    ),
    "points_expiring": Words(
        subject="Your points are waiting until {expires}",
        body="""You have {points} points with us that are good until {expires}.

They are worth {worth} at your next visit. It would be a pity to let them go.""",
        button="Your page",
        sms="{hello} Your {points} points are good until {expires}. {link} {salon}",
    ),
    "card_review": Words(
        subject="Your card until {until}",
        body="""Your card with us: {level}, {discount} off each visit.

Once a year we look at it anew, this time on {until}. If you spend {missing} with us by then, everything stays as it is.

And if not, your card stays all the same, only with a smaller discount. You are as welcome as ever.""",
        button="Your page",
        sms="""{hello} Your card ({level}, {discount} off) is looked at anew on {until}.
With {missing} more by then it stays as it is. {link} {salon}""",
    ),
    "thanks": Words(
        subject="Thank you",
        body="""{cause}

We just wanted to say thank you. It is people like you for whom we open in the morning.""",
        button="Your page",
        sms="""{hello}
{cause}
Thank you! {salon}""",
    ),
    "waiting_offer": Words(
        subject="A time has become free: {day}, {hour}",
        body="""You are waiting for a time, and one has just become free:

{details}

It would take the place of your appointment: {before}.

{terms}

One tap is enough, for yes or for no. If it does not suit you, you keep your place on the list.""",
        button="Look at it",
        sms="{hello} A time has become free: {day}, {hour}, {master}. {terms} {link} {salon}",
    ),
    "waiting_taken": Words(
        subject="Somebody was a little quicker",
        body="""The time on {day}, {hour}, has been taken meanwhile. We are sorry: we had asked several who wait, and somebody answered first.

You keep your place on the list, and we write as soon as another time becomes free.""",
        button="Your place on the list",
        sms="{hello} The time on {day}, {hour}, is taken: somebody was a little quicker. You keep your place on the list. {link} {salon}",
    ),
    "event_place": Words(
        subject="A seat for you: {event}",
        body="""You were waiting for a seat, and one has become free. It is yours:

{details}

Should you not be able to come after all, one tap gives the seat to somebody else.""",
        button="Look at it",
        sms='{hello} A seat for you at "{event}": {day}, {hour}. Cannot come? One tap: {link} {salon}',
    ),
    "event_reminder": Words(
        subject="See you soon: {event}",
        body="""We look forward to seeing you:

{details}

Your seats: {friend}.

Should something have come up, one tap gives the seat to somebody who waits for it.""",
        button="Look at it",
        sms='{hello} See you at "{event}": {day}, {hour}. {link} {salon}',
    ),
    "event_off": Words(
        subject="Called off: {event}",
        body="""We are sorry: “{event}” is called off.

{details}

There is nothing for you to do. Next time we would love to have you with us.""",
        button="",
        sms='{hello} We are sorry: "{event}" on {day}, {hour}, is called off. {link} {salon}',
    ),
    "opt_out": Words(
        subject="Done",
        body="""Done: we will not write to you like this again.

Only what concerns your appointments will still reach you. Should you change your mind, or want even less, it is one tap.

{offer}""",
        button="Choose what I get",
        sms="""Done: no more of these from {salon}. Only what concerns your appointments still comes. Change it: {link}
{offer}""",
    ),
}
