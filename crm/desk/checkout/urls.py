"""Addresses of the checkout; part of the desk's."""

from django.urls import path

from crm.desk.checkout.receipts import receipt_page, refund_page
from crm.desk.checkout.views import checkout_new, checkout_visit, next_times

urlpatterns = [
    path("visits/<int:appointment_id>/checkout/", checkout_visit, name="checkout"),
    path("visits/<int:appointment_id>/checkout/times/", next_times, name="checkout_times"),
    path("checkout/new/", checkout_new, name="checkout_new"),
    path("receipts/<int:sale_id>/", receipt_page, name="receipt"),
    path("receipts/<int:sale_id>/refund/", refund_page, name="refund"),
]
