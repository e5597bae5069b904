"""A client's signed links, under `/my/`, and the public booking page `/book/` (contracts.md, Addresses).

Only `o/` and `stop/` carry a token, and neither shows a page of its own: what a person sees has
a clean address.
"""

from django.urls import path

from reminders.links.views import (
    again,
    answer,
    appointment,
    book,
    card,
    code,
    complain,
    complaint,
    event,
    feedback,
    friends,
    her_booking,
    home,
    listing,
    offer,
    opening,
    order,
    partner,
    partners,
    photographs,
    preferences,
    reach,
    result,
    rewards,
    waiting,
)

app_name = "my"
urlpatterns = [
    path("", home.home, name="home"),
    path("card/", card.card, name="card"),
    path("points/", home.history, name="history"),
    path("rewards/<int:reward_id>/", rewards.reward, name="reward"),
    path("vouchers/<int:voucher_id>/", rewards.voucher, name="voucher"),
    path("friend/", friends.friend, name="friend"),
    path("partners/", partners.partners, name="partners"),
    path("book/", her_booking.start, name="book_start"),
    path("book/times/", her_booking.times, name="book_times"),
    path("book/details/", her_booking.details, name="book_details"),
    path("book/wait/", listing.wait_hers, name="book_wait"),
    path("lists/", listing.lists, name="lists"),
    path("listed/<int:subject>/", listing.listed, name="listed"),
    path("language/", opening.choose_language, name="language"),
    path("o/<str:token>/", opening.open_link, name="open"),
    path("stop/<str:token>/", opening.one_click, name="stop"),
    path("visit/<int:subject>/", appointment.show, name="appointment"),
    path("visit/<int:subject>/confirm/", appointment.confirm, name="appointment_confirm"),
    path("visit/<int:subject>/move/", appointment.move, name="appointment_move"),
    path("visit/<int:subject>/cancel/", appointment.cancel, name="appointment_cancel"),
    path("visit/<int:subject>/appointment.ics", appointment.calendar, name="appointment_calendar"),
    path("visit/<int:subject>/ask/", appointment.ask, name="appointment_ask"),
    path("offer/<int:subject>/", offer.show, name="offer"),
    path("offer/<int:subject>/more/", offer.more, name="offer_more"),
    path("offer/<int:subject>/stop/", offer.stop_these, name="offer_stop"),
    path("feedback/<int:subject>/", feedback.show, name="feedback"),
    path("score/<int:subject>/", feedback.by_code, name="score"),
    path("answer/<int:subject>/", answer.show, name="answer"),
    path("answer/<int:subject>/book/", answer.book, name="answer_book"),
    path("waiting/<int:subject>/", waiting.show, name="waiting"),
    path("waiting/<int:subject>/no-more/", waiting.no_more, name="waiting_no_more"),
    path("event/<int:subject>/", event.show, name="event"),
    path("event/<int:subject>/event.ics", event.calendar, name="event_calendar"),
    path("order/<int:subject>/", order.show, name="order"),
    path("result/<int:subject>/", result.show, name="result"),
    path("result/<int:subject>/photograph/<int:photograph_id>/", result.photograph, name="result_photograph"),
    path("photographs/", photographs.show, name="photographs"),
    path("photographs/<int:photograph_id>/", photographs.photograph, name="photograph"),
    path("photographs/<int:photograph_id>/small/", photographs.small, name="photograph_small"),
    path("complain/", complain.hers, name="complain"),
    path("complaint/<int:subject>/", complaint.show, name="complaint"),
    path("complaint/<int:subject>/choose/", complaint.choose, name="complaint_choose"),
    path("complaint/<int:subject>/times/", again.times, name="complaint_times"),
    path("complaint/<int:subject>/add/", complaint.add, name="complaint_add"),
    path("complaint/<int:subject>/photograph/<int:picture_id>/", complaint.photograph, name="complaint_photograph"),
    path("preferences/<int:client_id>/", preferences.show, name="preferences"),
    path("preferences/<int:client_id>/undo/", preferences.undo, name="preferences_undo"),
    path("preferences/<int:client_id>/reach/", reach.ask, name="reach"),
    path("preferences/<int:client_id>/reach/code/", reach.code, name="reach_code"),
    path("unsubscribe/<int:client_id>/<int:subject>/", preferences.unsubscribe, name="unsubscribe"),
]

# public: something was not right
complain_patterns = [
    path("", complain.start, name="start"),
    path("find/", complain.find, name="find"),
    path("<int:branch_id>/", complain.start, name="branch"),
]

# public: a stranger books by herself
book_patterns = [
    path("", book.start, name="start"),
    path("times/", book.times, name="times"),
    path("details/", book.details, name="details"),
    path("wait/", listing.wait, name="wait"),
    path("code/", code.code, name="code"),
    path("from/<str:address>/", friends.landing, name="from"),
    path("code/again/", code.code_again, name="code_again"),
]

# public: a partner's own page, behind its PIN
partner_patterns = [path("<slug:slug>/", partner.page, name="page")]
