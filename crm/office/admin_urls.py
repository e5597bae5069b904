"""Addresses of the owner's own pages within the admin's frame; each asks for the owner by itself."""

from django.contrib import admin
from django.urls import path

from crm.office.campaigns import views as campaigns
from crm.office.effects.chairs import chairs_page
from crm.office.effects.views import campaign_effect_page, effect_page, effects_page
from crm.office.programme.views import set_up
from crm.office.sending.views import sending, sending_go, sending_retry, sending_stop
from crm.office.watch.views import watch, watch_file

urlpatterns = [
    path("campaigns/", admin.site.admin_view(campaigns.campaigns), name="campaigns"),
    path("campaigns/new/<str:kind>/", admin.site.admin_view(campaigns.new), name="campaign_new"),
    path("campaigns/<int:campaign_id>/", admin.site.admin_view(campaigns.campaign_page), name="campaign"),
    path("campaigns/<int:campaign_id>/what/", admin.site.admin_view(campaigns.what), name="campaign_what"),
    path("campaigns/<int:campaign_id>/who/", admin.site.admin_view(campaigns.who), name="campaign_who"),
    path(
        "campaigns/<int:campaign_id>/words/<str:language>/",
        admin.site.admin_view(campaigns.words),
        name="campaign_words",
    ),
    path("campaigns/<int:campaign_id>/when/", admin.site.admin_view(campaigns.when), name="campaign_when"),
    path(
        "campaigns/<int:campaign_id>/call-off/",
        admin.site.admin_view(campaigns.call_off_page),
        name="campaign_call_off",
    ),
    path("campaigns/<int:campaign_id>/<str:verb>/", admin.site.admin_view(campaigns.act), name="campaign_act"),
    path("effect/", admin.site.admin_view(effects_page), name="effects"),
    path("effect/<slug:kind>/", admin.site.admin_view(effect_page), name="effect"),
    path("effect/campaign/<int:campaign_id>/", admin.site.admin_view(campaign_effect_page), name="effect_campaign"),
    path("hours/", admin.site.admin_view(chairs_page), name="chairs"),
    path("sending/", admin.site.admin_view(sending), name="sending"),
    path("sending/stop/", admin.site.admin_view(sending_stop), name="sending_stop"),
    path("sending/go/", admin.site.admin_view(sending_go), name="sending_go"),
    path("sending/again/", admin.site.admin_view(sending_retry), name="sending_retry"),
    path("loyalty-set-up/", admin.site.admin_view(set_up), name="loyalty_set_up"),
    path("loyalty-watch/", admin.site.admin_view(watch), name="loyalty_watch"),
    path("loyalty-watch/file.csv", admin.site.admin_view(watch_file), name="loyalty_watch_file"),
]
