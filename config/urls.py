"""Addresses (contracts.md)."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from crm.booking.views import calendar_feed
from crm.desk.shell.views import brand_css, favicon, logo, manifest, service_worker
from crm.desk.styleguide.views import styleguide
from reminders.links.urls import book_patterns, complain_patterns, partner_patterns

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    # before the admin's own, which takes whatever is left below its address
    path("admin/", include("crm.office.admin_urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("office/", include("crm.office.urls")),
    path("my/", include("reminders.links.urls")),
    path("book/", include((book_patterns, "book"))),
    path("complain/", include((complain_patterns, "complain"))),
    path("partner/", include((partner_patterns, "partner"))),
    path("hooks/", include("reminders.inbox.urls")),
    path("mailbox/", include("crm.desk.mailbox.urls")),
    path("calendar/<str:token>.ics", calendar_feed, name="calendar_feed"),
    path("", include("crm.desk.urls")),
    path("brand.css", brand_css, name="brand_css"),
    path("logo/", logo, name="logo"),
    path("favicon.ico", favicon, name="favicon"),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("sw.js", service_worker, name="service_worker"),
]

handler404 = "reminders.links.views.astray.page_not_found"

if settings.DEBUG or settings.DEMO:
    urlpatterns += [path("styleguide/", styleguide, name="styleguide")]
