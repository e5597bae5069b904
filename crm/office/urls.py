"""Addresses of the owner's own pages outside of the admin."""

from django.urls import path

from crm.office.beginning import standard_undo, standards_begin
from crm.office.fallouts import fallouts
from crm.office.grievances import causes_ready, complaints_page
from crm.office.margin import margin
from crm.office.merging.views import doubles, merge_find, merge_page
from crm.office.shop import shop
from crm.office.standards import standards, team_scores
from crm.office.touchpoints import touchpoints
from crm.office.uploads.downloads import export
from crm.office.uploads.views import import_confirm, import_discard, import_page, imports

app_name = "office"
urlpatterns = [
    path("import/", imports, name="import"),
    path("import/<int:run_id>/", import_page, name="import_run"),
    path("import/<int:run_id>/confirm/", import_confirm, name="import_confirm"),
    path("import/<int:run_id>/discard/", import_discard, name="import_discard"),
    path("fallouts/", fallouts, name="fallouts"),
    path("shop/", shop, name="shop"),
    path("standards/", standards, name="standards"),
    path("margin/", margin, name="margin"),
    path("standards/begin/", standards_begin, name="standards_begin"),
    path("standards/<int:standard_id>/undo/", standard_undo, name="standard_undo"),
    path("complaints/", complaints_page, name="complaints"),
    path("complaints/causes/", causes_ready, name="causes_ready"),
    path("team/", team_scores, name="team_scores"),
    path("touchpoints/", touchpoints, name="touchpoints"),
    path("doubles/", doubles, name="doubles"),
    path("clients/<int:client_id>/merge/", merge_find, name="merge_find"),
    path("clients/<int:client_id>/merge/<int:aside_id>/", merge_page, name="merge"),
    path("export/", export, name="export"),
]
