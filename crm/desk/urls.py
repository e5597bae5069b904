"""Addresses of the desk."""

from django.urls import include, path

from crm.desk.bad_days.views import bad_day, bad_day_new, bad_day_tell, bad_day_undo
from crm.desk.booking.views import client_new, visit_new
from crm.desk.calls.views import call_done, call_survey, call_undo, calls
from crm.desk.cards.scanning import scan
from crm.desk.cards.views import card_anew, card_issue, card_page
from crm.desk.certificates.views import certificate_new, certificate_page, certificate_return
from crm.desk.clients.agreements import agreement_end, agreements
from crm.desk.clients.calls import client_calls
from crm.desk.clients.consents import client_asked, client_consents, client_consents_undo
from crm.desk.clients.receipts import client_receipts
from crm.desk.clients.tags import client_tags
from crm.desk.clients.views import client_edit, client_page, client_status, clients
from crm.desk.complaints.hers import complaint_hers, complaint_photograph, complaint_who
from crm.desk.complaints.redos import redo_page, redo_report
from crm.desk.complaints.solutions import (
    complaint_offer,
    option_choose,
    option_decide,
    option_money,
    option_withdraw,
)
from crm.desk.complaints.steps import complaint_step
from crm.desk.complaints.views import (
    complaint_answer,
    complaint_hand,
    complaint_new,
    complaint_page,
    complaint_reopen,
    complaint_resolve,
    complaints,
)
from crm.desk.events.views import came, event_page, events, guests_file
from crm.desk.feedback.views import feedback
from crm.desk.feeds.views import feed, feed_open, feed_revoke, my_feed
from crm.desk.friends.views import client_friends, referral_decide, referrals
from crm.desk.gifts.views import extra_give, gift_take_back
from crm.desk.handbook.views import handbook, handbook_undo, handbook_used
from crm.desk.health.views import healthz, readyz
from crm.desk.helping.views import help_new, help_undo
from crm.desk.inbox.steps import conversation_who, letter_cancel, letter_no_complaint, letter_stop
from crm.desk.inbox.views import (
    conversation_again,
    conversation_answer,
    conversation_done,
    conversation_hand_over,
    conversation_page,
    conversation_size,
    conversation_take,
    inbox,
)
from crm.desk.inbox.writing import client_write
from crm.desk.letters.views import (
    card_write,
    letter_leave_out,
    letters,
    letters_posted,
    letters_print,
    letters_undo,
)
from crm.desk.notes.views import (
    health_retire,
    note_add,
    note_asked,
    note_edit,
    note_new,
    note_pin,
    note_remove,
    note_restore,
    note_unasked,
)
from crm.desk.orders.helping import elsewhere, wish_end
from crm.desk.orders.steps import order_late, order_off, order_prepay, order_stage, order_tell, order_undo
from crm.desk.orders.views import order_new, order_page, orders
from crm.desk.partners.views import client_partners
from crm.desk.photographs.views import (
    client_photographs,
    our_work,
    photograph_consent,
    photograph_file,
    photograph_page,
    photograph_remove,
    photograph_small,
    photograph_undo,
)
from crm.desk.points.views import (
    client_points,
    gesture_decide,
    gestures,
    points_give,
    reward_back,
    reward_redeem,
)
from crm.desk.poster.views import complaints_poster, poster
from crm.desk.promises.views import (
    promise_accept,
    promise_end,
    promise_hand,
    promise_new,
    promise_page,
    promise_reopen,
    promises,
)
from crm.desk.results.views import her_score, result_page, result_print
from crm.desk.series.views import series_cancel, series_move, series_new, series_page
from crm.desk.shop.counting import stock_take, take_end, take_look, take_page
from crm.desk.shop.supplying import delivery, supply, supply_file, supply_order
from crm.desk.shop.views import product_page, shelves
from crm.desk.standards.lessons import lesson, lesson_picture, lesson_read, lessons, team_score
from crm.desk.standards.views import step_mark, steps_ask
from crm.desk.today.views import choose_branch, today
from crm.desk.visits.changes import cancel, move, no_show, send_message_now, undo
from crm.desk.visits.views import arrived, confirmed, finished, heard, started, visit_page
from crm.desk.waiting.views import (
    offer_declined,
    offer_taken,
    waiting,
    waiting_again,
    waiting_entry,
    waiting_new,
    waiting_withdraw,
)

app_name = "desk"
urlpatterns = [
    path("", today, name="today"),
    path("branch/", choose_branch, name="branch"),
    path("calendar/", include("crm.desk.calendar.urls")),
    path("visits/new/", visit_new, name="visit_new"),
    path("visits/<int:appointment_id>/", visit_page, name="visit"),
    path("visits/<int:appointment_id>/arrive/", arrived, name="arrive"),
    path("visits/<int:appointment_id>/start/", started, name="start"),
    path("visits/<int:appointment_id>/confirm/", confirmed, name="confirm"),
    path("visits/<int:appointment_id>/finish/", finished, name="finish"),
    path("visits/<int:appointment_id>/heard/", heard, name="heard"),
    path("visits/<int:appointment_id>/move/", move, name="move"),
    path("visits/<int:appointment_id>/cancel/", cancel, name="cancel"),
    path("visits/<int:appointment_id>/no-show/", no_show, name="no_show"),
    path("visits/<int:appointment_id>/steps/", steps_ask, name="steps_ask"),
    path("visits/<int:appointment_id>/steps/<int:step_id>/", step_mark, name="step"),
    path("standards/", lessons, name="lessons"),
    path("standards/<int:version_id>/", lesson, name="lesson"),
    path("standards/<int:version_id>/read/", lesson_read, name="lesson_read"),
    path("standards/<int:version_id>/picture/", lesson_picture, name="lesson_picture"),
    path("how-it-is/", team_score, name="team_score"),
    path("feedback/", feedback, name="feedback"),
    path("handbook/", handbook, name="handbook"),
    path("handbook/<int:handbook_id>/used/", handbook_used, name="handbook_used"),
    path("handbook/uses/<int:use_id>/undo/", handbook_undo, name="handbook_undo"),
    path("helped/", help_new, name="help_new"),
    path("helped/<int:help_id>/undo/", help_undo, name="help_undo"),
    path("visits/<int:appointment_id>/extras/", extra_give, name="extra_give"),
    path("receipts/<int:sale_id>/result/", result_page, name="result"),
    path("receipts/<int:sale_id>/how-was-it/", her_score, name="her_score"),
    path("receipts/<int:sale_id>/result/print/", result_print, name="result_print"),
    path("orders/", orders, name="orders"),
    path("orders/new/", order_new, name="order_new"),
    path("orders/<int:order_id>/", order_page, name="order"),
    path("orders/<int:order_id>/stage/", order_stage, name="order_stage"),
    path("orders/<int:order_id>/late/", order_late, name="order_late"),
    path("orders/<int:order_id>/call-off/", order_off, name="order_off"),
    path("orders/<int:order_id>/prepay/", order_prepay, name="order_prepay"),
    path("orders/steps/<int:order_step_id>/undo/", order_undo, name="order_undo"),
    path("orders/steps/<int:order_step_id>/tell/", order_tell, name="order_tell"),
    path("orders/elsewhere/", elsewhere, name="elsewhere"),
    path("orders/wishes/<int:wish_id>/end/", wish_end, name="wish_end"),
    path("shelves/", shelves, name="shelves"),
    path("shelves/<int:product_id>/", product_page, name="product"),
    path("shelves/count/", stock_take, name="stock_take"),
    path("shelves/count/<int:take_id>/", take_page, name="take"),
    path("shelves/count/<int:take_id>/look/", take_look, name="take_look"),
    path("shelves/count/<int:take_id>/end/", take_end, name="take_end"),
    path("supply/", supply, name="supply"),
    path("supply/delivery/", delivery, name="delivery"),
    path("supply/<int:supply_id>/", supply_order, name="supply_order"),
    path("supply/<int:supply_id>/order.<str:form>", supply_file, name="supply_file"),
    path("gifts/<int:given_id>/take-back/", gift_take_back, name="gift_take_back"),
    path("certificates/new/", certificate_new, name="certificate_new"),
    path("certificates/<int:certificate_id>/", certificate_page, name="certificate"),
    path("certificates/<int:certificate_id>/return/", certificate_return, name="certificate_return"),
    path("events/<int:event_id>/undo/", undo, name="undo"),
    path("events/<int:event_id>/send-now/", send_message_now, name="send_now"),
    path("feed/", my_feed, name="my_feed"),
    path("masters/<int:master_id>/feed/", feed, name="feed"),
    path("masters/<int:master_id>/feed/open/", feed_open, name="feed_open"),
    path("masters/<int:master_id>/feed/revoke/", feed_revoke, name="feed_revoke"),
    path("bad-days/new/", bad_day_new, name="bad_day_new"),
    path("bad-days/<int:bad_day_id>/", bad_day, name="bad_day"),
    path("bad-days/<int:bad_day_id>/undo/", bad_day_undo, name="bad_day_undo"),
    path("bad-days/<int:bad_day_id>/tell/", bad_day_tell, name="bad_day_tell"),
    path("clients/", clients, name="clients"),
    path("clients/new/", client_new, name="client_new"),
    path("clients/<int:client_id>/", client_page, name="client"),
    path("clients/<int:client_id>/edit/", client_edit, name="client_edit"),
    path("clients/<int:client_id>/status/", client_status, name="client_status"),
    path("clients/<int:client_id>/tags/", client_tags, name="client_tags"),
    path("clients/<int:client_id>/write/", client_write, name="client_write"),
    path("clients/<int:client_id>/calls/", client_calls, name="client_calls"),
    path("clients/<int:client_id>/asked/", client_asked, name="client_asked"),
    path("clients/<int:client_id>/consents/", client_consents, name="client_consents"),
    path("clients/<int:client_id>/consents/<int:consent_id>/undo/", client_consents_undo, name="client_consents_undo"),
    path("clients/<int:client_id>/agreements/", agreements, name="client_agreements"),
    path("clients/<int:client_id>/agreements/<int:service_id>/end/", agreement_end, name="client_agreement_end"),
    path("clients/<int:client_id>/cards/", card_issue, name="card_issue"),
    path("scan/", scan, name="scan"),
    path("cards/<int:card_id>/", card_page, name="card"),
    path("cards/<int:card_id>/anew/", card_anew, name="card_anew"),
    path("clients/<int:client_id>/receipts/", client_receipts, name="client_receipts"),
    path("clients/<int:client_id>/points/", client_points, name="client_points"),
    path("clients/<int:client_id>/points/give/", points_give, name="points_give"),
    path("clients/<int:client_id>/rewards/<int:reward_id>/", reward_redeem, name="reward_redeem"),
    path("clients/<int:client_id>/vouchers/<int:voucher_id>/back/", reward_back, name="reward_back"),
    path("points/requests/", gestures, name="gestures"),
    path("points/requests/<int:request_id>/grant/", gesture_decide, {"decision": "grant"}, name="gesture_grant"),
    path("points/requests/<int:request_id>/decline/", gesture_decide, {"decision": "decline"}, name="gesture_decline"),
    path("clients/<int:client_id>/friends/", client_friends, name="client_friends"),
    path("clients/<int:client_id>/partners/", client_partners, name="client_partners"),
    path("referrals/", referrals, name="referrals"),
    path("referrals/<int:claim_id>/decide/", referral_decide, name="referral_decide"),
    path("clients/<int:client_id>/notes/", note_add, name="note_add"),
    path("clients/<int:client_id>/notes/<int:note_id>/restore/", note_restore, name="note_restore"),
    path("notes/new/", note_new, name="note_new"),
    path("notes/<int:note_id>/", note_edit, name="note"),
    path("notes/<int:note_id>/pin/", note_pin, name="note_pin"),
    path("notes/<int:note_id>/asked/", note_asked, name="note_asked"),
    path("notes/<int:note_id>/not-asked/", note_unasked, name="note_unasked"),
    path("notes/<int:note_id>/remove/", note_remove, name="note_remove"),
    path("health/<int:note_id>/retire/", health_retire, name="health_retire"),
    path("complaints/", complaints, name="complaints"),
    path("complaints/new/", complaint_new, name="complaint_new"),
    path("complaints/<int:complaint_id>/", complaint_page, name="complaint"),
    path("complaints/<int:complaint_id>/answer/", complaint_answer, name="complaint_answer"),
    path("complaints/<int:complaint_id>/resolve/", complaint_resolve, name="complaint_resolve"),
    path("complaints/<int:complaint_id>/hers/", complaint_hers, name="complaint_hers"),
    path("complaints/<int:complaint_id>/who/", complaint_who, name="complaint_who"),
    path(
        "complaints/<int:complaint_id>/photograph/<int:picture_id>/", complaint_photograph, name="complaint_photograph"
    ),
    path("complaints/<int:complaint_id>/reopen/", complaint_reopen, name="complaint_reopen"),
    path("complaints/<int:complaint_id>/hand/", complaint_hand, name="complaint_hand"),
    path("complaints/<int:complaint_id>/steps/<int:step>/", complaint_step, name="complaint_step"),
    path("complaints/<int:complaint_id>/offer/", complaint_offer, name="complaint_offer"),
    path("complaints/<int:complaint_id>/solutions/<int:option_id>/choose/", option_choose, name="option_choose"),
    path("complaints/<int:complaint_id>/solutions/<int:option_id>/money/", option_money, name="option_money"),
    path("complaints/<int:complaint_id>/solutions/<int:option_id>/withdraw/", option_withdraw, name="option_withdraw"),
    path(
        "complaints/<int:complaint_id>/solutions/<int:option_id>/agree/",
        option_decide,
        {"decision": "agree"},
        name="option_agree",
    ),
    path(
        "complaints/<int:complaint_id>/solutions/<int:option_id>/refuse/",
        option_decide,
        {"decision": "refuse"},
        name="option_refuse",
    ),
    path("redos/<int:redo_id>/", redo_page, name="redo"),
    path("visits/<int:appointment_id>/redo/", redo_report, name="redo_report"),
    path("promises/", promises, name="promises"),
    path("promises/new/", promise_new, name="promise_new"),
    path("promises/<int:promise_id>/", promise_page, name="promise"),
    path("promises/<int:promise_id>/accept/", promise_accept, name="promise_accept"),
    path("promises/<int:promise_id>/hand/", promise_hand, name="promise_hand"),
    path("promises/<int:promise_id>/end/", promise_end, name="promise_end"),
    path("promises/<int:promise_id>/reopen/", promise_reopen, name="promise_reopen"),
    path("visits/<int:appointment_id>/move-following/", series_move, name="series_move"),
    path("visits/<int:appointment_id>/cancel-following/", series_cancel, name="series_cancel"),
    path("series/new/", series_new, name="series_new"),
    path("series/<int:series_id>/", series_page, name="series"),
    path("waiting/", waiting, name="waiting"),
    path("waiting/new/", waiting_new, name="waiting_new"),
    path("waiting/<int:entry_id>/", waiting_entry, name="waiting_entry"),
    path("waiting/<int:entry_id>/withdraw/", waiting_withdraw, name="waiting_withdraw"),
    path("waiting/<int:entry_id>/again/", waiting_again, name="waiting_again"),
    path("waiting/offers/<int:offer_id>/taken/", offer_taken, name="offer_taken"),
    path("waiting/offers/<int:offer_id>/declined/", offer_declined, name="offer_declined"),
    path("poster/", poster, name="poster"),
    path("poster/complaints/", complaints_poster, name="poster_complaints"),
    path("inbox/", inbox, name="inbox"),
    path("inbox/<int:conversation_id>/", conversation_page, name="conversation"),
    path("inbox/<int:conversation_id>/answer/", conversation_answer, name="conversation_answer"),
    path("inbox/<int:conversation_id>/size/", conversation_size, name="conversation_size"),
    path("inbox/<int:conversation_id>/take/", conversation_take, name="conversation_take"),
    path("inbox/<int:conversation_id>/hand-over/", conversation_hand_over, name="conversation_hand_over"),
    path("inbox/<int:conversation_id>/done/", conversation_done, name="conversation_done"),
    path("inbox/<int:conversation_id>/again/", conversation_again, name="conversation_again"),
    path("inbox/<int:conversation_id>/who/", conversation_who, name="conversation_who"),
    path("inbox/letters/<int:letter_id>/cancel/", letter_cancel, name="letter_cancel"),
    path("inbox/letters/<int:letter_id>/stop/", letter_stop, name="letter_stop"),
    path("inbox/letters/<int:letter_id>/no-complaint/", letter_no_complaint, name="letter_no_complaint"),
    path("events/", events, name="events"),
    path("events/<int:party_id>/", event_page, name="event"),
    path("events/<int:party_id>/came/<int:guest_id>/", came, name="event_came"),
    path("events/<int:party_id>/guests.csv", guests_file, name="event_guests"),
    path("calls/", calls, name="calls"),
    path("calls/<int:call_id>/done/", call_done, name="call_done"),
    path("calls/<int:call_id>/survey/", call_survey, name="call_survey"),
    path("calls/<int:call_id>/undo/", call_undo, name="call_undo"),
    path("letters/", letters, name="letters"),
    path("letters/print/", letters_print, name="letters_print"),
    path("letters/posted/", letters_posted, name="letters_posted"),
    path("letters/undo/<str:ids>/", letters_undo, name="letters_undo"),
    path("letters/<int:paper_id>/leave-out/", letter_leave_out, name="letter_leave_out"),
    path("clients/<int:client_id>/thank/", card_write, name="card_write"),
    path("clients/<int:client_id>/photographs/", client_photographs, name="client_photographs"),
    path("clients/<int:client_id>/photographs/consent/", photograph_consent, name="photograph_consent"),
    path("photographs/", our_work, name="our_work"),
    path("photographs/<int:photograph_id>/", photograph_page, name="photograph"),
    path("photographs/<int:photograph_id>/file/", photograph_file, name="photograph_file"),
    path("photographs/<int:photograph_id>/small/", photograph_small, name="photograph_small"),
    path("photographs/<int:photograph_id>/undo/", photograph_undo, name="photograph_undo"),
    path("photographs/<int:photograph_id>/remove/", photograph_remove, name="photograph_remove"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("crm.desk.checkout.urls")),
]
